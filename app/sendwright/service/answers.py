"""Answers a repeated write with the first answer: the answer is stored in the transaction of the effect."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.service.database import Database
from sendwright.service.tables import AnswerRow
from sendwright.service.trouble import Trouble

REMEMBER_ANSWERS = timedelta(days=7)
LONGEST_KEY = 255


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a write is answered with."""

    status: int
    body: bytes = b""
    etag: str | None = None


class Repeatable(msgspec.Struct, frozen=True, kw_only=True):
    """A write that may be repeated.

    owner: whose. key: its Idempotency-Key, None for a write without. request: digest.
    """

    owner: str
    key: str | None
    request: str


def repeatable(*, owner: str, key: str | None, request: tuple[str | bytes, ...]) -> Repeatable:
    """Name a write.

    request: everything that makes it the same write. Raises Trouble for a key that is none.
    """
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Trouble("backend-request-invalid", detail="Idempotency-Key")
    digest = sha256()
    for part in request:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8) + raw)
    return Repeatable(owner=owner, key=key, request=digest.hexdigest())


async def once(
    database: Database,
    write: Repeatable,
    effect: Callable[[AsyncSession], Awaitable[Answer]],
    *,
    now: datetime,
) -> Answer:
    """Carry out `effect` in a transaction, or return what it answered the first time.

    Raises Trouble `idempotency-key-reused` where the key stands for another request; whatever `effect` raises
    leaves neither effect nor answer.
    """
    async with database.writing() as session:
        if write.key is None:
            return await effect(session)
        row = await session.get(AnswerRow, (write.owner, write.key))
        if row is not None and now - row.created_at <= REMEMBER_ANSWERS:
            if row.request != write.request:
                raise Trouble("idempotency-key-reused")
            return Answer(status=row.status, body=row.body, etag=row.etag)
        await session.execute(delete(AnswerRow).where(AnswerRow.created_at < now - REMEMBER_ANSWERS))
        answer = await effect(session)
        session.add(
            AnswerRow(
                owner=write.owner,
                key=write.key,
                request=write.request,
                status=answer.status,
                etag=answer.etag,
                body=answer.body,
                created_at=now,
            )
        )
        return answer
