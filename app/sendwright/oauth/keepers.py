"""One keeper for each grant of a program: two would renew at once, and not know what the other could not write."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import System
from sendwright.recording.recorder import Recorder
from sendwright.vault.vault import SecretRef, Vault


class Keepers:
    """Hands out the keepers of grants that lie in a vault.

    locks: a folder in which programs of one person keep out of each other's renewals (`vault_keeper.VaultKeeper`); None
    where no other program has these grants.
    """

    def __init__(self, *, locks: Path | None = None) -> None:
        self._locks = locks
        self._made: dict[SecretRef, tuple[Vault, Recorder, VaultKeeper]] = {}

    def keeper(
        self, vault: Vault, ref: SecretRef, *, clock: Callable[[], datetime], recorder: Recorder, system: System
    ) -> VaultKeeper:
        """Return the keeper of the grant under `ref` in `vault`, the same one as long as vault and recorder are."""
        made = self._made.get(ref)
        if made is None or made[0] is not vault or made[1] is not recorder:
            keeper = VaultKeeper(vault, ref, clock=clock, recorder=recorder, locks=self._locks, system=system)
            made = self._made[ref] = (vault, recorder, keeper)
        return made[2]

    async def forget(self, vault: Vault, ref: SecretRef) -> None:
        """Forget what lies under `ref`, a grant or any other secret; a renewal that has begun ends before.

        It would write its result afterwards, and nobody would know of it. Raises VaultUnavailable.
        """
        made = self._made.get(ref)
        if made is None or made[0] is not vault:
            await vault.forget(ref)
            return
        await made[2].forget()
        self._made.pop(ref, None)
