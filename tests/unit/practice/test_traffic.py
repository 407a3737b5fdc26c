"""What is measured of an application at a mailbox, and where its limits are."""

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from sendwright.practice.traffic import Limit, Measured, Over, Traffic

APPLICATION = "an-application"
ANNA, BEN = "anna@example.org", "ben@example.org"


@dataclass
class Mailboxes:
    """A service with its clock and its limits."""

    at_once: int = 4
    per_minute: int = 30
    now: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)
    traffic: Traffic = field(default_factory=Traffic)

    def entered(self, mailbox: str = BEN, application: str = APPLICATION) -> AbstractContextManager[Measured]:
        limits = {"at_once": self.at_once, "per_minute": self.per_minute}
        return self.traffic.entered(application, mailbox, now=self.now, **limits)

    def accept(self, mailbox: str = BEN) -> None:
        with self.entered(mailbox) as measured:
            measured.take(self.now)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.mark.parametrize("limit", [1, 4])
def test_so_many_at_once_and_no_more(limit: int) -> None:
    service = Mailboxes(at_once=limit)
    with ExitStack() as stack:
        for _ in range(limit):
            stack.enter_context(service.entered())
        with pytest.raises(Over) as caught:
            service.accept()
        assert (caught.value.limit, caught.value.wait_s) == (Limit.AT_ONCE, 1)
        service.accept(ANNA)  # another mailbox has its own
        with service.entered(application="another-application"):
            pass
    service.wait(2)
    service.accept()
    measured = service.traffic.measured[APPLICATION, BEN]
    assert (measured.in_flight, measured.most_in_flight, measured.throttled) == (0, limit + 1, 1)
    assert (measured.requests, measured.accepted) == (limit + 2, 1)


def test_so_many_a_minute_and_no_more() -> None:
    service = Mailboxes(per_minute=2)
    service.accept()
    service.accept()
    with pytest.raises(Over) as caught:
        service.accept()
    assert caught.value.limit is Limit.PER_MINUTE
    assert 0 < caught.value.wait_s <= 61
    service.accept(ANNA)
    service.wait(caught.value.wait_s)
    service.accept()
    assert service.traffic.of(BEN).accepted == 3
    assert service.traffic.of(BEN).too_early == 0


@pytest.mark.parametrize(("after", "early"), [(0, 1), (9, 1), (11, 0)])
def test_whoever_does_not_wait_is_noticed(after: int, early: int) -> None:
    service = Mailboxes()
    with service.entered() as measured:
        service.traffic.paused(measured, service.now, 10)
    service.wait(after)
    service.accept()
    assert service.traffic.of(BEN.upper()).too_early == early


def test_messages_count_from_when_they_came_whatever_the_order_they_are_accepted_in() -> None:
    service = Mailboxes(per_minute=2)
    start = service.now
    with service.entered() as measured:
        measured.take(start + timedelta(seconds=1))
        measured.take(start)
    assert measured.recent == [start, start + timedelta(seconds=1)]
    service.wait(60.5)
    service.accept()  # the one that came first is over a minute old
    assert measured.accepted == 3


def test_a_request_that_fails_is_over_all_the_same() -> None:
    service = Mailboxes()
    with pytest.raises(RuntimeError), service.entered():
        raise RuntimeError
    assert service.traffic.of(BEN).in_flight == 0
    assert service.traffic.of(BEN).requests == 1


def test_of_an_unused_mailbox_nothing_was_measured() -> None:
    traffic = Traffic()
    assert traffic.of(BEN).requests == 0
    assert not traffic.measured


def test_what_is_called_a_minute_may_be_shorter() -> None:
    service = Mailboxes(per_minute=1, traffic=Traffic(minute=timedelta(seconds=5)))
    service.accept()
    service.wait(1)
    with pytest.raises(Over) as caught:
        service.accept()
    assert (caught.value.limit, caught.value.wait_s) == (Limit.PER_MINUTE, 5)
    service.wait(4)
    service.accept()
