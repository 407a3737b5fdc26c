"""Counts what was submitted for a mailbox within any 24 hours, so that it is not shut for sending too much."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.service.queue_tables import NotificationRow, SubmissionRow

DAY: Final = timedelta(hours=24)
USED_UP: Final = "sending-limit-reached"
"""The problem of a notification that waits because the mailbox has sent enough for now."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """mailbox: `senders.catalogue.mailbox_key`. most: messages that it may submit within any 24 hours, at least 1."""

    mailbox: str
    most: int


async def take(session: AsyncSession, allowance: Allowance, *, now: datetime) -> tuple[float | None, int | None]:
    """Count one more message, to be submitted now; return None and its number, or the seconds to wait and None.

    What waits is spread over the moments at which there is room again, so that not all of it comes back at the first.
    """
    row = SubmissionRow
    counted = (row.mailbox == allowance.mailbox, row.at > now - DAY)
    count = await session.scalar(select(func.count()).where(*counted)) or 0
    if count < allowance.most:
        taken = SubmissionRow(mailbox=allowance.mailbox, at=now)
        session.add(taken)
        await session.flush()
        return None, taken.id
    waiting = await session.scalar(
        select(func.count()).where(
            NotificationRow.state == "retrying",
            NotificationRow.problem == USED_UP,
            NotificationRow.next_attempt_at > now,
        )
    )
    days, nth = divmod(count - allowance.most + (waiting or 0), count)
    at = await session.scalar(select(row.at).where(*counted).order_by(row.at, row.id).offset(nth).limit(1))
    return ((at or now) + (days + 1) * DAY - now).total_seconds(), None


async def give_back(session: AsyncSession, submission: int | None) -> None:
    """Count it no more: nothing was submitted."""
    if submission is not None:
        await session.execute(delete(SubmissionRow).where(SubmissionRow.id == submission))


async def tidy(session: AsyncSession, *, now: datetime) -> None:
    """Forget what counts no more, and let what is dated in the future be of now: a clock was set back."""
    await session.execute(delete(SubmissionRow).where(SubmissionRow.at <= now - DAY))
    await session.execute(update(SubmissionRow).where(SubmissionRow.at > now).values(at=now))
