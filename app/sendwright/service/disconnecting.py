"""Ends a sign-in at its provider because somebody asked for it, and forgets its refresh token whatever comes of that.

By then nobody has a token of it any more (`grant_store.GrantStore.end`, in the transaction that put another sender in
force). A process that dies in between goes on at its next start.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.handoff.wire import Ended
from sendwright.network.network import Network
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import kind_of
from sendwright.senders.kind import Means
from sendwright.senders.pace import Paces
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service import audit
from sendwright.service.database import Database
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.grant_store import BACKEND, GrantStore
from sendwright.service.grant_tables import GrantRow
from sendwright.service.profile_secrets import ProfileSecrets, profile_of
from sendwright.service.tables import ProfileRow

WITHIN_S: Final = 60.0
"""Seconds that a provider may take."""

CLOSE_WITHIN_S: Final = 10.0
"""Seconds that whoever stops the backend waits for a provider."""

NOT_REVOCABLE: Final = "sign-in-not-revocable"
UNREADABLE: Final = "backend-credentials-unreadable"
FAULT: Final = "program-fault"
_SLOW: Final = Evidence(stage="sign-in", system=System.SOCKET, condition="connection-timed-out")


class Disconnecting:
    """Tells providers; each grant once at a time. within_s: how long one may take."""

    def __init__(
        self,
        database: Database,
        grants: GrantStore,
        secrets: ProfileSecrets,
        *,
        network: Network,
        clock: Callable[[], datetime],
        log: logging.Logger,
        within_s: float = WITHIN_S,
    ) -> None:
        self._database = database
        self._grants = grants
        self._secrets = secrets
        self._network = network
        self._clock = clock
        self._log = log
        self._within_s = within_s
        self._running: dict[str, asyncio.Task[Ended]] = {}

    async def finish(self, grant_id: str, *, who: str = BACKEND) -> Ended:
        """Return what came of ending a grant, which goes on to its end although nobody waits; once done it stays so.

        Raises SQLAlchemyError where it cannot be stored: then the next one who asks, or the next start, goes on.
        """
        task = self._running.get(grant_id)
        if task is None:
            task = asyncio.create_task(self._run(grant_id, who))
            self._running[grant_id] = task
            task.add_done_callback(lambda done: self._forget(grant_id, done))
        return await asyncio.shield(task)

    async def resume(self) -> None:
        """Go on, without waiting for it, with what an earlier process left."""
        for grant_id in await self._grants.unforgotten():
            asking = asyncio.ensure_future(self.finish(grant_id))
            asking.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def close(self) -> None:
        """Let what is under way come to its end, if that is soon; the next start goes on with the rest."""
        tasks = set(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=CLOSE_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _forget(self, grant_id: str, done: asyncio.Task[Ended]) -> None:
        del self._running[grant_id]
        if not done.cancelled() and done.exception() is not None:
            self._log.warning("sign-in-not-forgotten", extra={"fault": type(done.exception()).__name__})

    async def _run(self, grant_id: str, who: str) -> Ended:
        async with self._database.reading() as session:
            grant, row = await session.get(GrantRow, grant_id), await _version_with(session, grant_id)
            if grant is None or row is None:
                return Ended()
            if grant.revoked is not None:
                return Ended(revoked=grant.revoked, problem=grant.not_revoked)
            problem, profile = None, profile_of(row)
            try:
                token = self._grants.token_of(grant)
                opened = await self._secrets.open(session, row)
                problem = opened.refused or None
            except EnvelopeBroken:
                problem = UNREADABLE
        if problem is None:
            problem = await self._ask(profile, opened.credentials, token)
        revoked = problem is None
        async with self._database.writing() as session:
            await self._grants.forget(session, grant_id, revoked=revoked, problem=problem)
            detail = {"revoked": "yes" if revoked else "no"} | ({"problem": problem} if problem else {})
            audit.record(session, "sign-in-disconnected", at=self._clock(), who=who, version=row.version, **detail)
        self._log.info("sign-in-disconnected", extra={"version": row.version, "problem": problem})
        return Ended(revoked=revoked, problem=problem)

    async def _ask(self, profile: SenderProfile, credentials: dict[str, Secret], token: Secret) -> str | None:
        """Return the code of why the provider did not end the grant, None where it did."""
        means = Means(credentials=credentials, network=self._network, grant=None, paces=Paces(), sources=None)
        try:
            revoke = kind_of(profile).revoke
            if revoke is None:
                return NOT_REVOCABLE
            async with asyncio.timeout(self._within_s):
                await revoke(profile, means, token)
        except Failure as failed:
            return classify(failed.evidence).code
        except TimeoutError:
            return classify(_SLOW).code
        except ProfileUnusable:
            return FAULT
        except Exception as fault:  # noqa: BLE001 - whatever it is, the token must be forgotten
            self._log.warning("sign-in-not-revoked", extra={"fault": type(fault).__name__})
            return FAULT
        return None


async def _version_with(session: AsyncSession, grant_id: str) -> ProfileRow | None:
    """Return the newest version that signs in by the grant: all of them do so as the same."""
    newest = select(func.max(ProfileRow.version)).where(ProfileRow.grant_id == grant_id)
    version = await session.scalar(newest)
    return None if version is None else await session.get(ProfileRow, version)
