"""Moves a notification from one state to the next: one transaction each, harmless when repeated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import bindparam, case, delete, func, or_, select, update

from sendwright.problems.problem import Problem
from sendwright.senders.sender import Receipt
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.queue_allowance import USED_UP, Allowance, give_back, take, tidy
from sendwright.service.queue_tables import NotificationBodyRow, NotificationRow

WAITING = ("queued", "retrying")
OPEN = (*WAITING, "sending")
FINISHED = ("sent", "failed", "expired")


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What a notification says: at least one is not empty."""

    text: str = ""
    html: str = ""


def subject_place(notification_id: str) -> tuple[str, ...]:
    """Return what an encrypted subject is bound to."""
    return ("notification", notification_id, "subject")


def body_place(notification_id: str) -> tuple[str, ...]:
    """Return what an encrypted body is bound to."""
    return ("notification", notification_id, "body")


@dataclass(frozen=True, kw_only=True)
class Due:
    """A notification that wants an entry `number` in the queue engine; at: not before, None: at once."""

    id: str
    number: int
    priority: int
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to try a notification, and everything that is needed for it.

    attempt: how many attempts there were since `since`, this one included. unanswered: how many of those
    before it ended without an answer although the message was out. expired: it is of no use any more.
    cut_off: the attempt before was cut off in the middle; whether it sent anything, nobody knows. wait_s: nothing is to
    be submitted, as the mailbox has sent enough for now, and that long; None: it is to be tried. submission: what it
    counts as among those of the mailbox.
    """

    id: str
    number: int
    kind: str
    recipient: str
    subject: str
    body: Body
    message_id: str
    attempt: int
    unanswered: int
    since: datetime
    not_after: datetime | None
    expired: bool = False
    cut_off: bool = False
    wait_s: float | None = None
    submission: int | None = None


@dataclass(frozen=True)
class Sent:
    """The mail service took it."""

    receipt: Receipt


@dataclass(frozen=True)
class PutOff:
    """It is tried again at `at`."""

    at: datetime
    problem: Problem


@dataclass(frozen=True)
class Dead:
    """It is a dead letter."""

    problem: Problem


@dataclass(frozen=True)
class Expired:
    """It is of no use any more; problem: why it was not sent in time, None when it was never tried."""

    problem: Problem | None = None


Outcome = Sent | PutOff | Dead | Expired


class QueueStore:
    """The notifications as the worker sees them."""

    def __init__(self, *, database: Database, envelope: Envelope, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._envelope = envelope
        self._clock = clock

    async def undispatched(self, *, limit: int) -> list[Due]:
        """Return what wants an entry in the queue engine, the most urgent first."""
        row = NotificationRow
        query = (
            select(row.id, row.dispatch, row.priority, row.next_attempt_at)
            .where(row.dispatched.is_(False), row.state.in_(OPEN))
            .order_by(row.priority, row.created_at)
            .limit(limit)
        )
        async with self._database.reading() as session:
            found = (await session.execute(query)).all()
        return [Due(id=key, number=number, priority=priority, at=at) for key, number, priority, at in found]

    async def mark_dispatched(self, made: Sequence[Due]) -> None:
        """Remember that the entries were made."""
        table = NotificationRow.__table__
        statement = (
            update(NotificationRow)
            .where(table.c.id == bindparam("of"), table.c.dispatch == bindparam("number"))
            .values(dispatched=True)
        )
        async with self._database.writing() as session:
            connection = await session.connection()
            await connection.execute(statement, [{"of": due.id, "number": due.number} for due in made])

    async def claim(
        self, notification_id: str, number: int, *, version: int | None, allowance: Allowance | None = None
    ) -> Claim | None:
        """Take entry `number` in hand, to be sent with the profile `version`; None when it is out of date.

        One that is `sending` already was cut off. Without a version (there is no sender), or where `allowance` is used
        up, nothing else is changed. Raises EnvelopeBroken.
        """
        now = self._clock()
        async with self._database.writing() as session:
            row = await session.get(NotificationRow, notification_id)
            if row is None or row.dispatch != number or row.state not in OPEN:
                return None
            stored = await session.get(NotificationBodyRow, notification_id)
            if stored is None:
                return None
            expired = row.not_after is not None and now >= row.not_after
            cut_off = row.state == "sending"
            row.perhaps_twice = row.perhaps_twice or cut_off
            wait_s, submission = None, None
            if version is not None and not expired and allowance is not None:
                waited = row.problem == USED_UP
                wait_s, submission = await take(session, allowance, now=now, priority=row.priority, waited=waited)
            if version is not None and not expired and wait_s is None:
                row.state, row.updated_at, row.next_attempt_at = "sending", now, None
                row.attempts += 1
                row.tries += 1
                row.profile_version = version
            return Claim(
                id=row.id,
                number=number,
                kind=row.kind,
                recipient=row.recipient,
                subject=self._envelope.decrypt(row.subject, place=subject_place(row.id)).decode(),
                body=msgspec.json.decode(self._envelope.decrypt(stored.content, place=body_place(row.id)), type=Body),
                message_id=row.message_id,
                attempt=max(row.tries, 1),
                unanswered=row.unanswered,
                since=row.since,
                not_after=row.not_after,
                expired=expired,
                cut_off=cut_off,
                wait_s=wait_s,
                submission=submission,
            )

    async def conclude(self, claim: Claim, outcome: Outcome) -> bool:
        """Record how the attempt ended; False when somebody else has decided since.

        With `Sent` what it said is deleted in the same transaction.
        """
        now = self._clock()
        async with self._database.writing() as session:
            row = await session.get(NotificationRow, claim.id)
            if row is None or row.dispatch != claim.number or row.state not in OPEN:
                return False
            row.updated_at, row.next_attempt_at = now, None
            if not _perhaps_out(outcome):
                await give_back(session, claim.submission)
            match outcome:
                case Sent(receipt):
                    row.state, row.provider_id = "sent", receipt.provider_id
                    row.problem = row.evidence = None
                    await session.execute(
                        delete(NotificationBodyRow).where(NotificationBodyRow.notification == claim.id)
                    )
                case PutOff(at, problem):
                    row.state, row.next_attempt_at = "retrying", at
                    row.dispatch, row.dispatched = row.dispatch + 1, False
                    _note(row, problem)
                case Dead(problem):
                    row.state = "failed"
                    _note(row, problem)
                case Expired(problem):
                    row.state = "expired"
                    _note(row, problem)
            return True

    async def wake(
        self, *, unless_tried_with: int | None = None, dated_after: datetime | None = None, afresh: bool = True
    ) -> list[tuple[str, int]]:
        """Make everything that waits due now; return the entries that are void.

        unless_tried_with: leave alone what was last tried with that version of the profile, and what was never
        tried. dated_after: only what changed last after that, by a clock that was set back since. afresh: as if it
        had never failed.
        """
        row = NotificationRow
        statement = (
            update(row)
            .where(row.state.in_(WAITING))
            .values(
                dispatch=row.dispatch + 1,
                dispatched=False,
                next_attempt_at=None,
            )
            .returning(row.id, row.dispatch)
            .execution_options(synchronize_session=False)
        )
        if afresh:
            since = case((row.state == "retrying", self._clock()), else_=row.since)
            statement = statement.values(tries=0, since=since)
        if unless_tried_with is not None:
            statement = statement.where(
                row.state == "retrying", row.profile_version.is_distinct_from(unless_tried_with)
            )
        if dated_after is not None:
            statement = statement.where(row.updated_at > dated_after).values(updated_at=self._clock())
        async with self._database.writing() as session:
            changed = (await session.execute(statement)).all()
        return [(notification_id, number - 1) for notification_id, number in changed]

    async def overdue(self, *, before: datetime) -> list[tuple[str, int]]:
        """Return the entries that should have been tried, or come to an end, before `before`."""
        row = NotificationRow
        query = select(row.id, row.dispatch).where(
            row.state.in_(OPEN),
            row.dispatched.is_(True),
            row.updated_at <= before,
            or_(row.next_attempt_at.is_(None), row.next_attempt_at <= before),
        )
        async with self._database.reading() as session:
            return [(key, number) for key, number in (await session.execute(query)).all()]

    async def renew(self, entries: Sequence[tuple[str, int]]) -> None:
        """Void the entries and ask for new ones."""
        table = NotificationRow.__table__
        statement = (
            update(NotificationRow)
            .where(
                table.c.id == bindparam("of"),
                table.c.dispatch == bindparam("number"),
                or_(*(table.c.state == state for state in OPEN)),  # many sets of values allow no IN
            )
            .values(dispatch=table.c.dispatch + 1, dispatched=False)
        )
        async with self._database.writing() as session:
            connection = await session.connection()
            await connection.execute(statement, [{"of": key, "number": number} for key, number in entries])

    async def bury(self, notification_id: str, number: int, problem: Problem) -> None:
        """Make a dead letter of a notification that no attempt survives."""
        async with self._database.writing() as session:
            row = await session.get(NotificationRow, notification_id)
            if row is None or row.dispatch != number or row.state not in OPEN:
                return
            row.state, row.updated_at, row.next_attempt_at = "failed", self._clock(), None
            _note(row, problem)

    async def purge(self, *, before: datetime) -> None:
        """Delete what was finished before `before`."""
        old = select(NotificationRow.id).where(NotificationRow.state.in_(FINISHED), NotificationRow.updated_at < before)
        async with self._database.writing() as session:
            await session.execute(delete(NotificationBodyRow).where(NotificationBodyRow.notification.in_(old)))
            await session.execute(delete(NotificationRow).where(NotificationRow.id.in_(old)))

    async def tidy_submissions(self) -> None:
        """Forget the submissions that count no more; those of a clock that was set back since are of now."""
        async with self._database.writing() as session:
            await tidy(session, now=self._clock())

    async def backlog(self) -> tuple[dict[str, int], datetime | None]:
        """Return how many notifications are in each state, and when the oldest unfinished was accepted."""
        row = NotificationRow
        async with self._database.reading() as session:
            counted = (await session.execute(select(row.state, func.count()).group_by(row.state))).all()
            oldest = await session.scalar(select(func.min(row.created_at)).where(row.state.in_(OPEN)))
        return dict(counted), oldest


def _perhaps_out(outcome: Outcome) -> bool:
    """Tell whether the mail service has the message, or may have it."""
    if isinstance(outcome, Sent):
        return True
    return outcome.problem is not None and outcome.problem.evidence.perhaps_sent


def _note(row: NotificationRow, problem: Problem | None) -> None:
    if problem is None:
        return
    row.problem = problem.code
    row.evidence = msgspec.json.encode(problem.evidence).decode()
    if problem.evidence.perhaps_sent:
        row.perhaps_twice = True
        row.unanswered += 1
