"""Replays a diagnosis file as a walk of its own: the same window, nothing but pages to look at."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from sendwright.diagnosis.two_sides import TwoSides
from sendwright.diagnosis_file import Comparison, DiagnosisFile, Shown, first_problem
from sendwright.diagnosis_file.wording import told_change, told_fact
from sendwright.providers.provider import Step
from sendwright.recording.event import Event
from sendwright.screens import Action, Answer, Notice, Recorded, Screen
from sendwright.texts import has, here, text
from sendwright.wizard.draft import Draft
from sendwright.wizard.step import WizardStep
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import Progress, World

RESULT, SCREENS, WIRE, COMPUTER, COMPARED = "result", "screens", "wire", "computer", "compared"

COMPARE, CLOSE = "compare", "close"
"""Actions of the pages; faces carry them out."""

_SIGNS = {"said": "→", "asked": "→", "heard": "←", "answered": "←"}
_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "kind": "diagnosis_file.kinds.{}",
        "purpose": "start.{}.label",
        "provider": "providers.{}.name",
        "security": "custom_smtp.security.{}",
    }
)
_LEAVE = (Action(name=CLOSE, label="replay.end"),)
_PASSES_BY = frozenset({"working", "recorded"})
"""Kinds of recorded screens that say nothing afterwards: what they led to is on the next one."""


class ReplayStep(WizardStep):
    """One page of the file; there is nothing to answer."""

    def __init__(self, screen: Recorded, *, stop: str) -> None:
        self.id = screen.step
        self.stop = stop
        self._screen = screen

    def show(self, state: Draft, world: World) -> Screen:
        """Show the page."""
        del state, world
        return self._screen

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Go on to the next page."""
        del answer, world, progress
        return state


def replay(file: DiagnosisFile, world: World, *, comparison: Comparison | None = None) -> Wizard:
    """Return a wizard that walks through `pages`. It asks nothing of `world` but the time, and keeps no draft."""
    steps: Sequence[Step[Draft]] = tuple(
        ReplayStep(page, stop=stop) for page, stop in pages(file, comparison=comparison)
    )
    found, draft = steps[0].id, Draft(id="replay")
    start = Position(draft=draft, step=found)
    if comparison is not None:  # that is what it was opened for; going back leads to what was found
        start = Position(draft=draft, step=COMPARED, history=(found,))
    return Wizard(world, walk=lambda _: steps, start=start, store=NoDrafts())


def pages(file: DiagnosisFile, *, comparison: Comparison | None = None) -> tuple[tuple[Recorded, str], ...]:
    """Return the pages with their stops: what was found, what changed, each screen, the wire, the computer."""
    changed = () if comparison is None else ((_compared(comparison), COMPARED),)
    shown = ((screen, SCREENS) for screen in _screens(file))
    return (_result(file), RESULT), *changed, *shown, (_wire(file), WIRE), (_computer(file), COMPUTER)


def _result(file: DiagnosisFile) -> Recorded:
    problem = first_problem(file)
    fine = (Notice(key="replay.result.fine"),) if problem is None else ()
    return Recorded(
        step=RESULT,
        title="replay.result.title",
        lead="replay.result.lead",
        values={"when": here(file.made_at), "version": file.program},
        submit="replay.next",
        notices=fine,
        facts=tuple(_fact(name, value) for name, value in file.subject.items()),
        actions=(Action(name=COMPARE, label="replay.choose.compare"), *_LEAVE),
        problem=problem,
        at=file.made_at,
        results=file.stages,
        sides=_sides(file),
    )


def _sides(file: DiagnosisFile) -> TwoSides | None:
    try:
        return None if file.sides is None else msgspec.convert(file.sides, TwoSides)
    except msgspec.ValidationError:  # of another version
        return None


def shown_screens(file: DiagnosisFile) -> tuple[Shown, ...]:
    """Return the recorded screens that are replayed, in their order."""
    return tuple(entry for entry in file.screens if str(entry.screen.get("type")) not in _PASSES_BY)


def _screens(file: DiagnosisFile) -> list[Recorded]:
    shown = shown_screens(file)
    return [
        Recorded(
            step=f"{SCREENS}-{number}",
            title="replay.page.title",
            lead="replay.page.lead",
            values={"number": str(number), "total": str(len(shown)), "when": here(entry.at)},
            submit="replay.next",
            actions=_LEAVE,
            inner=entry.screen,
        )
        for number, entry in enumerate(shown, start=1)
    ]


def _wire(file: DiagnosisFile) -> Recorded:
    nothing = () if file.events else (Notice(key="replay.wire.none"),)
    return Recorded(
        step=WIRE,
        title="replay.wire.title",
        submit="replay.next",
        notices=nothing,
        actions=_LEAVE,
        lines=tuple(line for event in file.events for line in _event(event)),
    )


def _event(event: Event) -> list[str]:
    """Return an event as one line, its further lines below it: time, protocol, who spoke, what."""
    sign = _SIGNS.get(event.name, "·")
    values = " ".join(f"{name}={value}" for name, value in event.values.items())
    first, *rest = event.text.splitlines() or [""]
    spoken = event.name in _SIGNS and bool(first)
    said = first if spoken else " ".join(filter(None, (event.name, values, first)))
    indent = " " * len(f"{event.at_ms:9.1f} {event.layer:<5} {sign} ")
    return [f"{event.at_ms:9.1f} {event.layer:<5} {sign} {said}", *(f"{indent}{line}" for line in rest)]


def _computer(file: DiagnosisFile) -> Recorded:
    facts = tuple((told_fact(name), value) for name, value in file.environment.items())
    return Recorded(step=COMPUTER, title="replay.computer.title", submit="replay.end", facts=facts)


def _compared(comparison: Comparison) -> Recorded:
    nothing = () if comparison.changes else (Notice(key="replay.compared.nothing"),)
    return Recorded(
        step=COMPARED,
        title="replay.compared.title",
        lead="replay.compared.lead",
        values={"former": here(comparison.former_at), "latter": here(comparison.latter_at)},
        submit="replay.next",
        notices=nothing,
        actions=_LEAVE,
        sentences=tuple(told_change(change) for change in comparison.changes),
    )


def _fact(name: str, value: object) -> tuple[str, str]:
    """Return a fact about what was tried in words; what this version has no words for stays as it is."""
    told = _VALUES.get(name, "").format(value)
    key = f"replay.fact.{name}"
    return text(key) if has(key) else name, text(told) if told and has(told) else str(value)
