"""Says what stands between a version and its next message, and when its credential ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_SECRET
from sendwright.senders.graph import opening
from sendwright.senders.graph.settings import GraphSettings, Way
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.application_credentials import ApplicationCredential, ApplicationCredentials
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.grant_tables import GrantRow
from sendwright.service.tables import CredentialRow, ProfileRow
from sendwright.service.trouble import Trouble

GRAPH = "graph"
ABSENT = "application-credential-absent"
UNREADABLE = "backend-credentials-unreadable"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """trouble, expires_at: as in handoff.wire.ProfileState.

    need: names what a person must do; the same need has the same name. works: whether messages leave all the same.
    """

    trouble: str | None = None
    expires_at: datetime | None = None
    need: str = ""
    works: bool = True


class Standings:
    """Looks at grants and credentials."""

    def __init__(self, applications: ApplicationCredentials, *, clock: Callable[[], datetime]) -> None:
        self._applications = applications
        self._clock = clock

    async def of(self, session: AsyncSession, row: ProfileRow) -> Standing:
        """Return how a version stands."""
        if row.grant_id is not None:
            grant = await session.get(GrantRow, row.grant_id)
            if grant is None or grant.dead_at is None:
                return Standing()
            need = f"sign-in:{grant.id}:{grant.dead_at.isoformat()}"
            return Standing(trouble=grant.problem, need=need, works=False)
        settings = graph_settings(msgspec.json.decode(row.profile, type=SenderProfile))
        if settings is None or settings.way is not Way.APPLICATION:
            return Standing()
        own = {}
        if await session.get(CredentialRow, (row.version, CLIENT_SECRET)) is not None:
            own[CLIENT_SECRET] = Secret("")  # that it is there is enough
        try:
            credential = await self._applications.find(session, settings, own)
        except Trouble:  # it was found when it was staged: the platform took it, or its place, away
            return Standing(trouble=ABSENT, need=f"{ABSENT}:{row.version}", works=False)
        except EnvelopeBroken:
            return Standing(trouble=UNREADABLE, need=f"{UNREADABLE}:{row.version}", works=False)
        return self._by_time(credential)

    def _by_time(self, credential: ApplicationCredential) -> Standing:
        now, end = self._clock(), credential.not_after
        trouble = credential.trouble(now)
        if trouble is None or end is None:
            return Standing(expires_at=end)
        left = end - now
        step = next((days for days in (1, 7, 30) if left.total_seconds() <= days * 86_400), 30)
        over = left.total_seconds() <= 0
        need = f"{credential.id}:{end.isoformat()}:{'over' if over else step}"
        return Standing(trouble=trouble, expires_at=end, need=need, works=not over)


def graph_settings(profile: SenderProfile) -> GraphSettings | None:
    """Return the settings of a profile that sends through Microsoft 365, None for another and for unusable ones."""
    if profile.sender != GRAPH:
        return None
    try:
        return opening.graph_settings(profile)
    except ProfileUnusable:
        return None
