"""Turns a one-time connection code into an access token; of both, the database holds digests only."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import and_, delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.secret import Secret
from sendwright.service import audit
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.tables import AccessTokenRow, ConnectionCodeRow
from sendwright.service.trouble import Trouble

SECRET_BYTES = 20
LONGEST_DEVICE = 200
REPEAT_WITHIN = timedelta(minutes=10)
REMEMBER_CODES = timedelta(days=90)
PASSING = timedelta(hours=25)
"""How long the access of a single command lasts: `notify --wait` may take a day."""


@dataclass(frozen=True)
class Device:
    """Who speaks. name: as given at enrolment. digest: of the token."""

    name: str
    digest: str


async def issue_code(database: Database, *, valid: timedelta, now: datetime, passing: bool = False) -> Secret:
    """Return a new one-time secret that may be used within `valid`.

    passing: for a single command of who may read the data folder anyway, as scripts run them where there is no
    keychain: neither the code nor the token stays, and the audit is not filled with them.
    """
    code = secrets.token_urlsafe(SECRET_BYTES)
    async with database.writing() as session:
        old = ConnectionCodeRow.expires_at
        gone = or_(old < now - REMEMBER_CODES, and_(ConnectionCodeRow.passing, old < now - REPEAT_WITHIN))
        await session.execute(delete(ConnectionCodeRow).where(gone))
        await session.execute(delete(AccessTokenRow).where(AccessTokenRow.expires_at <= now))
        row = ConnectionCodeRow(digest=_digest(code), created_at=now, expires_at=now + valid, passing=passing)
        session.add(row)
        if not passing:
            audit.record(session, "code-issued", at=now, who="this-computer", until=row.expires_at.isoformat())
    return Secret(code)


class EnrolmentStore:
    """Redeems codes and knows the tokens that came of them."""

    def __init__(self, database: Database, envelope: Envelope, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._envelope = envelope
        self._clock = clock

    async def redeem(self, code: Secret, *, device: str, key: str | None) -> Secret:
        """Exchange `code` for an access token.

        key: names the request. Whoever repeats it with the same code soon after, because the answer was lost
        on the way, gets the same token again: it is computed from both and from the key-encryption key, never
        stored. Raises Trouble `backend-code-unknown`, `backend-code-used` or `backend-code-expired`.
        """
        key = key or secrets.token_urlsafe(SECRET_BYTES)
        token = self._token(code, key)
        used_with = _digest(key)
        now = self._clock()
        async with self._database.reading() as session:
            if await _find(session, code) is None:  # whoever guesses does not hold up those who write
                raise Trouble("backend-code-unknown")
        async with self._database.writing() as session:
            row = await _find(session, code)
            if row is None:
                raise Trouble("backend-code-unknown")
            if row.used_at is not None:
                if row.used_with == used_with and now - row.used_at <= REPEAT_WITHIN:
                    return token
                raise Trouble("backend-code-used")
            if row.expires_at <= now:
                raise Trouble("backend-code-expired")
            claim = (
                update(ConnectionCodeRow)
                .where(ConnectionCodeRow.digest == row.digest, ConnectionCodeRow.used_at.is_(None))
                .values(used_at=now, used_with=used_with)
                .returning(ConnectionCodeRow.digest)
            )
            if await session.scalar(claim) is None:  # another process was faster
                raise Trouble("backend-code-used")
            name, until = _printable(device), now + PASSING if row.passing else None
            session.add(AccessTokenRow(digest=_digest(token.reveal()), device=name, created_at=now, expires_at=until))
            if not row.passing:
                audit.record(session, "enrolled", at=now, who=name)
        return token

    async def device(self, token: str) -> Device | None:
        """Return who holds `token`, None where nobody does."""
        digest = _digest(token)
        async with self._database.reading() as session:
            row = await session.get(AccessTokenRow, digest)
        if row is None or (row.expires_at is not None and row.expires_at <= self._clock()):
            return None
        return Device(name=row.device, digest=row.digest)

    def _token(self, code: Secret, key: str) -> Secret:
        tag = self._envelope.tag("access-token", f"{_digest(code.reveal())}{_digest(key)}")
        return Secret(urlsafe_b64encode(tag).decode().rstrip("="))


async def _find(session: AsyncSession, code: Secret) -> ConnectionCodeRow | None:
    """Look for the digest: how long that takes tells something about the digest, which tells nothing of the code."""
    return await session.get(ConnectionCodeRow, _digest(code.reveal()))


def _digest(value: str) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _printable(device: str) -> str:
    return "".join(letter for letter in device if letter.isprintable())[:LONGEST_DEVICE]
