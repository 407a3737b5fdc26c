"""What is measured of an application at a mailbox, and where its limits are."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, contoso
from sendwright.practice.microsoft.traffic import Over, Traffic


def accepted(traffic: Traffic, tenant: object, mailbox: str = BEN) -> None:
    with traffic.entered(tenant, CLIENT_ID, mailbox) as measured:  # type: ignore[arg-type]
        measured.take(tenant.now())  # type: ignore[attr-defined]


@pytest.mark.parametrize("limit", [1, 4])
def test_so_many_at_once_and_no_more(limit: int) -> None:
    traffic, tenant = Traffic(), contoso()
    tenant.policies.mailbox_at_once = limit
    with ExitStack() as stack:
        for _ in range(limit):
            stack.enter_context(traffic.entered(tenant, CLIENT_ID, BEN))
        with pytest.raises(Over) as caught:
            accepted(traffic, tenant)
        assert "MailboxConcurrency" in caught.value.said
        accepted(traffic, tenant, ANNA)  # another mailbox has its own
        with traffic.entered(tenant, "another-application", BEN):
            pass
    tenant.ahead = timedelta(seconds=2)
    accepted(traffic, tenant)
    measured = traffic.measured[CLIENT_ID, BEN]
    assert (measured.in_flight, measured.most_in_flight, measured.throttled) == (0, limit + 1, 1)
    assert (measured.requests, measured.accepted) == (limit + 2, 1)


def test_so_many_a_minute_and_no_more() -> None:
    traffic, tenant = Traffic(), contoso()
    tenant.policies.mailbox_per_minute = 2
    accepted(traffic, tenant)
    accepted(traffic, tenant)
    with pytest.raises(Over) as caught:
        accepted(traffic, tenant)
    assert 0 < caught.value.retry_after_s <= 61
    accepted(traffic, tenant, ANNA)
    tenant.ahead = timedelta(seconds=caught.value.retry_after_s)
    accepted(traffic, tenant)
    assert traffic.of(BEN).accepted == 3
    assert traffic.of(BEN).too_early == 0


@pytest.mark.parametrize(("after", "early"), [(0, 1), (9, 1), (11, 0)])
def test_whoever_does_not_wait_is_noticed(after: int, early: int) -> None:
    traffic, tenant = Traffic(), contoso()
    with traffic.entered(tenant, CLIENT_ID, BEN) as measured:
        traffic.paused(measured, tenant.now(), 10)
    tenant.ahead = timedelta(seconds=after)
    accepted(traffic, tenant)
    assert traffic.of(BEN.upper()).too_early == early


def test_messages_count_from_when_they_came_whatever_the_order_they_are_accepted_in() -> None:
    traffic, tenant = Traffic(), contoso()
    tenant.policies.mailbox_per_minute = 2
    start = tenant.now()
    with traffic.entered(tenant, CLIENT_ID, BEN) as measured:
        measured.take(start + timedelta(seconds=1))
        measured.take(start)
    assert measured.recent == [start, start + timedelta(seconds=1)]
    tenant.ahead = timedelta(seconds=60.5)
    accepted(traffic, tenant)  # the one that came first is over a minute old
    assert measured.accepted == 3


def test_a_request_that_fails_is_over_all_the_same() -> None:
    traffic, tenant = Traffic(), contoso()
    with pytest.raises(RuntimeError), traffic.entered(tenant, CLIENT_ID, BEN):
        raise RuntimeError
    assert traffic.of(BEN).in_flight == 0
    assert traffic.of(BEN).requests == 1


def test_of_an_unused_mailbox_nothing_was_measured() -> None:
    traffic = Traffic()
    assert traffic.of(BEN).requests == 0
    assert not traffic.measured
