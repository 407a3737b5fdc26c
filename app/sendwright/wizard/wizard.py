"""The wizard itself: where the person is, how she came there, and what an answer leads to."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec
from msgspec.structs import replace

from sendwright.diagnosis.two_sides import TwoSides
from sendwright.problems.problem import Problem
from sendwright.providers.provider import Advice, Step
from sendwright.screens import (
    Action,
    Answer,
    Base,
    Choice,
    Consent,
    Elsewhere,
    Field,
    FieldKind,
    Form,
    Halted,
    Interrupted,
    Notice,
    Review,
    Screen,
    Sheet,
    Stopped,
    Working,
)
from sendwright.secret import Secret
from sendwright.wizard.draft import Draft
from sendwright.wizard.forgetting import forget_secrets
from sendwright.wizard.trail import SECRET_KINDS, Trail, kept
from sendwright.world import Progress, World

Walk = Callable[[Draft], Sequence[Step[Draft]]]


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the wizard that can be saved: the draft, the step, and the resting places on the way to it."""

    draft: Draft
    step: str
    history: tuple[str, ...] = ()


class RailEntry(msgspec.Struct, frozen=True):
    """One stop of the step rail; `state` is `done`, `current` or `to-come`; only what is done can be returned to."""

    stop: str
    state: str
    reachable: bool


class DraftStore(Protocol):
    """Keeps one position between two runs of the program."""

    def save(self, position: Position) -> None:
        """Replace what is kept. Raises OSError."""
        ...

    def discard(self) -> None:
        """Forget what is kept. Raises OSError."""
        ...


class Wizard:
    """Walks a table of steps with one draft.

    The draft only grows: going back moves the place, not the answers, so nothing is ever lost. A result that belongs
    to certain answers (a passed test) carries their digest and lapses by itself when they change.
    resumed: the draft is that of an earlier run, and nobody started over since. trail: the screens it came past.
    """

    def __init__(self, world: World, *, walk: Walk, start: Position, store: DraftStore, resumed: bool = False) -> None:
        self._world = world
        self._walk = walk
        self._store = store
        self._draft = start.draft
        self._step = start.step
        self._history = list(start.history)
        self._problem: Problem | None = None
        self._sides: TwoSides | None = None
        self._ways_on: tuple[Action, ...] = ()
        self._halted_answer: Answer = {}
        self._fleeting: dict[str, dict[str, str]] = {}
        self._unsaved = False
        self.resumed = resumed
        self.trail = Trail(world.clock)

    @property
    def draft(self) -> Draft:
        """All answers so far."""
        return self._draft

    @property
    def world(self) -> World:
        """What it works with."""
        return self._world

    @property
    def position(self) -> Position:
        """Where it stands, ready to be saved."""
        return Position(draft=self._draft, step=self._step, history=tuple(self._history))

    @property
    def screen(self) -> Screen:
        """What is to be shown now; also that the answers cannot be saved, where that is so."""
        shown = self._shown()
        if not self._unsaved:
            return shown
        return replace(shown, notices=(*shown.notices, Notice(key="wizard.unsaved")))

    def _shown(self) -> Screen:
        shown = self._current.show(self._draft, self._world)
        if self._problem is not None:
            stages = shown.stages if isinstance(shown, Working) else ()
            return Stopped(
                step=shown.step,
                title=shown.title,
                values=shown.values,
                submit="wizard.try-again",
                problem=self._problem,
                stages=stages,
                sides=self._sides,
                actions=self._ways_on,
            )
        return self._with_typed(shown)

    @property
    def rail(self) -> tuple[RailEntry, ...]:
        """The stops of this walk, in order."""
        steps = [step for step in self._walk(self._draft) if step.applies(self._draft) or step.id == self._step]
        passed = {step.stop for step in steps if step.id in self._history}
        entries: list[RailEntry] = []
        current = self._current.stop
        before = True
        for stop in dict.fromkeys(step.stop for step in steps):
            before = before and stop != current
            state = "current" if stop == current else "done" if before else "to-come"
            entries.append(RailEntry(stop, state, self.can_go_back and state == "done" and stop in passed))
        return tuple(entries)

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place to go back to; nothing done outside is undone by it."""
        return bool(self._history) and self._draft.outcome is None and self._draft.disconnection is None

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self._following(self._draft) is None

    async def submit(self, answer: Answer, *, progress: Progress) -> None:
        """Give the answer of the current screen and go on.

        Raises screens.Rejected when fields are to be corrected: then nothing changes. A problem that stops the step
        becomes the screen. Cancelling changes nothing either, but for what was done outside (screens.Interrupted). An
        empty answer to a stopped step repeats the one that led to it. The action `back` is what the button is.
        """
        if answer.get("action") == "back":
            self.back()
            return
        step = self._current
        shown = step.show(self._draft, self._world)
        self._guard(answer, shown)
        self.trail.note(self.screen, answer)
        answer = self._halted_answer if self._problem is not None and not answer else _savable(answer, shown)
        stays = _stays(answer, shown, self._ways_on if self._problem is not None else ())
        self._problem = None
        self._halted_answer = {}
        leads_to: str | None = None
        try:
            changed = await step.accept(self._draft, answer, self._world, progress)
        except Elsewhere as elsewhere:
            leads_to = elsewhere.step
            changed = elsewhere.state if isinstance(elsewhere.state, Draft) else self._draft
        except Interrupted as interrupted:
            if isinstance(interrupted.state, Draft):
                self._draft = interrupted.state
                self._save()
            raise
        except Halted as halted:
            self.remember(answer)
            self._problem, self._sides, self._ways_on = halted.problem, halted.sides, halted.actions
            self._halted_answer = {} if "action" in answer else answer
            if isinstance(halted.state, Draft):
                self._draft = halted.state
                self._save()
            self.trail.note(self.screen, {})
            return
        typed = {name: values for name, values in changed.typed.items() if name != step.id}
        self._fleeting.pop(step.id, None)
        self._draft = replace(changed, typed=typed)
        if leads_to is not None:
            self._go_to(leads_to)
        elif not stays and (following := self._following(self._draft)) is not None:
            if not _passes_by(shown):
                self._history.append(step.id)
            self._step = following.id
        self._save()

    def _go_to(self, step_id: str) -> None:
        """Stand at a step, with those before it as the way there; an unknown one is a fault of the provider's."""
        order = [step.id for step in self._walk(self._draft)]
        place = order.index(step_id)
        self._history = [former for former in self._history if former in order[:place]]
        self._step = step_id

    def _guard(self, answer: Answer, shown: Base) -> None:
        """Let nothing that is recorded show what was typed as a secret."""
        for field in _fields(shown):
            if field.kind in SECRET_KINDS and answer.get(field.name):
                self._world.recorder.learn(Secret(answer[field.name]))

    async def advise(self, answer: Answer) -> Advice:
        """Say what helps while `answer` is being typed."""
        return await self._current.advise(self._draft, answer, self._world)

    def remember(self, answer: Answer) -> None:
        """Keep what stands in the current form although it was not submitted.

        Passwords are not kept, nor what is typed like one elsewhere: some services take one token as user name and
        password.
        """
        shown = self._current.show(self._draft, self._world)
        kinds = {field.name: field.kind for field in _fields(shown)}
        secret = {value for name, value in answer.items() if kinds.get(name) is FieldKind.PASSWORD and value}
        lasting = {
            name: kept(value, kinds.get(name))
            for name, value in _savable(answer, shown).items()
            if (name == "choice" or kinds.get(name) not in {None, FieldKind.PASSWORD, FieldKind.CODE})
            and value.strip() not in secret
        }
        self._fleeting[self._step] = {
            name: value for name, value in answer.items() if kinds.get(name) is FieldKind.CODE
        }
        if lasting != self._draft.typed.get(self._step, {}):
            self._draft = replace(self._draft, typed={**self._draft.typed, self._step: lasting})
            self._save()

    def back(self) -> None:
        """Go to the former resting place; from a problem, to the answers that led to it."""
        if self._problem is not None:
            self._problem = None
            if not _passes_by(self._current.show(self._draft, self._world)):
                return
        if self.can_go_back:
            self._step = self._history.pop()
            self._save()

    def return_to(self, stop: str) -> None:
        """Go back to the first passed screen of a stop of the rail; nothing happens where that is not possible."""
        stops = {step.id: step.stop for step in self._walk(self._draft)}
        places = [place for place, step_id in enumerate(self._history) if stops.get(step_id) == stop]
        if places and self.can_go_back:
            self._problem = None
            self._step = self._history[places[0]]
            del self._history[places[0] :]
            self._save()

    def return_to_field(self, name: str) -> None:
        """Go back to the nearest form that has a field of this name; where none has, to the former place."""
        shown = self._current.show(self._draft, self._world)
        if self._problem is not None and any(field.name == name for field in _fields(shown)):
            self._problem = None
            return
        steps = {step.id: step for step in self._walk(self._draft)}
        for place in reversed(range(len(self._history) if self.can_go_back else 0)):
            step = steps.get(self._history[place])
            if step and any(field.name == name for field in _fields(step.show(self._draft, self._world))):
                self._problem = None
                self._step = step.id
                del self._history[place:]
                self._save()
                return
        self.back()

    async def start_over(self) -> None:
        """Drop all answers, the saved draft and the secrets they refer to; the platform stays connected."""
        if self._draft.outcome is None or self._draft.outcome.secret_left:
            await forget_secrets(self._draft, self._world)
        with suppress(OSError):
            self._store.discard()
        self._draft = Draft(id=secrets.token_hex(8), platform=self._draft.platform)
        self._step = self._walk(self._draft)[0].id
        self._history.clear()
        self._problem = None
        self.resumed = False

    @property
    def _current(self) -> Step[Draft]:
        return next(step for step in self._walk(self._draft) if step.id == self._step)

    def _following(self, draft: Draft) -> Step[Draft] | None:
        steps = list(self._walk(draft))
        here = next(place for place, step in enumerate(steps) if step.id == self._step)
        return next((step for step in steps[here + 1 :] if step.applies(draft)), None)

    def _save(self) -> None:
        """Keep the position; a full disk or a folder that may not be written to stops nobody, it is only said."""
        try:
            if self._draft.outcome is not None or self._world.practice:
                self._store.discard()
            elif self._history:
                self._store.save(self.position)
        except OSError:
            self._unsaved = self._draft.outcome is None
        else:
            self._unsaved = False

    def _with_typed(self, shown: Screen) -> Screen:
        typed = {**self._draft.typed.get(self._step, {}), **self._fleeting.get(self._step, {})}
        if not typed or not isinstance(shown, Form | Choice | Review | Sheet):
            return shown
        fields = tuple(
            replace(field, value=typed[field.name]) if field.name in typed else field for field in shown.fields
        )
        if isinstance(shown, Choice):
            return replace(shown, fields=fields, chosen=typed.get("choice", shown.chosen))
        return replace(shown, fields=fields)


def _savable(answer: Answer, shown: Base) -> Answer:
    """Return `answer` without halves of surrogate pairs, which no file holds; a password stays, it is not saved."""
    passwords = {field.name for field in _fields(shown) if field.kind is FieldKind.PASSWORD}
    return {
        name: value if name in passwords else value.encode("utf-8", "replace").decode("utf-8")
        for name, value in answer.items()
    }


def _passes_by(shown: Base) -> bool:
    """Tell whether nobody can go back to the screen: it is of this moment only."""
    return isinstance(shown, Working | Consent)


def _stays(answer: Answer, shown: Base, ways_on: Sequence[Action]) -> bool:
    """Tell whether the answer is an action that leaves the person where she is."""
    offered = (*ways_on, *shown.actions, *((cell.action for cell in shown.cells) if isinstance(shown, Sheet) else ()))
    retry = shown.retry if isinstance(shown, Sheet) else None
    return any(
        action is not None and action.stays and action.name == answer.get("action") for action in (*offered, retry)
    )


def _fields(shown: Base) -> tuple[Field, ...]:
    return shown.fields if isinstance(shown, Form | Choice | Review | Sheet) else ()
