"""A step can send the person to another place of the walk than the next, and a page of this moment is no place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import stage

from sendwright.diagnosis.stage import StageResult
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Action, Answer, Consent, Elsewhere, Form, Halted, Screen, Stopped, Working
from sendwright.wizard.draft import Draft
from sendwright.wizard.step import WizardStep
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import Progress, World

PROBLEM = classify(Evidence(stage="sign-in", system=System.ENTRA, error="access_denied", number=53003))
STAYING = Action(name="again", label="wizard.continue", stays=True)
SIGN_IN_PAGE = "https://login.example.org/authorize"
Accept = Callable[[Draft, Answer], Awaitable[Draft]]


def ignore(_: StageResult) -> None:
    """Nobody watches."""


async def nothing(state: Draft, answer: Answer) -> Draft:
    return state


async def back_to_work(state: Draft, answer: Answer) -> Draft:
    raise Elsewhere(replace(state, id=f"{state.id}+"), step="work")


@dataclass
class Page(WizardStep):
    """A form, a working screen or a sign-in page."""

    id: str
    kind: type[Form | Working | Consent] = Form
    accepting: Accept = nothing
    stop: str = "start"

    def show(self, state: Draft, world: World) -> Screen:
        if self.kind is Working:
            return Working(step=self.id, title="start.title", stages=("backend",))
        if self.kind is Consent:
            return Consent(step=self.id, title="start.title", url=SIGN_IN_PAGE)
        return Form(step=self.id, title="start.title", fields=())

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        return await self.accepting(state, answer)


def walking(folder: Path, world: World, *steps: Page) -> Wizard:
    start = Position(draft=Draft(id="d"), step=steps[0].id)
    return Wizard(world, walk=lambda _: steps, start=start, store=StoredDrafts(folder))


async def test_the_person_goes_on_at_the_step_that_was_named(tmp_path: Path) -> None:
    steps = (Page("plan"), Page("work", Working), Page("consent", Consent, back_to_work), Page("end"))
    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, *steps)
        await wizard.submit({}, progress=ignore)
        await wizard.submit({}, progress=ignore)
        assert wizard.position.step == "consent"
        await wizard.submit({"action": "own-browser"}, progress=ignore)
        assert wizard.position == Position(draft=Draft(id="d+"), step="work", history=("plan",))
        saved = StoredDrafts(tmp_path).load()
        assert saved is not None
        assert (saved.step, saved.draft.id) == ("work", "d+")


async def test_places_behind_the_one_that_was_named_are_no_way_back(tmp_path: Path) -> None:
    steps = (Page("plan"), Page("work"), Page("more"), Page("last", accepting=back_to_work))
    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, *steps)
        for _ in range(4):
            await wizard.submit({}, progress=ignore)
        assert (wizard.position.step, wizard.position.history) == ("work", ("plan",))


async def test_a_step_can_begin_itself_anew(tmp_path: Path) -> None:
    steps = (Page("plan"), Page("work", accepting=back_to_work), Page("end"))
    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, *steps)
        for _ in range(3):
            await wizard.submit({}, progress=ignore)
        assert wizard.position == Position(draft=Draft(id="d++"), step="work", history=("plan",))


async def test_a_place_that_is_not_there_is_a_fault_and_moves_nobody(tmp_path: Path) -> None:
    async def nowhere(state: Draft, answer: Answer) -> Draft:
        raise Elsewhere(state, step="nowhere")

    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, Page("plan", accepting=nowhere), Page("end"))
        with pytest.raises(ValueError, match="nowhere"):
            await wizard.submit({}, progress=ignore)
        assert wizard.position.step == "plan"


@pytest.mark.parametrize("kind", [Working, Consent])
async def test_nobody_goes_back_to_a_page_of_this_moment(tmp_path: Path, kind: type[Working | Consent]) -> None:
    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, Page("plan"), Page("moment", kind), Page("end"))
        await wizard.submit({}, progress=ignore)
        await wizard.submit({}, progress=ignore)
        assert wizard.position.history == ("plan",)
        wizard.back()
        assert wizard.position.step == "plan"


async def test_back_from_a_problem_of_a_sign_in_page_leads_before_it(tmp_path: Path) -> None:
    async def halt(state: Draft, answer: Answer) -> Draft:
        raise Halted(PROBLEM)

    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, Page("plan"), Page("consent", Consent, halt), Page("end"))
        await wizard.submit({}, progress=ignore)
        await wizard.submit({"callback": "https://login.example.org/?error=access_denied"}, progress=ignore)
        assert isinstance(wizard.screen, Stopped)
        wizard.back()
        assert wizard.position.step == "plan"


async def test_an_action_that_only_the_stop_offers_can_keep_the_person_too(tmp_path: Path) -> None:
    async def halt(state: Draft, answer: Answer) -> Draft:
        if answer.get("action") == "again":
            return replace(state, id="tried")
        raise Halted(PROBLEM, actions=(STAYING,))

    async with stage(tmp_path) as play:
        wizard = walking(tmp_path, play.world, Page("first", accepting=halt), Page("second"))
        await wizard.submit({}, progress=ignore)
        await wizard.submit({"action": "again"}, progress=ignore)
        assert not isinstance(wizard.screen, Stopped)
        assert (wizard.position.step, wizard.draft.id) == ("first", "tried")
        await wizard.submit({"action": "again"}, progress=ignore)  # no action of the screen itself any more
        assert wizard.position.step == "second"
