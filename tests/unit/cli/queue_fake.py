"""A notification backend in memory, as far as `notify` and `status` speak with one."""

import argparse
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from rich.console import Console

from sendwright.handoff.backend import Backend, HandoffFailed
from sendwright.handoff.wire import (
    Audit,
    DefaultSender,
    NotificationRequest,
    Notifications,
    NotificationState,
    Organisation,
)
from sendwright.problems.evidence import Evidence, System

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
UNREACHABLE = HandoffFailed(Evidence(stage="backend", system=System.BACKEND, errno="ECONNREFUSED"))
QUEUED = NotificationState(
    id="0001",
    kind="comment",
    to="ann@example.com",
    subject="A comment",
    state="queued",
    message_id="<0001@example.org>",
    created_at=AT,
    updated_at=AT,
)
ORGANISATION = Organisation(
    name="Contoso",
    workspaces=("Ghent",),
    default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
    in_force=None,
)


@dataclass
class FakeBackend:
    """Answers what a test sets; `becomes` are the states that a notification goes through, one a look."""

    becomes: list[NotificationState] = field(default_factory=list)
    shown: Organisation = ORGANISATION
    changes: Audit = field(default_factory=lambda: Audit(()))
    listed: Notifications = field(default_factory=lambda: Notifications(()))
    failure: HandoffFailed | None = None
    requests: list[tuple[NotificationRequest, str]] = field(default_factory=list)
    looks: int = 0

    async def notify(self, notification: NotificationRequest, *, key: str) -> NotificationState:
        self._fail()
        self.requests.append((notification, key))
        return QUEUED

    async def notification(self, notification_id: str) -> NotificationState:
        assert notification_id == QUEUED.id
        self.looks += 1
        return self.becomes.pop(0) if len(self.becomes) > 1 else self.becomes[0]

    async def notifications(self, *, state: str | None) -> Notifications:
        assert state == "retrying"
        return self.listed

    async def organisation(self) -> Organisation:
        self._fail()
        return self.shown

    async def audit(self) -> Audit:
        return self.changes

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass
class Screen:
    """What a person sees, and what a program reads."""

    people: io.StringIO = field(default_factory=io.StringIO)
    programs: io.StringIO = field(default_factory=io.StringIO)

    @property
    def out(self) -> Console:
        return Console(emoji=False, file=self.people, width=120)

    @property
    def data(self) -> Console:
        return Console(emoji=False, file=self.programs, width=80)

    @property
    def said(self) -> str:
        return " ".join(self.people.getvalue().split())

    @property
    def json(self) -> dict[str, object]:
        return msgspec.json.decode(self.programs.getvalue(), type=dict[str, object])


def parsed(add_parser: object, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_parser(parser.add_subparsers(dest="command"))  # type: ignore[operator]
    return parser.parse_args(words)


def as_backend(fake: FakeBackend) -> Backend:
    return fake  # type: ignore[return-value]  # the rest of a backend is not asked for
