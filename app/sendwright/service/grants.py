"""Keeps refresh tokens in the database and has each renewed by one caller at a time, over all processes.

What can be lost: a process that dies after the server answered a renewal and before the answer is committed takes the
next refresh token with it. The former one is offered again then; Microsoft accepts that, as it does not revoke a
refresh token when it is used (learn.microsoft.com/entra/identity-platform/refresh-tokens). A server that detects reuse
ends the grant, and a person signs in again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from sendwright.oauth.grant import AccessToken, OAuthFailed, Renew, Renewed
from sendwright.oauth.kept_grant import scope_key
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope, EnvelopeBroken
from sendwright.service.grant_store import Dead, Found, Free, GrantStore, Leased, Other
from sendwright.service.trouble import storage_trouble

RENEW_WITHIN_S: Final = 60.0
"""Seconds that a renewal may take."""

LEASE_S: Final = 150.0
"""Seconds after which somebody else may renew: a renewal, storing it, and clocks of two computers that differ."""

WAIT_S: Final = 3 * LEASE_S
"""Seconds that anybody waits for others, by whatever clock."""

POLL_S: Final = 0.02
LONGEST_POLL_S: Final = 0.5

STORE_PAUSES_S: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between attempts to store what a server gave: it will not give it twice."""

ENDED: Final = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})
"""What says that only a person can go on (RFC 6749 section 5.2; OpenID Connect Core 3.1.2.6)."""

CONSENT: Final = "consent_required"

_BUSY = Evidence(stage="sign-in", system=System.BACKEND, reason="backend-not-ready")
_UNREADABLE = Evidence(stage="sign-in", system=System.BACKEND, condition="credentials-unreadable")
_SLOW = Evidence(stage="sign-in", system=System.SOCKET, condition="connection-timed-out")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds, see the constants of this module; lease_s must be longer than renew_within_s."""

    renew_within_s: float = RENEW_WITHIN_S
    lease_s: float = LEASE_S
    wait_s: float = WAIT_S
    poll_s: float = POLL_S


class Grants:
    """All grants of a backend. pause: waits some seconds."""

    def __init__(
        self,
        database: Database,
        envelope: Envelope,
        *,
        clock: Callable[[], datetime],
        log: logging.Logger,
        patience: Patience | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.patience = patience or Patience()
        self.store = GrantStore(database, envelope, clock=clock, lease_s=self.patience.lease_s)
        self.log = log
        self.pause = pause
        self._running: dict[tuple[str, str], asyncio.Task[AccessToken]] = {}

    def keeper(self, grant_id: str) -> "KeptGrant":
        """Return the keeper of one grant (`oauth.grant.GrantKeeper`)."""
        return KeptGrant(self, grant_id)

    async def access(self, grant_id: str, scope: str, renew: Renew) -> AccessToken:
        """See GrantKeeper.access. A renewal that began goes on to its end although the caller does not wait."""
        with _Explaining():
            key = (grant_id, scope_key(scope))
            found = await self.store.look(*key)
            if isinstance(found, AccessToken):
                return found
            if isinstance(found, Dead):
                raise OAuthFailed(found.evidence)
            task = self._running.get(key)
            if task is None:
                task = asyncio.create_task(_Renewal(self, grant_id, scope, renew).run())
                self._running[key] = task
                task.add_done_callback(lambda done: self._forget(key, done))
            return await asyncio.shield(task)

    async def close(self) -> None:
        """Let what is being renewed come to its end: its answer would be lost."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _forget(self, key: tuple[str, str], done: asyncio.Task[AccessToken]) -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # who waited has it; perhaps nobody did


@dataclass(frozen=True)
class KeptGrant:
    """oauth.grant.GrantKeeper of one row."""

    grants: Grants
    grant_id: str

    async def access(self, scope: str, renew: Renew) -> AccessToken:
        """Return an access token that lasts, renewed and stored where needed. Raises OAuthFailed."""
        return await self.grants.access(self.grant_id, scope, renew)

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`. Raises OAuthFailed."""
        with _Explaining():
            await self.grants.store.refuse(self.grant_id, access)


@dataclass(frozen=True)
class _Renewal:
    """One caller's way to a token: by its own renewal, or by waiting for that of somebody else."""

    grants: Grants
    grant_id: str
    scope: str
    renew: Renew

    @property
    def key(self) -> str:
        return scope_key(self.scope)

    async def run(self) -> AccessToken:
        patience, holder = self.grants.patience, str(uuid4())
        loop = asyncio.get_running_loop()
        until, poll_s = loop.time() + patience.wait_s, patience.poll_s
        while True:
            found: Found = await self.grants.store.look(self.grant_id, self.key)
            if isinstance(found, Free):
                found = await self.grants.store.lease(self.grant_id, self.key, holder=holder)
            if isinstance(found, Leased):
                found = await self._carry_out(found, holder)
            match found:
                case AccessToken():
                    return found
                case Dead(evidence):
                    raise OAuthFailed(evidence)
            if loop.time() > until:
                raise OAuthFailed(_BUSY)
            await self.grants.pause(poll_s)
            poll_s = min(poll_s * 1.5, LONGEST_POLL_S)

    async def _carry_out(self, leased: Leased, holder: str) -> AccessToken | Dead | Other:
        store = self.grants.store
        try:
            async with asyncio.timeout(self.grants.patience.renew_within_s):
                renewed = await self.renew(leased.refresh_token, self.scope)
        except OAuthFailed as failed:
            if failed.evidence.error in ENDED and not _is_about_the_scope(failed.evidence):
                return await self._end(leased, holder, failed)
            await store.release(self.grant_id, holder=holder)
            raise
        except TimeoutError:
            await store.release(self.grant_id, holder=holder)
            raise OAuthFailed(_SLOW) from None
        except BaseException:
            await store.release(self.grant_id, holder=holder)
            raise
        return await self._keep(leased, renewed)

    async def _end(self, leased: Leased, holder: str, failed: OAuthFailed) -> Dead | Other:
        problem = classify(failed.evidence)
        ended = await self.grants.store.bury(
            self.grant_id, self.key, leased=leased, holder=holder, problem=problem.code, evidence=failed.evidence
        )
        match ended:
            case Other():
                return ended
            case Dead():
                self.grants.log.warning("sign-in-ended", extra={"problem": problem.code})
                return ended
        raise failed  # only this scope was refused

    async def _keep(self, leased: Leased, renewed: Renewed) -> AccessToken | Other:
        """Store what the server gave, however long the disk is full: it is worth more than the caller's time."""
        for pause_s in STORE_PAUSES_S:
            try:
                return await self.grants.store.keep(self.grant_id, self.key, leased=leased, renewed=renewed)
            except SQLAlchemyError as refused:
                self.grants.log.warning("sign-in-not-stored", extra={"fault": type(refused).__name__})
            await self.grants.pause(pause_s)
        return await self.grants.store.keep(self.grant_id, self.key, leased=leased, renewed=renewed)


def _is_about_the_scope(evidence: Evidence) -> bool:
    """Tell whether somebody has to consent to what was asked for, while the grant goes on (`suberror` of Entra)."""
    return CONSENT in {evidence.reason, evidence.values.get("suberror")} and evidence.error != CONSENT


class _Explaining:
    """Turns faults of our own storage into OAuthFailed, the only thing that a sender expects."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, EnvelopeBroken):
            raise OAuthFailed(_UNREADABLE) from error
        if isinstance(error, SQLAlchemyError | OSError):
            trouble = storage_trouble(error)
            reason = trouble.code if trouble else "backend-storage-damaged"
            raise OAuthFailed(Evidence(stage="sign-in", system=System.BACKEND, reason=reason)) from error
