"""Keeps a grant in the vault of this computer while the wizard is its keeper."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from filelock import AsyncFileLock, Timeout
from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.fixed import access_ended
from sendwright.oauth.grant import AccessToken, OAuthFailed, Renew
from sendwright.oauth.kept_grant import KeptGrant, pack, scope_key, unpack
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.recorder import SILENCE, Recorder
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef, Vault

LOCK_PATIENCE_S: Final = 120.0
"""Seconds that another program may take to renew."""

_DEAD = "invalid_grant"
_NOT_THE_GRANT = frozenset({"consent_required"})  # `suberror` of Entra: this scope needs a consent, others go on

T = TypeVar("T")


class VaultKeeper:
    """A grant.GrantKeeper whose grant lies in `vault` under `ref`, as one secret.

    clock: returns the time, aware. recorder: is told every token. system: whose the grant is, for what fails here.
    There is one keeper for one `ref` in a program (`keepers.Keepers`). locks: a folder in which programs that are open
    at the same time see each other's renewals; without it two of them on one draft might renew at once.

    Every call may raise VaultUnavailable. A renewal whose result the vault does not take raises it too; the new tokens
    then stay in memory, and every later call first tries to write them: the former refresh token is not used again.
    A call that is cancelled still ends what it began, for a renewal cannot be taken back.
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
        self._vault = vault
        self._ref = ref
        self._clock = clock
        self._recorder = recorder
        self._system = system
        self._lock = asyncio.Lock()
        self._file = (
            None if locks is None else locks / f"{sha256(f'{ref.purpose}/{ref.name}'.encode()).hexdigest()}.lock"
        )
        self._unwritten: KeptGrant | None = None
        self._learned: set[Secret] = set()
        self._begun: set[asyncio.Task[object]] = set()

    async def store(self, refresh_token: Secret | None, access: Mapping[str, AccessToken]) -> None:
        """Keep a new grant in the place of any other. access: by the scope as it was asked for."""
        tokens = {scope_key(scope): token for scope, token in access.items()}
        await self._whole(self._store(KeptGrant(refresh_token=refresh_token, access=tokens)))

    async def access(self, scope: str, renew: Renew) -> AccessToken:
        """Return an access token for `scope` that lasts, as grant.GrantKeeper says.

        Raises OAuthFailed: as `renew` does; the same again for a grant that it found dead (`invalid_grant`), without
        asking; the condition `access-token-ended` where there is nothing to renew with.
        """
        return await self._whole(self._access(scope, renew))

    async def refused(self, access: AccessToken) -> None:
        """Do not return `access` again."""
        await self._whole(self._refused(access))

    async def hand_over(self) -> Secret:
        """Return the refresh token, for its next keeper. Raises OAuthFailed where there is none, or it is dead."""
        return await self._whole(self._hand_over())

    async def keep_access_only(self) -> None:
        """Forget the refresh token, keep the access tokens that last, and prove by reading that it is gone.

        Where it cannot be written without the refresh token, all of it is forgotten: the token matters more.
        """
        await self._whole(self._keep_access_only())

    async def forget(self) -> None:
        """Forget all of it, and prove that it is gone."""
        await self._whole(self._forget())

    async def _store(self, grant: KeptGrant) -> None:
        async with self._alone():
            self._learn(grant)
            await self._write(grant)

    async def _access(self, scope: str, renew: Renew) -> AccessToken:
        async with self._alone():
            kept, key = await self._read(), scope_key(scope)
            found = kept.lasting(self._clock()).get(key)
            if found is not None:
                return found
            refresh_token = self._living(kept)
            try:
                renewed = await renew(refresh_token, scope)
            except OAuthFailed as failed:
                if _kills(failed.evidence):
                    with suppress(VaultUnavailable):  # it is tried again by the next call; what failed is what counts
                        await self._write_surely(replace(kept, dead=failed.evidence))
                raise
            after = KeptGrant(
                refresh_token=renewed.refresh_token or refresh_token,
                access=kept.lasting(self._clock()) | {key: renewed.access},
            )
            self._learn(after)
            await self._write_surely(after)
            return renewed.access

    async def _refused(self, access: AccessToken) -> None:
        async with self._alone():
            kept = await self._read()
            others = {scope: token for scope, token in kept.access.items() if token.secret != access.secret}
            if others != kept.access:
                await self._write_surely(replace(kept, access=others))

    async def _hand_over(self) -> Secret:
        async with self._alone():
            return self._living(await self._read())

    async def _keep_access_only(self) -> None:
        async with self._alone():
            kept = await self._read()
            tokens = kept.lasting(self._clock())
            if not tokens:
                await self._forget_all()
                return
            try:
                await self._write(KeptGrant(access=tokens))
                left = await self._vault.fetch(self._ref)
            except VaultUnavailable:
                left = None
            former = kept.refresh_token
            if left is None or (former is not None and former.reveal() in left.reveal()):
                await self._forget_all()

    async def _forget(self) -> None:
        async with self._alone():
            await self._forget_all()

    async def _forget_all(self) -> None:
        await self._vault.forget(self._ref)
        self._unwritten = None

    def _living(self, kept: KeptGrant) -> Secret:
        if kept.dead is not None:
            raise OAuthFailed(kept.dead)
        if kept.refresh_token is None:
            raise access_ended(self._system)
        return kept.refresh_token

    async def _read(self) -> KeptGrant:
        if self._unwritten is not None:
            await self._write(self._unwritten)
        found = await self._vault.fetch(self._ref)
        kept = KeptGrant() if found is None else unpack(found)
        self._learn(kept)
        return kept

    async def _write_surely(self, grant: KeptGrant) -> None:
        """Write what the server or a service made true: it stays true where the vault does not take it."""
        self._unwritten = grant
        await self._write(grant)

    async def _write(self, grant: KeptGrant) -> None:
        await self._vault.keep(self._ref, pack(grant))
        self._unwritten = None

    def _learn(self, grant: KeptGrant) -> None:
        for secret in set(grant.secrets) - self._learned:
            self._recorder.learn(secret)
        self._learned.update(grant.secrets)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Keep other tasks, and other programs where there is a folder of locks, from this grant."""
        async with self._lock:
            if self._file is None:
                yield
                return
            lock = AsyncFileLock(self._file, timeout=LOCK_PATIENCE_S, mode=0o600)
            try:
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                await lock.acquire()
            except OSError as error:
                raise VaultUnavailable("locked" if isinstance(error, Timeout) else "refused") from error
            try:
                yield
            finally:
                await lock.release()

    async def _whole(self, work: Coroutine[None, None, T]) -> T:
        """Return what `work` returns; where whoever waits is cancelled, it still goes on to its end."""
        task = asyncio.ensure_future(work)
        self._begun.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[object]") -> None:
        self._begun.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even where nobody waits any more


def _kills(evidence: Evidence) -> bool:
    return evidence.error == _DEAD and evidence.reason not in _NOT_THE_GRANT
