"""A step can keep the person where she is, offer ways on from a stop, and tell what was done outside before it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import NOW, stage

from sendwright.diagnosis.stage import StageResult
from sendwright.document.blocks import Document, Paragraph
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.provider import Step
from sendwright.screens import Action, Answer, Cell, Field, FieldKind, Halted, Screen, Sheet, Stopped
from sendwright.wizard.draft import Draft, Staged
from sendwright.wizard.step import WizardStep
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import Progress, World

PROBLEM = classify(Evidence(stage="sign-in", system=System.ENTRA, error="access_denied", number=53003))
STAYING = Action(name="again", label="wizard.continue", stays=True)
LEADING = Action(name="on", label="wizard.continue")
Accept = Callable[[Draft, Answer], Awaitable[Draft]]


def ignore(_: StageResult) -> None:
    """Nobody watches."""


async def nothing(state: Draft, answer: Answer) -> Draft:
    return state


@dataclass
class Reading(WizardStep):
    """A sheet with a cell, two actions, a field and an action that comes by itself."""

    id: str
    accepting: Accept = nothing
    stop: str = "start"
    answers: list[Answer] = field(default_factory=list)

    def show(self, state: Draft, world: World) -> Screen:
        return Sheet(
            step=self.id,
            title="start.title",
            values={"platform": "x"},
            document=Document(id="words", title="Words", blocks=(Paragraph(text=state.id),)),
            cells=(Cell(id="one", title="One", action=replace(STAYING, name="prove")),),
            fields=(Field(name="output", kind=FieldKind.LINES, label="test.to"),),
            actions=(STAYING, LEADING),
            retry=replace(STAYING, name="by-itself"),
            retry_at=NOW,
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        self.answers.append(dict(answer))
        return await self.accepting(state, answer)


async def walking(folder: Path, world: World, *steps: Step[Draft]) -> Wizard:
    start = Position(draft=Draft(id="d"), step=steps[0].id)
    return Wizard(world, walk=lambda _: steps, start=start, store=StoredDrafts(folder))


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({}, "second"),
        ({"action": "on", "output": "x"}, "second"),
        ({"action": "again", "output": "x"}, "first"),
        ({"action": "prove"}, "first"),
        ({"action": "by-itself"}, "first"),
        ({"action": "of-another-screen"}, "second"),
    ],
)
async def test_only_an_action_that_says_so_keeps_the_person_here(
    tmp_path: Path, answer: dict[str, str], place: str
) -> None:
    first = Reading("first")
    async with stage(tmp_path) as play:
        wizard = await walking(tmp_path, play.world, first, Reading("second"))
        await wizard.submit(answer, progress=ignore)
        assert first.answers == [answer]
        assert wizard.position.step == place
        assert wizard.position.history == (("first",) if place == "second" else ())


async def test_what_stays_is_changed_and_saved(tmp_path: Path) -> None:
    async def mark(state: Draft, answer: Answer) -> Draft:
        return replace(state, id=f"{state.id}+")

    async with stage(tmp_path) as play:
        wizard = await walking(tmp_path, play.world, Reading("first"), Reading("second", mark))
        await wizard.submit({}, progress=ignore)
        await wizard.submit({"action": "again"}, progress=ignore)
        await wizard.submit({"action": "again"}, progress=ignore)
        assert isinstance(wizard.screen, Sheet)
        assert wizard.screen.document.blocks == (Paragraph(text="d++"),)
        saved = StoredDrafts(tmp_path).load()
        assert saved is not None
        assert (saved.draft.id, saved.step) == ("d++", "second")


async def test_what_was_pasted_stands_there_still(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await walking(tmp_path, play.world, Reading("first"), Reading("second"))
        wizard.remember({"output": "two\nlines"})
        assert isinstance(wizard.screen, Sheet)
        assert wizard.screen.fields[0].value == "two\nlines"


async def test_a_stop_offers_the_ways_on_and_gives_the_chosen_one_to_its_step(tmp_path: Path) -> None:
    async def halt(state: Draft, answer: Answer) -> Draft:
        if answer.get("action") == "on":
            return state
        raise Halted(PROBLEM, actions=(LEADING,))

    first = Reading("first", halt)
    async with stage(tmp_path) as play:
        wizard = await walking(tmp_path, play.world, first, Reading("second"))
        await wizard.submit({"output": "x"}, progress=ignore)
        assert isinstance(wizard.screen, Stopped)
        assert wizard.screen.actions == (LEADING,)
        await wizard.submit({"action": "on"}, progress=ignore)
        assert first.answers[-1] == {"action": "on"}
        assert wizard.position.step == "second"


async def test_trying_again_repeats_an_answer_but_no_action(tmp_path: Path) -> None:
    async def halt(state: Draft, answer: Answer) -> Draft:
        raise Halted(PROBLEM)

    first = Reading("first", halt)
    async with stage(tmp_path) as play:
        wizard = await walking(tmp_path, play.world, first)
        await wizard.submit({"output": "x"}, progress=ignore)
        await wizard.submit({}, progress=ignore)
        await wizard.submit({"action": "on"}, progress=ignore)
        await wizard.submit({}, progress=ignore)
        assert first.answers == [{"output": "x"}, {"output": "x"}, {"action": "on"}, {}]


async def test_what_was_done_outside_before_the_stop_is_not_forgotten(tmp_path: Path) -> None:
    staged = Staged(version=3, profile="p")

    async def halt(state: Draft, answer: Answer) -> Draft:
        raise Halted(PROBLEM, state=replace(state, staged=staged))

    async with stage(tmp_path) as play:
        wizard = await walking(tmp_path, play.world, Reading("first"), Reading("second", halt))
        await wizard.submit({}, progress=ignore)
        await wizard.submit({}, progress=ignore)
        assert isinstance(wizard.screen, Stopped)
        assert wizard.draft.staged == staged
        saved = StoredDrafts(tmp_path).load()
        assert saved is not None
        assert saved.draft.staged == staged
        wizard.back()
        assert wizard.draft.staged == staged
