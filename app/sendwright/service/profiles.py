"""The versions of the sender profile: staged, tested, in force, former; and how notifications leave now."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.sealing import fingerprint_of
from sendwright.handoff.wire import ProfileState
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service import audit
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.grant_store import DISCONNECTED
from sendwright.service.grants import Grants
from sendwright.service.ground import ActiveSender, Need, Outlook
from sendwright.service.log import LOGGER
from sendwright.service.own_credentials import OwnCredentials
from sendwright.service.precondition import Precondition, etag_of
from sendwright.service.profile_secrets import ProfileSecrets, profile_of
from sendwright.service.profile_standing import Standings
from sendwright.service.tables import InForceRow, ProfileRow
from sendwright.service.trouble import Trouble

LARGEST_VERSION = 2**31 - 1
"""What the column holds; databases fail on a larger number instead of not finding it."""

RESTORED = "default-restored"
"""What the audit calls going back to the platform's default."""

GOOD_ENOUGH = frozenset({Verdict.PASSED, Verdict.WARNING})


@dataclass(frozen=True, kw_only=True)
class Staging:
    """A profile that arrived, with its credentials opened; sealed: as they came, for the fingerprint.

    credentials_from: the version whose credentials it takes over, None where it brings its own or needs none. contact:
    whom to tell of trouble. expires_at: when the sign-in ends by itself.
    """

    profile: SenderProfile
    credentials: Mapping[str, Secret]
    sealed: str | None
    note: str
    credentials_from: int | None = None
    contact: str = ""
    expires_at: datetime | None = None


class ProfileStore:
    """All versions. Methods with a session work inside the caller's transaction; `who` is for the audit."""

    def __init__(
        self,
        database: Database,
        envelope: Envelope,
        *,
        clock: Callable[[], datetime],
        platform_sender: ActiveSender | None = None,
        grants: Grants | None = None,
        own: OwnCredentials | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self.platform_sender = platform_sender
        self._own = own = own or OwnCredentials()
        self._grants = grants or Grants(database, envelope, clock=clock, log=logging.getLogger(LOGGER))
        self.secrets = ProfileSecrets(envelope, self._grants, own)
        self._standings = Standings(own, clock=clock)

    async def in_force(self) -> ActiveSender | None:
        """Return the organisation's sender, else the platform's default, else None. Raises EnvelopeBroken."""
        async with self._database.reading() as session:
            pointer = await _pointer(session)
            if pointer.version is None:
                return self.platform_sender
            return await self._open(session, pointer.version)

    async def sender(self, version: int, *, mailbox: str | None = None) -> ActiveSender:
        """Return a version ready to be used. Raises Trouble `backend-not-found`, EnvelopeBroken.

        mailbox: another one that is to be tried; Trouble where the backend lends nothing for that.
        """
        async with self._database.reading() as session:
            active = await self._open(session, version)
        if mailbox is not None:
            self._own.require_mailbox(active.profile, mailbox)
        return active

    async def outlook(self) -> Outlook:
        """Return how the sender in force stands; the platform's own stands as its file says."""
        async with self._database.reading() as session:
            pointer = await _pointer(session)
            if pointer.version is None:
                return Outlook()
            row = await _row(session, pointer.version)
            standing = await self._standings.of(session, row)
        if standing.trouble is None or not standing.need:
            return Outlook(trouble=standing.trouble, expires_at=standing.expires_at)
        need = Need(
            id=standing.need,
            code=standing.trouble,
            version=row.version,
            contact=row.contact,
            address=profile_of(row).address,
            ends_at=standing.expires_at,
            works=standing.works,
        )
        return Outlook(trouble=standing.trouble, expires_at=standing.expires_at, need=need)

    async def state(self, session: AsyncSession, version: int) -> ProfileState:
        """Return one version as it may be shown. Raises Trouble `backend-not-found`."""
        pointer = await _pointer(session)
        return await self._state(session, await _row(session, version), pointer)

    async def states(self, session: AsyncSession) -> tuple[ProfileState, ...]:
        """Return all versions, newest first."""
        pointer = await _pointer(session)
        rows = await session.scalars(select(ProfileRow).order_by(ProfileRow.version.desc()))
        return tuple([await self._state(session, row, pointer) for row in rows.all()])

    async def current(self, session: AsyncSession) -> tuple[ProfileState | None, str]:
        """Return the version in force, None for the platform's default, and the entity tag of that fact."""
        pointer = await _pointer(session)
        state = None
        if pointer.version is not None:
            state = await self._state(session, await _row(session, pointer.version), pointer)
        return state, etag_of(pointer.version, pointer.revision)

    async def stage(
        self, session: AsyncSession, staging: Staging, *, who: str, precondition: Precondition
    ) -> ProfileState:
        """Store a new version, which changes nothing yet. Raises Trouble."""
        pointer = await _pointer(session)
        precondition.require(etag_of(pointer.version, pointer.revision))
        now = self._clock()
        version = (await session.scalar(select(func.max(ProfileRow.version))) or 0) + 1
        row = ProfileRow(
            version=version,
            profile=msgspec.json.encode(staging.profile, order="sorted").decode(),
            credential=None if staging.sealed is None else fingerprint_of(staging.sealed),
            note=staging.note,
            created_at=now,
            created_by=who,
            contact=staging.contact,
            expires_at=staging.expires_at,
        )
        session.add(row)
        await session.flush()
        detail = {"address": staging.profile.address}
        if staging.credentials_from is None:
            await self.secrets.keep(session, row, staging.credentials)
        else:
            await self.secrets.take_over(session, row, await _source(session, staging.credentials_from))
            detail["credentials_from"] = str(staging.credentials_from)
        audit.record(session, "profile-staged", at=now, who=who, version=version, **detail)
        return await self._state(session, row, pointer)

    async def record_try(self, version: int, mailbox: str, *, verdict: Verdict, problem: str | None, who: str) -> None:
        """Note in the audit that somebody had the backend send as another mailbox; it says nothing of the version."""
        detail = {"mailbox": mailbox, "verdict": verdict.value} | ({"problem": problem} if problem else {})
        async with self._database.writing() as session:
            audit.record(session, "mailbox-tried", at=self._clock(), who=who, version=version, **detail)

    async def record_test(self, version: int, *, verdict: Verdict, problem: str | None, who: str) -> None:
        """Store how the backend's own test of a version ended."""
        now = self._clock()
        async with self._database.writing() as session:
            row = await _row(session, version)
            row.tested_at, row.test_verdict = now, verdict.value
            detail = {"verdict": verdict.value} | ({"problem": problem} if problem else {})
            audit.record(session, "profile-tested", at=now, who=who, version=version, **detail)

    async def activate(
        self, session: AsyncSession, version: int, *, who: str, precondition: Precondition
    ) -> tuple[ProfileState, str]:
        """Put a version in force whose last test by the backend did not fail. Raises Trouble."""
        row = await _row(session, version)
        if row.test_verdict not in GOOD_ENOUGH:
            raise Trouble("profile-not-tested")
        return await self._put_in_force(session, row, "profile-activated", who=who, precondition=precondition)

    async def restore(
        self, session: AsyncSession, version: int, *, who: str, precondition: Precondition
    ) -> tuple[ProfileState, str]:
        """Put a version in force again that was in force before. Raises Trouble."""
        row = await _row(session, version)
        if row.activated_at is None:
            raise Trouble("profile-never-in-force")
        return await self._put_in_force(session, row, "profile-restored", who=who, precondition=precondition)

    async def use_default(
        self, session: AsyncSession, *, who: str, precondition: Precondition, revoke: bool = False
    ) -> tuple[str, str | None]:
        """Go back to the platform's default sender; return the new entity tag, and the grant that was ended.

        revoke: end the sign-in that was in force, or that was the last one in force; its provider is still to be told.
        """
        pointer = await _pointer(session)
        precondition.require(etag_of(pointer.version, pointer.revision), named=revoke)
        former = pointer.version
        if former is not None:
            await self._point_to(session, None, pointer)
            audit.record(session, RESTORED, at=self._clock(), who=who, version=former)
        elif revoke:
            former = await audit.last_version(session, RESTORED)
        ended = None
        if revoke and former is not None and (ended := (await _row(session, former)).grant_id) is not None:
            await self._grants.store.end(session, ended)
        return etag_of(None, pointer.revision + (pointer.version is not None)), ended

    async def _put_in_force(
        self, session: AsyncSession, row: ProfileRow, action: str, *, who: str, precondition: Precondition
    ) -> tuple[ProfileState, str]:
        pointer = await _pointer(session)
        precondition.require(etag_of(pointer.version, pointer.revision))
        if pointer.version == row.version:
            return await self._state(session, row, pointer), etag_of(pointer.version, pointer.revision)
        opened = await self._open(session, row.version)  # what cannot be decrypted must not come into force
        if opened.refused:
            raise Trouble(opened.refused)
        if await self._grants.store.is_ended(session, row.grant_id):
            raise Trouble(DISCONNECTED)
        now = self._clock()
        detail = {} if pointer.version is None else {"instead_of": str(pointer.version)}
        row.activated_at = now
        await self._point_to(session, row.version, pointer)
        audit.record(session, action, at=now, who=who, version=row.version, **detail)
        await session.refresh(pointer)
        return await self._state(session, row, pointer), etag_of(pointer.version, pointer.revision)

    async def _point_to(self, session: AsyncSession, version: int | None, seen: InForceRow) -> None:
        """Change the one row that says what is in force, unless somebody else did since it was read."""
        moved = await session.scalar(
            update(InForceRow)
            .where(InForceRow.id == seen.id, InForceRow.revision == seen.revision)
            .values(version=version, revision=seen.revision + 1)
            .returning(InForceRow.id)
            .execution_options(synchronize_session=False)
        )
        if moved is None:
            raise Trouble("backend-changed-meanwhile")

    async def _open(self, session: AsyncSession, version: int) -> ActiveSender:
        row = await _row(session, version)
        opened = await self.secrets.open(session, row)
        return ActiveSender(
            version=version,
            profile=profile_of(row),
            credentials=opened.credentials,
            grant=opened.grant,
            refused=opened.refused,
        )

    async def _state(self, session: AsyncSession, row: ProfileRow, pointer: InForceRow) -> ProfileState:
        state: Literal["staged", "in-force", "former"] = "staged" if row.activated_at is None else "former"
        standing = await self._standings.of(session, row)
        return ProfileState(
            version=row.version,
            state="in-force" if pointer.version == row.version else state,
            profile=profile_of(row),
            credential=row.credential,
            created_at=row.created_at,
            created_by=row.created_by,
            tested_at=row.tested_at,
            test_verdict=row.test_verdict,
            activated_at=row.activated_at,
            trouble=standing.trouble,
            works=standing.works,
            expires_at=standing.expires_at,
            contact=row.contact,
        )


async def _source(session: AsyncSession, version: int) -> ProfileRow:
    row = await session.get(ProfileRow, version) if 0 < version <= LARGEST_VERSION else None
    if row is None:
        raise Trouble("credentials-source-unknown")
    return row


async def _row(session: AsyncSession, version: int) -> ProfileRow:
    row = await session.get(ProfileRow, version) if 0 < version <= LARGEST_VERSION else None
    if row is None:
        raise Trouble("backend-not-found")
    return row


async def _pointer(session: AsyncSession) -> InForceRow:
    return (await session.scalars(select(InForceRow))).one()
