"""Counts what was submitted for a mailbox within any 24 hours, so that it is not shut for sending too much."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.service.queue_tables import NotificationRow, SubmissionRow

DAY: Final = timedelta(hours=24)
TURN: Final = timedelta(minutes=1)
"""How long what waited may take to come back once there is room for it."""

USED_UP: Final = "sending-limit-reached"
"""The problem of a notification that waits because the mailbox has sent enough for now."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """mailbox: `senders.catalogue.mailbox_key`. most: messages that it may submit within any 24 hours, at least 1."""

    mailbox: str
    most: int


async def take(
    session: AsyncSession, allowance: Allowance, *, now: datetime, priority: int, waited: bool
) -> tuple[float | None, int | None]:
    """Count one more message, to be submitted now; return None and its number, or the seconds to wait and None.

    What waits is spread over the moments at which there is room again, so that not all of it comes back at the first.
    What comes anew leaves that room to what waited for it, unless it is more urgent. waited: the message did wait.
    """
    row = SubmissionRow
    counted = (row.mailbox == allowance.mailbox, row.at > now - DAY)
    count = await session.scalar(select(func.count()).where(*counted)) or 0
    room = allowance.most - count
    if room > 0 and not waited:
        as_urgent = NotificationRow.priority <= priority
        if await _waiting(session, NotificationRow.next_attempt_at <= now + TURN, as_urgent) >= room:
            return TURN.total_seconds(), None
    if room > 0:
        taken = SubmissionRow(mailbox=allowance.mailbox, at=now)
        session.add(taken)
        await session.flush()
        return None, taken.id
    days, nth = divmod(await _waiting(session, NotificationRow.next_attempt_at > now) - room, count)
    at = await session.scalar(select(row.at).where(*counted).order_by(row.at, row.id).offset(nth).limit(1))
    return ((at or now) + (days + 1) * DAY - now).total_seconds(), None


async def _waiting(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    """Return how many notifications wait for room."""
    waits = (NotificationRow.state == "retrying", NotificationRow.problem == USED_UP)
    return await session.scalar(select(func.count()).where(*waits, *which)) or 0


async def give_back(session: AsyncSession, submission: int | None) -> None:
    """Count it no more: nothing was submitted."""
    if submission is not None:
        await session.execute(delete(SubmissionRow).where(SubmissionRow.id == submission))


async def tidy(session: AsyncSession, *, now: datetime) -> None:
    """Forget what counts no more, and let what is dated in the future be of now: a clock was set back."""
    await session.execute(delete(SubmissionRow).where(SubmissionRow.at <= now - DAY))
    await session.execute(update(SubmissionRow).where(SubmissionRow.at > now).values(at=now))
