"""Senders are lent to one attempt at a time and kept only as long as they are of use."""

import asyncio

import pytest
from tests.unit.service.queue_kit import MailService, active_sender, refusal

from sendwright.service.worker_senders import OpenSenders

FIRST, SECOND = active_sender(1), active_sender(2)


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def service() -> MailService:
    return MailService()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def senders(service: MailService, seconds: Seconds) -> OpenSenders:
    return OpenSenders(service.opening, idle_s=10.0, clock=seconds)


async def test_a_sender_is_used_again_but_never_by_two_at_once(senders: OpenSenders, service: MailService) -> None:
    async with senders.borrow(FIRST) as one, senders.borrow(FIRST) as two:
        assert one is not two
    async with senders.borrow(FIRST) as again:
        assert again is one or again is two
    assert service.opened == [1, 1]
    assert service.open_now == 2


async def test_a_refusal_leaves_the_sender_usable(senders: OpenSenders, service: MailService) -> None:
    for _ in range(3):
        with pytest.raises(type(refusal(550))):
            async with senders.borrow(FIRST):
                raise refusal(550)
    assert service.opened == [1]


@pytest.mark.parametrize("fault", [ValueError(), asyncio.CancelledError(), TimeoutError()])
async def test_what_was_cut_off_is_closed(senders: OpenSenders, service: MailService, fault: BaseException) -> None:
    with pytest.raises(type(fault)):
        async with senders.borrow(FIRST):
            raise fault
    assert service.open_now == 0
    async with senders.borrow(FIRST):
        pass
    assert service.opened == [1, 1]


async def test_a_new_version_closes_the_old_senders(senders: OpenSenders, service: MailService) -> None:
    async with senders.borrow(FIRST) as old:
        async with senders.borrow(FIRST):
            pass
        async with senders.borrow(SECOND) as new:
            assert new is not old
            assert service.open_now == 2
    assert service.opened == [1, 1, 2]
    assert service.open_now == 1
    async with senders.borrow(SECOND) as again:
        assert again is new


async def test_the_unused_are_closed_after_a_while(
    senders: OpenSenders, service: MailService, seconds: Seconds
) -> None:
    async with senders.borrow(FIRST):
        async with senders.borrow(FIRST):
            pass
        seconds.now = 9.0
        await senders.close_unused()
        assert service.open_now == 2
        seconds.now = 10.0
        await senders.close_unused()
        assert service.open_now == 1
    await senders.close_unused()
    assert service.open_now == 1
    await senders.close()
    assert service.open_now == 0


async def test_a_sender_that_does_not_open_leaves_nothing_behind(seconds: Seconds) -> None:
    async def opening(_: object) -> MailService:
        raise refusal(535, stage="sign-in")

    senders = OpenSenders(opening, idle_s=1.0, clock=seconds)  # type: ignore[arg-type]
    with pytest.raises(type(refusal(535))):
        async with senders.borrow(FIRST):
            raise AssertionError
    await senders.close()
