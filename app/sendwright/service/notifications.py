"""Accepts notifications, says what became of them, and puts dead letters back."""

from collections.abc import Callable
from datetime import datetime
from typing import get_args
from uuid import uuid4

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.handoff.wire import (
    NotificationRequest,
    Notifications,
    NotificationState,
    NotificationStateName,
)
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.problems.explanation import explain
from sendwright.service import audit
from sendwright.service.database import Database, is_storable
from sendwright.service.envelope import Envelope, EnvelopeBroken
from sendwright.service.queue_store import OPEN, Body, body_place, subject_place
from sendwright.service.queue_tables import NotificationBodyRow, NotificationRow
from sendwright.service.trouble import Trouble

STATES: tuple[str, ...] = get_args(NotificationStateName)
MOST_LISTED = 1_000
LONGEST_SUBJECT = 998
LONGEST_KEY = 255
LONGEST_WORKSPACE = 200
HIGHEST_PRIORITY, LOWEST_PRIORITY = 1, 9

_DEAD = ("failed", "expired")


def require_acceptable(request: NotificationRequest, *, now: datetime, largest_bytes: int) -> None:
    """Raise Trouble `notification-…` for what must not enter the queue; the recipient is not looked at.

    largest_bytes: of text and HTML together. A subject is one line of at most 998 characters (RFC 5322
    section 2.1.1).
    """
    if not (request.text.strip() or request.html.strip()):
        raise Trouble("notification-empty")
    if len(request.text.encode()) + len(request.html.encode()) > largest_bytes:
        raise Trouble("backend-request-too-large")
    subject = request.subject
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise Trouble("notification-subject-invalid")
    for field, good in (
        ("priority", HIGHEST_PRIORITY <= request.priority <= LOWEST_PRIORITY),
        ("deduplication_key", request.deduplication_key is None or _is_word(request.deduplication_key, LONGEST_KEY)),
        ("workspace", not request.workspace or _is_word(request.workspace, LONGEST_WORKSPACE)),
        ("not_after", request.not_after is None or is_storable(request.not_after)),
    ):
        if not good:
            raise Trouble("backend-request-invalid", detail=f"$.{field}")
    if request.not_after is not None and request.not_after <= now:
        raise Trouble("notification-too-late")


def _is_word(value: str, longest: int) -> bool:
    """Tell whether every database has such a text: PostgreSQL has none with a NUL in it."""
    return 0 < len(value) <= longest and "\0" not in value


class NotificationStore:
    """The notifications as those see them who hand them over.

    Methods with a session work inside its transaction.
    """

    def __init__(self, *, database: Database, envelope: Envelope, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._envelope = envelope
        self._clock = clock

    async def accept(self, session: AsyncSession, request: NotificationRequest, *, domain: str) -> tuple[str, bool]:
        """Store `request` and return the notification's id and True; or the first one's and False.

        The request was found acceptable and its recipient normalised. domain: of the Message-ID, an A-label.
        """
        if request.deduplication_key is not None:
            same = NotificationRow.deduplication_key == request.deduplication_key
            known = await session.scalar(select(NotificationRow.id).where(same))
            if known is not None:
                return known, False
        now = self._clock()
        notification_id = str(uuid4())
        content = msgspec.json.encode(Body(text=request.text, html=request.html))
        session.add(
            NotificationRow(
                id=notification_id,
                kind=request.kind,
                recipient=request.to,
                subject=self._envelope.encrypt(request.subject.encode(), place=subject_place(notification_id)),
                message_id=f"<{notification_id}@{domain}>",
                workspace=request.workspace,
                priority=request.priority,
                deduplication_key=request.deduplication_key,
                not_after=request.not_after,
                created_at=now,
                updated_at=now,
                state="queued",
                since=now,
                dispatch=1,
                dispatched=False,
                attempts=0,
                tries=0,
                unanswered=0,
                perhaps_twice=False,
            )
        )
        await session.flush()
        session.add(
            NotificationBodyRow(
                notification=notification_id,
                content=self._envelope.encrypt(content, place=body_place(notification_id)),
            )
        )
        return notification_id, True

    async def state(self, notification_id: str) -> NotificationState:
        """Return what became of a notification. Raises Trouble `backend-not-found`."""
        async with self._database.reading() as session:
            return self._state(await _row(session, notification_id))

    async def listing(self, *, state: str | None, limit: int) -> Notifications:
        """Return at most `limit` notifications in `state`, all states when None, newest first.

        Raises Trouble `backend-request-invalid`.
        """
        if state is not None and state not in STATES:
            raise Trouble("backend-request-invalid", detail="state")
        if not 1 <= limit <= MOST_LISTED:
            raise Trouble("backend-request-invalid", detail="limit")
        row = NotificationRow
        query = select(row).order_by(row.created_at.desc(), row.id).limit(limit)
        if state is not None:
            query = query.where(row.state == state)
        async with self._database.reading() as session:
            found = (await session.scalars(query)).all()
            counts = (await session.execute(select(row.state, func.count()).group_by(row.state))).all()
            oldest = await session.scalar(select(func.min(row.created_at)).where(row.state.in_(OPEN)))
        return Notifications(
            tuple(self._state(each) for each in found),
            counts={name: count for name, count in counts},  # noqa: C416 - a row is no pair to mypy
            oldest_unfinished_at=oldest,
        )

    async def put_back(self, session: AsyncSession, notification_id: str, *, who: str) -> None:
        """Let a dead letter be tried again, with all patience; a deadline that has passed is lifted.

        Raises Trouble `backend-not-found`, `notification-not-dead`.
        """
        row = await _row(session, notification_id)
        if row.state not in _DEAD:
            raise Trouble("notification-not-dead")
        now = self._clock()
        row.state, row.updated_at, row.since = "queued", now, now
        row.dispatch, row.dispatched = row.dispatch + 1, False
        row.tries, row.unanswered, row.next_attempt_at = 0, 0, None
        if row.not_after is not None and row.not_after <= now:
            row.not_after = None
        audit.record(session, "notification-put-back", at=now, who=who, notification=row.id)

    def _state(self, row: NotificationRow) -> NotificationState:
        return NotificationState(
            id=row.id,
            kind=row.kind,
            to=row.recipient,
            subject=self._subject(row),
            state=msgspec.convert(row.state, NotificationStateName),
            message_id=row.message_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            attempts=row.attempts,
            next_attempt_at=row.next_attempt_at,
            problem=row.problem,
            problem_text=_words(row),
            provider_id=row.provider_id,
            profile_version=row.profile_version,
            perhaps_twice=row.perhaps_twice,
        )

    def _subject(self, row: NotificationRow) -> str:
        """Return the subject, empty where it is damaged: one such row must not hide the others."""
        try:
            return self._envelope.decrypt(row.subject, place=subject_place(row.id)).decode()
        except EnvelopeBroken:
            return ""


def _words(row: NotificationRow) -> str:
    if row.evidence is None:
        return ""
    return explain(classify(msgspec.json.decode(row.evidence, type=Evidence))).what


async def _row(session: AsyncSession, notification_id: str) -> NotificationRow:
    row = await session.get(NotificationRow, notification_id) if "\0" not in notification_id else None
    if row is None:
        raise Trouble("backend-not-found")
    return row
