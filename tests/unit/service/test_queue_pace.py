"""How often the queue looks for work, with a clock that the test moves."""

import asyncio

import pytest

from sendwright.service.queue_pace import Pace
from sendwright.service.queue_policy import QueuePolicy

POLICY = QueuePolicy(poll_s=0.1, resting_poll_s=1.0, rest_after_s=10.0)


class Looks:
    """Notes every change of pace; fails when told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.changes: list[float] = []
        self.error: Exception | None = None

    async def change(self, seconds: float) -> None:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.changes.append(seconds)

    def pace(self, policy: QueuePolicy = POLICY) -> Pace:
        return Pace(policy, self.change, clock=lambda: self.now)


async def test_it_begins_at_the_pace_of_work_and_says_nothing_new() -> None:
    looks = Looks()
    pace = looks.pace()
    assert pace.seconds == 0.1
    await pace.work()
    assert looks.changes == []


@pytest.mark.parametrize(("after_s", "changes"), [(0.0, []), (9.9, []), (10.0, [1.0]), (500.0, [1.0])])
async def test_it_rests_after_a_while_without_work(after_s: float, changes: list[float]) -> None:
    looks = Looks()
    pace = looks.pace()
    looks.now = after_s
    await pace.rest()
    await pace.rest()
    assert looks.changes == changes


async def test_work_ends_the_rest_at_once() -> None:
    looks = Looks()
    pace = looks.pace()
    looks.now = 20.0
    await pace.rest()
    await pace.work()
    await pace.rest()
    assert looks.changes == [1.0, 0.1]
    assert pace.seconds == 0.1


async def test_an_attempt_puts_the_rest_off_without_a_change() -> None:
    looks = Looks()
    pace = looks.pace()
    looks.now = 9.0
    pace.note_work()
    looks.now = 15.0
    await pace.rest()
    assert looks.changes == []
    looks.now = 19.0
    await pace.rest()
    assert looks.changes == [1.0]


async def test_work_that_comes_while_it_goes_to_rest_has_the_last_word() -> None:
    looks = Looks()
    pace = looks.pace()
    looks.now = 20.0
    await asyncio.gather(pace.rest(), pace.work())
    assert looks.changes == [1.0, 0.1]
    assert pace.seconds == 0.1


async def test_a_change_that_failed_is_tried_again() -> None:
    looks = Looks()
    pace = looks.pace()
    looks.now = 20.0
    looks.error = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        await pace.rest()
    assert pace.seconds == 0.1
    looks.error = None
    await pace.rest()
    assert looks.changes == [1.0]


async def test_resting_is_never_busier_than_working() -> None:
    looks = Looks()
    pace = looks.pace(QueuePolicy(poll_s=2.0, resting_poll_s=1.0, rest_after_s=1.0))
    looks.now = 5.0
    await pace.rest()
    assert (looks.changes, pace.seconds) == ([], 2.0)
