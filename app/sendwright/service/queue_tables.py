"""The tables of the queue: notifications, what they say, and where each one stands."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from sendwright.service.database import Base


class NotificationRow(Base):
    """A notification that was accepted.

    subject: encrypted at rest. message_id: with angle brackets, the same in every attempt. state: see
    `handoff.wire.NotificationStateName`. since: when the patience with it began, see `retry.Standing`.
    dispatch: number of the entry in the queue engine that may try it next; an older entry does nothing.
    dispatched: whether that entry was made. attempts: how often it was tried. tries: how many attempts
    failed since `since`. unanswered: how many of them ended without an answer although the message was out.
    evidence: JSON of `problems.evidence.Evidence`, of the last problem.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_state_created_at", "state", "created_at"),
        Index("ix_notifications_undispatched", "dispatched", "priority", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    message_id: Mapped[str] = mapped_column(String(320))
    workspace: Mapped[str | None] = mapped_column(String(200))
    priority: Mapped[int]
    deduplication_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    not_after: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]
    dispatch: Mapped[int]
    dispatched: Mapped[bool] = mapped_column(server_default=false())
    attempts: Mapped[int]
    tries: Mapped[int]
    unanswered: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(100))
    evidence: Mapped[str | None] = mapped_column(Text)
    provider_id: Mapped[str | None] = mapped_column(Text)
    profile_version: Mapped[int | None]
    perhaps_twice: Mapped[bool]


class SubmissionRow(Base):
    """A message that was handed over for a mailbox whose messages of a day are counted, or may have been.

    mailbox: `senders.catalogue.mailbox_key`. It is added before anything is submitted, and removed where nothing was.
    """

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_mailbox_at", "mailbox", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class NotificationBodyRow(Base):
    """What a notification says, encrypted at rest; deleted in the transaction that records it as sent.

    content: `queue_store.Body` as JSON.
    """

    __tablename__ = "notification_bodies"

    notification: Mapped[str] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
