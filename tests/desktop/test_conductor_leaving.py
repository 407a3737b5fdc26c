import asyncio

from tests.desktop import samples
from tests.desktop.hand_made import ShownStep
from tests.desktop.stand import ADDRESS, REVIEW, RUNNING, SENDER, Shelf, Stand

from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Notice, Working
from sendwright.wizard.wizard import Position
from sendwright.world import Progress


def test_advice_comes_when_the_person_pauses_and_what_is_typed_is_kept(stand: Stand) -> None:
    asked: list[Answer] = []

    async def advise(answer: Answer) -> Advice:
        asked.append(answer)
        return Advice(notices=(Notice(key="address.warnings.no-reply"),))

    stand.begin(ADDRESS, ShownStep(samples.SENDER, advice=advise), at=1)
    for typed in ("A", "An", "Ann"):
        stand.conductor.typing({"alias": typed, "address": "x"})
        stand.qtbot.wait(10)
    stand.qtbot.waitUntil(lambda: bool(stand.ear.advice))
    assert asked == [{"alias": "Ann", "address": "x"}]
    assert len(stand.ear.advice) == 1
    assert stand.shelf.positions[-1].draft.typed["sender"]["alias"] == "Ann"


def test_new_typing_stops_the_advice_for_the_old(stand: Stand) -> None:
    cancelled: list[str] = []

    async def slow(answer: Answer) -> Advice:
        try:
            await asyncio.sleep(0.6 if answer["alias"] == "old" else 0)
        except asyncio.CancelledError:
            cancelled.append(answer["alias"])
            raise
        return Advice(notices=(Notice(key=answer["alias"]),))

    stand.begin(ADDRESS, ShownStep(samples.SENDER, advice=slow), at=1)
    stand.conductor.typing({"alias": "old"})
    stand.qtbot.waitUntil(lambda: stand.conductor._advice is not None)
    stand.conductor.typing({"alias": "new"})
    stand.qtbot.waitUntil(lambda: bool(stand.ear.advice))
    assert cancelled == ["old"]
    assert [notice.key for notice in stand.ear.advice[0].notices] == ["new"]


def test_an_answer_ends_the_advice(stand: Stand) -> None:
    async def never(answer: Answer) -> Advice:
        await asyncio.sleep(60)
        return Advice()

    stand.begin(ADDRESS, ShownStep(samples.SENDER, advice=never), REVIEW, at=1)
    stand.conductor.typing({"alias": "A"})
    stand.qtbot.waitUntil(lambda: stand.conductor._advice is not None)
    stand.conductor.submit({"alias": "A", "address": "a@example.org"})
    stand.rest()
    assert stand.conductor.scene.screen.step == "review"
    assert stand.ear.advice == []


def test_advice_with_a_fault_is_told_once(stand: Stand) -> None:
    async def broken(answer: Answer) -> Advice:
        raise RuntimeError("a fault of ours")

    stand.begin(ADDRESS, ShownStep(samples.SENDER, advice=broken), at=1)
    stand.conductor.typing({"alias": "A"})
    stand.qtbot.waitUntil(lambda: bool(stand.ear.faults))
    assert len(stand.ear.faults) == 1
    assert stand.conductor.scene.screen.step == "sender"


def test_leaving_keeps_what_stands_in_the_form(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER, at=1)
    left: list[str] = []
    stand.conductor.leave({"alias": "Half ty", "address": ""}, then=lambda: left.append("left"))
    stand.qtbot.waitUntil(lambda: bool(left))
    assert stand.shelf.positions[-1].draft.typed["sender"] == {"alias": "Half ty", "address": ""}


def test_leaving_ends_what_runs_first(stand: Stand) -> None:
    order: list[str] = []

    async def linger(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.03)
            order.append("ended")

    stand.begin(ADDRESS, ShownStep(samples.SENDER, act=linger), at=1)
    typed = {"alias": "A", "address": "b"}
    stand.conductor.submit(typed)
    stand.qtbot.wait(20)
    stand.conductor.leave(typed, then=lambda: order.append("left"))
    stand.qtbot.waitUntil(lambda: "left" in order)
    assert order == ["ended", "left"]
    assert stand.shelf.positions[-1].draft.typed["sender"] == typed


def test_what_was_typed_is_not_kept_for_another_screen_than_its_own(stand: Stand) -> None:
    async def cannot_be_stopped(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return

    left: list[str] = []
    stand.begin(ShownStep(samples.ADDRESS, act=cannot_be_stopped), SENDER)
    stand.conductor.submit({"address": "a@example.org"})
    stand.qtbot.wait(20)
    stand.conductor.leave({"address": "a@example.org"}, then=lambda: left.append("left"))
    stand.qtbot.waitUntil(lambda: bool(left))
    assert stand.wizard.position.step == "sender"
    assert "sender" not in stand.wizard.draft.typed


def test_whoever_left_does_nothing_more(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER)
    left: list[str] = []
    stand.conductor.leave(None, then=lambda: left.append("left"))
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: bool(left))
    assert stand.ear.steps == ["smtp-address"]


def test_a_store_that_cannot_be_written_keeps_nobody_from_leaving(stand: Stand) -> None:
    class Full(Shelf):
        def save(self, position: Position) -> None:
            raise OSError(28, "No space left on device")

    stand.shelf = Full()
    stand.begin(ADDRESS, SENDER, at=1)
    left: list[str] = []
    stand.conductor.leave({"alias": "A", "address": ""}, then=lambda: left.append("left"))
    stand.qtbot.waitUntil(lambda: bool(left))
    assert stand.ear.faults == []


def test_a_fault_while_leaving_is_told_and_leaving_goes_on(stand: Stand) -> None:
    class Broken(Shelf):
        def save(self, position: Position) -> None:
            raise RuntimeError("a fault of ours")

    stand.shelf = Broken()
    stand.begin(ADDRESS, SENDER, at=1)
    left: list[str] = []
    stand.conductor.leave({"alias": "A", "address": ""}, then=lambda: left.append("left"))
    stand.qtbot.waitUntil(lambda: bool(left))
    assert isinstance(stand.ear.faults[0], RuntimeError)


def test_a_screen_is_a_snapshot_that_later_work_does_not_change(stand: Stand) -> None:
    stand.begin(ADDRESS, RUNNING, REVIEW)
    first = stand.conductor.scene
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Working))
    assert first.screen.step == "smtp-address"
    assert [entry.state for entry in first.rail] == ["current"]
    stand.conductor.cancel()
    stand.rest()
