import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.hand_made import ShownStep, hand_made_wizard, hand_made_world

from sendwright.desktop.conductor import Conductor
from sendwright.desktop.engine import Engine
from sendwright.desktop.scene import Scene
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Halted, Notice, Rejected, Stopped, Working
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import Progress


class Ear:
    """Remembers what a conductor says."""

    def __init__(self, conductor: Conductor) -> None:
        self.conductor = conductor
        self.scenes: list[Scene] = []
        self.rejections: list[Rejected] = []
        self.stages: list[StageResult] = []
        self.advice: list[Advice] = []
        self.faults: list[BaseException] = []
        self.practising = 0
        conductor.moved.connect(self.scenes.append)
        conductor.rejected.connect(self.rejections.append)
        conductor.progressed.connect(self.stages.append)
        conductor.advised.connect(self.advice.append)
        conductor.failed.connect(self.faults.append)
        conductor.practise.connect(self._practise)

    def _practise(self) -> None:
        self.practising += 1

    @property
    def steps(self) -> list[str]:
        return [scene.screen.step for scene in self.scenes]


class Shelf:
    """A store that remembers every position."""

    def __init__(self) -> None:
        self.positions: list[Position] = []

    def save(self, position: Position) -> None:
        self.positions.append(position)

    def discard(self) -> None:
        self.positions.clear()


class Stand:
    """A conductor over hand-made steps."""

    def __init__(self, engine: Engine, qtbot: QtBot, folder: Path) -> None:
        self.engine, self.qtbot, self.folder = engine, qtbot, folder
        self.shelf = Shelf()
        self.conductor: Conductor
        self.wizard: Wizard
        self.ear: Ear

    def begin(self, *steps: ShownStep, at: int = 0) -> None:
        self.wizard = hand_made_wizard(hand_made_world(self.folder), *steps, at=at, store=self.shelf)
        self.conductor = Conductor(self.wizard, self.engine)
        self.ear = Ear(self.conductor)
        self.conductor.begin()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.conductor.busy)


@pytest.fixture
def stand(engine: Engine, qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    made = Stand(engine, qtbot, tmp_path)
    yield made
    made.conductor.deleteLater()


async def forever(answer: Answer, progress: Progress) -> None:
    for result in samples.RESULTS:
        progress(result)
    await asyncio.sleep(60)


async def reject(answer: Answer, progress: Progress) -> None:
    raise Rejected({"address": "address.spaces"})


async def halt(answer: Answer, progress: Progress) -> None:
    raise Halted(samples.WRONG_PASSWORD.problem)


async def break_down(answer: Answer, progress: Progress) -> None:
    raise RuntimeError("a fault of ours")


SENDER = ShownStep(samples.SENDER)
ADDRESS = ShownStep(samples.ADDRESS)
REVIEW = ShownStep(samples.REVIEW)
RUNNING = ShownStep(samples.RUNNING, act=forever)


def test_the_first_scene_is_drawn_at_once(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER)
    assert stand.ear.steps == ["smtp-address"]
    assert not stand.conductor.busy
    assert not stand.ear.scenes[0].can_go_back


def test_an_answer_leads_to_the_next_scene(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER)
    stand.conductor.submit({"address": "a@example.org"})
    assert stand.conductor.busy
    stand.rest()
    assert stand.ear.steps == ["smtp-address", "sender"]
    assert stand.conductor.scene.can_go_back
    assert stand.conductor.scene.is_last


def test_a_second_press_while_the_first_is_used_does_nothing(stand: Stand) -> None:
    taken: list[Answer] = []

    async def take(answer: Answer, progress: Progress) -> None:
        taken.append(answer)
        await asyncio.sleep(0.05)

    stand.begin(ShownStep(samples.ADDRESS, act=take), SENDER, REVIEW)
    for press in range(3):
        stand.conductor.submit({"address": str(press)})
        stand.conductor.back()
        stand.conductor.return_to("connect")
        stand.conductor.start_over()
    stand.rest()
    assert taken == [{"address": "0"}]
    assert stand.ear.steps == ["smtp-address", "sender"]


def test_a_rejection_stays_on_the_screen(stand: Stand) -> None:
    stand.begin(ShownStep(samples.ADDRESS, act=reject), SENDER)
    stand.conductor.submit({})
    stand.rest()
    assert stand.ear.steps == ["smtp-address"]
    assert stand.ear.rejections[0].fields == {"address": "address.spaces"}
    assert stand.ear.faults == []


def test_a_working_screen_works_by_itself_and_reports(stand: Stand) -> None:
    async def work(answer: Answer, progress: Progress) -> None:
        for result in samples.RESULTS:
            progress(result)

    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=work), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "review")
    assert stand.ear.steps == ["smtp-address", "test-run", "review"]
    assert tuple(stand.ear.stages) == samples.RESULTS


def test_a_problem_becomes_a_scene(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=halt), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    assert stand.ear.steps[-1] == "test-run"
    stand.conductor.back()
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-address"


def test_trying_again_runs_the_same_step(stand: Stand) -> None:
    attempts: list[int] = []

    async def second_time(answer: Answer, progress: Progress) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise Halted(samples.REFUSED.problem)

    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=second_time), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    stand.conductor.submit({})
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "review")
    assert len(attempts) == 2


def test_cancelling_goes_back_to_the_answers_that_started_it(stand: Stand) -> None:
    stand.begin(ADDRESS, RUNNING, REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: len(stand.ear.stages) == len(samples.RESULTS))
    stand.conductor.cancel()
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "smtp-address")
    assert stand.ear.faults == []


def test_a_cancelled_form_stays_where_it_is(stand: Stand) -> None:
    stand.begin(ShownStep(samples.ADDRESS, act=forever), SENDER)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.wait(20)
    stand.conductor.cancel()
    stand.conductor.cancel()
    stand.rest()
    assert stand.ear.steps == ["smtp-address"]
    assert stand.ear.faults == []
    assert stand.ear.rejections == []


def test_what_was_faster_than_its_cancel_is_shown_but_nothing_new_begins(stand: Stand) -> None:
    began: list[str] = []

    async def cannot_be_stopped(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            await asyncio.sleep(0.02)

    async def next_one(answer: Answer, progress: Progress) -> None:
        began.append("next")
        await asyncio.sleep(60)

    stand.begin(ShownStep(samples.ADDRESS, act=cannot_be_stopped), ShownStep(samples.RUNNING, act=next_one), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.wait(10)
    stand.conductor.cancel()
    stand.rest()
    stand.qtbot.wait(50)
    assert stand.conductor.scene.screen.step == "smtp-address"
    assert began == []


def test_nothing_is_reported_of_what_is_being_cancelled(stand: Stand) -> None:
    async def talkative(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            progress(samples.RESULTS[0])

    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=talkative), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "test-run")
    stand.qtbot.wait(20)
    stand.conductor.cancel()
    stand.rest()
    stand.qtbot.wait(20)
    assert stand.ear.stages == []


def test_a_fault_is_told_and_nothing_is_lost(stand: Stand) -> None:
    stand.begin(ShownStep(samples.ADDRESS, act=break_down), SENDER)
    stand.conductor.submit({"address": "a"})
    stand.rest()
    assert isinstance(stand.ear.faults[0], RuntimeError)
    assert stand.ear.steps == ["smtp-address"]
    assert not stand.conductor.busy


def test_a_fault_behind_a_working_screen_is_no_dead_end(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=break_down), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: bool(stand.ear.faults))
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-address"


def test_going_back_keeps_what_stands_in_the_form(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER, at=1)
    stand.conductor.back({"alias": "Half ty", "address": ""})
    stand.rest()
    stand.conductor.submit({"address": "a@example.org"})
    stand.rest()
    assert values(stand.conductor.scene) == {"alias": "Half ty", "address": ""}


def test_the_rail_leads_back_and_keeps_what_was_typed(stand: Stand) -> None:
    start = ShownStep(samples.START, stop="start")
    stand.begin(start, ADDRESS, ShownStep(samples.SENDER, stop="sender"), at=2)
    stand.conductor.return_to("start", {"alias": "A", "address": "b"})
    stand.rest()
    assert stand.conductor.scene.screen.step == "start"
    assert stand.wizard.draft.typed["sender"] == {"alias": "A", "address": "b"}


def test_a_password_is_never_kept(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.CONNECT), at=1)
    stand.conductor.back({"host": "smtp.example.org", "password": "secret"})
    stand.rest()
    assert stand.wizard.draft.typed["smtp-connect"] == {"host": "smtp.example.org"}


def test_a_remedy_leads_to_the_form_with_its_field(stand: Stand) -> None:
    stand.begin(
        ADDRESS,
        ShownStep(samples.CONNECT),
        ShownStep(samples.SENDER, stop="sender"),
        ShownStep(samples.RUNNING, stop="test", act=halt),
        REVIEW,
        at=2,
    )
    stand.conductor.submit({"alias": "A", "address": "a@example.org"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    stand.conductor.change("password")
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-connect"


def test_a_remedy_for_a_field_of_the_same_form_stays_there(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.SENDER, act=halt), at=1)
    stand.conductor.submit({"alias": "A", "address": "a@example.org"})
    stand.rest()
    stand.conductor.change("address")
    stand.rest()
    assert stand.conductor.scene.screen.step == "sender"
    assert isinstance(stand.conductor.scene.screen, Form)


def test_a_remedy_for_a_field_that_nobody_has_leads_back(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=halt), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    stand.conductor.change("nonsense")
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-address"


def test_starting_over_begins_at_the_first_screen(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER, REVIEW, at=2)
    stand.conductor.start_over()
    stand.rest()
    assert stand.ear.steps == ["review", "smtp-address"]
    assert stand.wizard.draft.id != "a"
    assert not stand.conductor.scene.can_go_back


def test_wanting_to_practise_is_told(stand: Stand) -> None:
    from sendwright.wizard.draft import Draft, Purpose  # noqa: PLC0415 - only here
    from sendwright.world import World  # noqa: PLC0415 - only here

    class Practise(ShownStep):
        async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
            return replace(state, purpose=Purpose.PRACTISE)

    stand.begin(Practise(samples.START))
    stand.conductor.submit({"choice": "practise"})
    stand.rest()
    assert stand.ear.practising == 1


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


def values(scene: Scene) -> dict[str, str]:
    assert isinstance(scene.screen, Form)
    return {field.name: field.value for field in scene.screen.fields}
