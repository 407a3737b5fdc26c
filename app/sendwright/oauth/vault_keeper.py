"""Keeps a grant in the vault of this computer while the wizard is its keeper."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sendwright.oauth.grant import AccessToken, Renew
from sendwright.problems.evidence import System
from sendwright.recording.recorder import SILENCE, Recorder
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef, Vault


class VaultKeeper:
    """A grant.GrantKeeper whose grant lies in `vault` under `ref`.

    clock: returns the time, aware. recorder: is told every token. locks: folder for a lock that keeps two programs
    from renewing at once; None where the vault is this program's alone. Every call may raise VaultUnavailable.
    """

    def __init__(
        self,
        vault: Vault,
        ref: SecretRef,
        *,
        clock: Callable[[], datetime],
        recorder: Recorder = SILENCE,
        locks: Path | None = None,
        system: System = System.OAUTH,
    ) -> None:
        raise NotImplementedError

    async def store(self, refresh_token: Secret | None, access: Mapping[str, AccessToken]) -> None:
        """Keep a new grant in the place of any other. access: by the scope as it was asked for."""
        raise NotImplementedError

    async def access(self, scope: str, renew: Renew) -> AccessToken:
        """Return an access token for `scope` that lasts."""
        raise NotImplementedError

    async def refused(self, access: AccessToken) -> None:
        """Do not return `access` again."""
        raise NotImplementedError

    async def hand_over(self) -> Secret:
        """Return the refresh token, for its next keeper. Raises OAuthFailed where there is none, or it is dead."""
        raise NotImplementedError

    async def keep_access_only(self) -> None:
        """Forget the refresh token, keep the access tokens, and prove by reading that it is gone."""
        raise NotImplementedError

    async def forget(self) -> None:
        """Forget all of it."""
        raise NotImplementedError
