"""The rows of grants: each change is one transaction that holds against other processes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.oauth.grant import ALL_GRANTED, AccessToken, Renewed
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.service import audit
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.grant_tables import GrantAccessRow, GrantRow
from sendwright.service.tables import InForceRow, ProfileRow

UNCONSENTED = "consent_required"
"""`error` of a server where nobody consented to the scope (OpenID Connect Core 3.1.2.6)."""

BACKEND = "backend"
"""Who did what nobody asked for, in the audit."""

DISCONNECTED = "sign-in-disconnected"
"""The problem of a grant that a person ended."""

_DISCONNECTED = Evidence(stage="sign-in", system=System.BACKEND, condition=DISCONNECTED)
_MISSING = Evidence(stage="sign-in", system=System.BACKEND, condition="credentials-unreadable")


@dataclass(frozen=True)
class Leased:
    """The right to renew, for a while."""

    refresh_token: Secret
    generation: int


@dataclass(frozen=True)
class Dead:
    """Only a person can help; evidence: what the server said."""

    evidence: Evidence


@dataclass(frozen=True)
class Held:
    """Somebody else renews."""


@dataclass(frozen=True)
class Free:
    """Nobody renews, and there is no token that lasts."""


@dataclass(frozen=True)
class Other:
    """Somebody else stored a renewal first: look again."""


Found = AccessToken | Dead | Held | Free | Leased | Other
"""How things stand, as one who wants a token sees it."""


class GrantStore:
    """The grants of one database. lease_s: how long somebody may renew before another one may."""

    def __init__(
        self, database: Database, envelope: Envelope, *, clock: Callable[[], datetime], lease_s: float
    ) -> None:
        self._database = database
        self._envelope = envelope
        self._clock = clock
        self._lease = timedelta(seconds=lease_s)
        self._furthest = 2 * self._lease  # clocks of two computers differ

    async def begin(self, session: AsyncSession, refresh_token: Secret) -> str:
        """Take a refresh token over; return the grant's id.

        One that was taken over before is not kept twice: both versions share its grant, so that there is one owner.
        """
        origin = self._envelope.tag("refresh-token", refresh_token.reveal()).hex()
        known = await session.scalar(select(GrantRow.id).where(GrantRow.origin == origin))
        if known is not None:
            return known
        grant_id = str(uuid4())
        value = self._envelope.encrypt(refresh_token.reveal().encode(), place=_place(grant_id))
        session.add(GrantRow(id=grant_id, refresh_token=value, origin=origin, generation=0, created_at=self._clock()))
        await session.flush()
        return grant_id

    async def look(self, grant_id: str, scope: str) -> AccessToken | Dead | Held | Free:
        """Say how things stand, without waiting for anybody who writes. Raises EnvelopeBroken."""
        async with self._database.reading() as session:
            row = await session.get(GrantRow, grant_id)
            if row is None:
                return Dead(_MISSING)
            if row.dead_at is not None:
                return Dead(_evidence(row))
            access = await self._lasting(session, grant_id, scope)
            if access is not None:
                return access
            return Held() if self._is_held(row) else Free()

    async def lease(self, grant_id: str, scope: str, *, holder: str) -> AccessToken | Dead | Held | Leased:
        """Become the one who renews, unless somebody else is or was meanwhile. Raises EnvelopeBroken.

        A lease that ends much later than any could is of a clock that was set back; it counts as over. One that ends a
        little later is of another computer, whose clock is ahead: that one renews at this moment.
        """
        now = self._clock()
        async with self._database.writing() as session:
            void = or_(GrantRow.held_until <= now, GrantRow.held_until > now + self._furthest)
            taken = await session.scalar(
                update(GrantRow)
                .where(GrantRow.id == grant_id, GrantRow.dead_at.is_(None), or_(GrantRow.holder.is_(None), void))
                .values(holder=holder, held_until=now + self._lease)
                .returning(GrantRow)
                .execution_options(synchronize_session=False, populate_existing=True)
            )
            if taken is None:
                row = await session.get(GrantRow, grant_id)
                if row is None:
                    return Dead(_MISSING)
                return Held() if row.dead_at is None else Dead(_evidence(row))
            access = await self._lasting(session, grant_id, scope)
            if access is not None:  # renewed between the look and the lease
                await _release(session, grant_id, holder=holder)
                return access
            token = self._envelope.decrypt(taken.refresh_token, place=_place(grant_id)).decode()
            return Leased(Secret(token), taken.generation)

    async def release(self, grant_id: str, *, holder: str) -> None:
        """Let somebody else renew; nothing happens where the lease is another one's by now."""
        async with self._database.writing() as session:
            await _release(session, grant_id, holder=holder)

    async def keep(self, grant_id: str, scope: str, *, leased: Leased, renewed: Renewed) -> AccessToken | Other:
        """Commit what a renewal yielded and end the lease.

        Where a lease was taken over, the first to store wins; what the other one has is dropped.
        """
        values: dict[str, object] = {
            "generation": leased.generation + 1,
            "rotated_at": self._clock(),
            "holder": None,
            "held_until": None,
            "dead_at": None,
            "problem": None,
            "evidence": None,
        }
        if renewed.refresh_token is not None:
            plain = renewed.refresh_token.reveal().encode()
            values["refresh_token"] = self._envelope.encrypt(plain, place=_place(grant_id))
        async with self._database.writing() as session:
            if not await _change(session, grant_id, leased, values):
                return Other()
            access = renewed.access
            await session.merge(
                GrantAccessRow(
                    grant_id=grant_id,
                    scope=scope,
                    token=self._envelope.encrypt(access.secret.reveal().encode(), place=_place(grant_id, scope)),
                    granted=access.scope,
                    expires_at=access.expires_at,
                )
            )
        return renewed.access

    async def bury(
        self, grant_id: str, scope: str, *, leased: Leased, holder: str, problem: str, evidence: Evidence
    ) -> Dead | Other | Free:
        """Note that the server ended the grant.

        Free: it never gave a token for this scope, but did for others, or says that nobody consented to this one; so it
        is the scope that is refused and the grant lives: a version that is only being tried must not end the one in
        force, nor the route that is tried first the sign-in.
        """
        now = self._clock()
        async with self._database.writing() as session:
            served = set(await session.scalars(select(GrantAccessRow.scope).where(GrantAccessRow.grant_id == grant_id)))
            other = served.isdisjoint({scope, ALL_GRANTED})
            if other and (served or evidence.error == UNCONSENTED):
                await _release(session, grant_id, holder=holder)
                return Free()
            said = msgspec.json.encode(evidence).decode()
            values = {"dead_at": now, "problem": problem, "evidence": said, "holder": None, "held_until": None}
            if not await _change(session, grant_id, leased, values):
                return Other()
            version = await _version(session, grant_id)
            audit.record(session, "sign-in-ended", at=now, who=BACKEND, version=version, problem=problem)
        return Dead(evidence)

    async def end(self, session: AsyncSession, grant_id: str) -> None:
        """Give no token of the grant to anybody any more, whatever is being renewed: a person asked to end it.

        The refresh token is kept until its provider was told (`forget`). Nothing happens where it was ended before.
        """
        now = self._clock()
        ended = await session.scalar(
            update(GrantRow)
            .where(GrantRow.id == grant_id, GrantRow.ended_at.is_(None))
            .values(
                ended_at=now,
                dead_at=now,
                problem=DISCONNECTED,
                evidence=msgspec.json.encode(_DISCONNECTED).decode(),
                holder=None,
                held_until=None,
                generation=GrantRow.generation + 1,
                origin=f"ended:{grant_id}",  # who hands the same token over again begins anew
            )
            .returning(GrantRow.id)
            .execution_options(synchronize_session=False)
        )
        if ended is not None:
            await session.execute(delete(GrantAccessRow).where(GrantAccessRow.grant_id == grant_id))

    async def is_ended(self, session: AsyncSession, grant_id: str | None) -> bool:
        """Tell whether a person ended the grant."""
        row = None if grant_id is None else await session.get(GrantRow, grant_id)
        return row is not None and row.ended_at is not None

    async def unforgotten(self) -> list[str]:
        """Return the grants that a person ended and whose provider was perhaps not told."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(GrantRow.id).where(GrantRow.ended_at.is_not(None), GrantRow.revoked.is_(None))
            )
            return list(found)

    def token_of(self, row: GrantRow) -> Secret:
        """Return the refresh token of a grant that was ended. Raises EnvelopeBroken."""
        return Secret(self._envelope.decrypt(row.refresh_token, place=_place(row.id)).decode())

    async def forget(self, session: AsyncSession, grant_id: str, *, revoked: bool, problem: str | None) -> None:
        """Delete the refresh token of a grant that was ended. problem: why its provider did not end it."""
        await session.execute(
            update(GrantRow)
            .where(GrantRow.id == grant_id, GrantRow.ended_at.is_not(None))
            .values(refresh_token=b"", revoked=revoked, not_revoked=problem)
            .execution_options(synchronize_session=False)
        )

    async def refuse(self, grant_id: str, access: AccessToken) -> None:
        """Never return `access` again. Raises EnvelopeBroken."""
        now = self._clock()
        async with self._database.writing() as session:
            rows = await session.scalars(select(GrantAccessRow).where(GrantAccessRow.grant_id == grant_id))
            for row in rows:
                if self._token(row) == access.secret:
                    row.expires_at = min(row.expires_at, now)

    async def _lasting(self, session: AsyncSession, grant_id: str, scope: str) -> AccessToken | None:
        row = await session.get(GrantAccessRow, (grant_id, scope), populate_existing=True)
        if row is None:
            return None
        access = AccessToken(secret=self._token(row), expires_at=row.expires_at, scope=row.granted)
        return access if access.lasts(self._clock()) else None

    def _token(self, row: GrantAccessRow) -> Secret:
        return Secret(self._envelope.decrypt(row.token, place=_place(row.grant_id, row.scope)).decode())

    def _is_held(self, row: GrantRow) -> bool:
        now = self._clock()
        return row.holder is not None and row.held_until is not None and now < row.held_until <= now + self._furthest


def _place(grant_id: str, scope: str | None = None) -> tuple[str, ...]:
    return ("grant", grant_id, "refresh-token") if scope is None else ("grant", grant_id, "access-token", scope)


def _evidence(row: GrantRow) -> Evidence:
    return msgspec.json.decode(row.evidence, type=Evidence) if row.evidence else _MISSING


async def _release(session: AsyncSession, grant_id: str, *, holder: str) -> None:
    await session.execute(
        update(GrantRow)
        .where(GrantRow.id == grant_id, GrantRow.holder == holder)
        .values(holder=None, held_until=None)
        .execution_options(synchronize_session=False)
    )


async def _change(session: AsyncSession, grant_id: str, leased: Leased, values: dict[str, object]) -> bool:
    """Change the row unless somebody stored a renewal since it was leased."""
    changed = await session.scalar(
        update(GrantRow)
        .where(GrantRow.id == grant_id, GrantRow.generation == leased.generation)
        .values(**values)
        .returning(GrantRow.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


async def _version(session: AsyncSession, grant_id: str) -> int | None:
    """Return the version that a dead grant matters to: the one in force where it uses it, else the newest."""
    in_force = await session.scalar(
        select(ProfileRow.version)
        .join(InForceRow, InForceRow.version == ProfileRow.version)
        .where(ProfileRow.grant_id == grant_id)
    )
    return in_force or await session.scalar(select(func.max(ProfileRow.version)).where(ProfileRow.grant_id == grant_id))
