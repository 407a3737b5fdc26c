"""What the conductor asks of the wizard: each act ends with a scene, and what is typed belongs to its own step."""

from pathlib import Path

import pytest
from tests.desktop import samples
from tests.desktop.hand_made import ShownStep, hand_made_wizard, hand_made_world

from sendwright.desktop.backstage import Backstage, Typed
from sendwright.desktop.scene import look_at
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Halted, Notice, Rejected, Stopped
from sendwright.wizard.wizard import Wizard
from sendwright.world import Progress

START = ShownStep(samples.START, stop="start")
SENDER = ShownStep(samples.SENDER, stop="sender")
REVIEW = ShownStep(samples.REVIEW, stop="review")
TYPED = Typed("sender", {"alias": "Half ty", "address": ""})


def ignore(result: StageResult) -> None:
    """Nobody looks at the stages here."""


@pytest.fixture
def wizard(tmp_path: Path) -> Wizard:
    return hand_made_wizard(hand_made_world(tmp_path), START, SENDER, REVIEW, at=1)


async def test_an_answer_leads_to_the_next_scene(wizard: Wizard) -> None:
    scene = await Backstage(wizard).submit({"alias": "A", "address": "a@example.org"}, ignore)
    assert scene.screen.step == "review"
    assert scene.can_go_back
    assert scene.is_last


async def test_a_rejection_comes_through(tmp_path: Path) -> None:
    async def reject(answer: Answer, progress: Progress) -> None:
        raise Rejected({"alias": "address.alias-empty"})

    wizard = hand_made_wizard(hand_made_world(tmp_path), ShownStep(samples.SENDER, act=reject))
    with pytest.raises(Rejected):
        await Backstage(wizard).submit({}, ignore)


async def test_a_problem_is_a_scene_and_no_exception(tmp_path: Path) -> None:
    async def halt(answer: Answer, progress: Progress) -> None:
        raise Halted(samples.REFUSED.problem)

    wizard = hand_made_wizard(hand_made_world(tmp_path), START, ShownStep(samples.SENDER, act=halt), at=1)
    scene = await Backstage(wizard).submit({"alias": "A"}, ignore)
    assert isinstance(scene.screen, Stopped)


async def test_going_back_keeps_what_is_typed(wizard: Wizard) -> None:
    scene = await Backstage(wizard).back(TYPED)
    assert scene.screen.step == "start"
    assert wizard.draft.typed["sender"] == {"alias": "Half ty", "address": ""}


async def test_the_rail_keeps_what_is_typed(wizard: Wizard) -> None:
    scene = await Backstage(wizard).return_to("start", TYPED)
    assert scene.screen.step == "start"
    assert "sender" in wizard.draft.typed


@pytest.mark.parametrize("typed", [Typed(), Typed("start", {"choice": "check"}), Typed("sender", None)])
async def test_what_belongs_elsewhere_is_not_kept_here(wizard: Wizard, typed: Typed) -> None:
    await Backstage(wizard).keep(typed)
    assert wizard.draft.typed == {}


async def test_keeping_changes_no_place(wizard: Wizard) -> None:
    await Backstage(wizard).keep(TYPED)
    assert wizard.position.step == "sender"
    shown = look_at(wizard).screen
    assert isinstance(shown, Form)
    assert {field.name: field.value for field in shown.fields} == dict(TYPED.values or {})


async def test_a_field_is_found_where_it_is(wizard: Wizard) -> None:
    backstage = Backstage(wizard)
    await backstage.submit({"alias": "A", "address": "a@example.org"}, ignore)
    scene = await backstage.return_to_field("alias")
    assert scene.screen.step == "sender"


async def test_starting_over_drops_everything(wizard: Wizard) -> None:
    backstage = Backstage(wizard)
    await backstage.keep(TYPED)
    scene = await backstage.start_over()
    assert scene.screen.step == "start"
    assert not scene.can_go_back
    assert not scene.resumed
    assert wizard.draft.typed == {}


async def test_advice_is_for_what_is_typed_and_keeps_it(tmp_path: Path) -> None:
    async def advise(answer: Answer) -> Advice:
        return Advice(notices=(Notice(key=answer["alias"]),))

    wizard = hand_made_wizard(hand_made_world(tmp_path), START, ShownStep(samples.SENDER, advice=advise), at=1)
    advice = await Backstage(wizard).advise(TYPED)
    assert [notice.key for notice in advice.notices] == ["Half ty"]
    assert "sender" in wizard.draft.typed


def test_a_scene_says_whether_it_is_practice_or_resumed(tmp_path: Path) -> None:
    for practice in (False, True):
        world = hand_made_world(tmp_path, practice=practice)
        scene = look_at(hand_made_wizard(world, START, SENDER, at=1, resumed=not practice))
        assert (scene.practice, scene.resumed, scene.practise) == (practice, not practice, False)
        assert [entry.stop for entry in scene.rail] == ["start", "sender"]
