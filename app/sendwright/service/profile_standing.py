"""Says what stands between a version and its next message, and when its credential ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import kind_of
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.grant_tables import GrantRow
from sendwright.service.own_credentials import OwnCredentials
from sendwright.service.profile_secrets import profile_of
from sendwright.service.tables import CredentialRow, ProfileRow
from sendwright.service.trouble import Trouble

UNREADABLE: Final = "backend-credentials-unreadable"

SIGN_IN: Final = "sign-in:"
"""How the id of a need begins that signing in again meets."""

STEPS: Final = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""How long before an end it is told, each time once."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """trouble, expires_at: as in handoff.wire.ProfileState.

    need: names what a person must do; the same need has the same name, and it is empty where nobody is to be written
    to. works: whether messages leave all the same.
    """

    trouble: str | None = None
    expires_at: datetime | None = None
    need: str = ""
    works: bool = True


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Something that ends by itself. id: names it. began: None where nobody told. soon, over: the problems of it."""

    id: str
    at: datetime
    soon: str
    over: str
    began: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        """Return how things stand by `now`.

        Whatever lasts for a week only is not said to end on the day after it began: it is told in its second half, and
        a day before at the earliest.
        """
        left = self.at - now
        told = [step for step in STEPS if self.began is None or step <= (self.at - self.began) / 2]
        step = next((step for step in told or STEPS[:1] if left <= step), None)
        if step is None:
            return Standing(expires_at=self.at)
        over = left <= timedelta()
        need = f"{self.id}:{self.at.isoformat()}:{'over' if over else step.days}"
        return Standing(trouble=self.over if over else self.soon, expires_at=self.at, need=need, works=not over)


class Standings:
    """Looks at grants and credentials."""

    def __init__(self, own: OwnCredentials, *, clock: Callable[[], datetime]) -> None:
        self._own = own
        self._clock = clock

    async def of(self, session: AsyncSession, row: ProfileRow) -> Standing:
        """Return how a version stands: what stops it first, then what will, then what is to be known."""
        profile = profile_of(row)
        grant = None if row.grant_id is None else await session.get(GrantRow, row.grant_id)
        if grant is not None and grant.dead_at is not None:
            foretold = row.expires_at is not None and row.expires_at <= grant.dead_at
            since = f"{row.expires_at.isoformat()}:over" if row.expires_at and foretold else grant.dead_at.isoformat()
            need = f"{SIGN_IN}{grant.id}:{since}"  # whoever was told that it is over is not told so twice
            return Standing(trouble=grant.problem, expires_at=row.expires_at, need=need, works=False)
        try:
            ending = await self._ending(session, row, profile, grant)
            found = Standing() if ending is None else ending.standing(self._clock())
            return found if found.trouble else _with_remark(found, profile)
        except ProfileUnusable:  # it was checked when it was staged, by another version perhaps
            return Standing()
        except Trouble as trouble:  # it was fine when it was staged: the platform took something away
            return Standing(trouble=trouble.code, need=f"{trouble.code}:{row.version}", works=False)
        except EnvelopeBroken:
            return Standing(trouble=UNREADABLE, need=f"{UNREADABLE}:{row.version}", works=False)

    async def _ending(
        self, session: AsyncSession, row: ProfileRow, profile: SenderProfile, grant: GrantRow | None
    ) -> Ending | None:
        """Return what ends by itself. Raises Trouble, ProfileUnusable, EnvelopeBroken."""
        fields = await session.scalars(select(CredentialRow.field).where(CredentialRow.version == row.version))
        own = await self._own.find(session, profile, {field: Secret("") for field in fields})  # that they exist is all
        if row.expires_at is not None:
            return Ending(
                id=f"{SIGN_IN}{row.grant_id or row.version}",
                at=row.expires_at,
                soon="sign-in-ends-soon",
                over="sign-in-time-over",
                began=grant.created_at if grant else row.created_at,
            )
        if own is None or own.not_after is None:
            return None
        return Ending(id=own.id, at=own.not_after, soon=own.expires_soon, over=own.expired)


def _with_remark(standing: Standing, profile: SenderProfile) -> Standing:
    """Return the standing with what is to be known while all goes well; nobody is written to because of it."""
    return Standing(trouble=kind_of(profile).remark(profile) or None, expires_at=standing.expires_at)
