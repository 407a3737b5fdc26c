"""Draws what stands in a diagnosis file for a terminal."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

import msgspec
from rich.console import Console
from rich.text import Text

from sendwright.cli.listing import Item
from sendwright.cli.render import problem_card, stage_label, stage_line
from sendwright.cli.sides_table import sides_table
from sendwright.diagnosis.stage import Verdict
from sendwright.diagnosis.two_sides import TwoSides
from sendwright.diagnosis_file import Comparison, DiagnosisFile
from sendwright.diagnosis_file.wording import told_change, told_entry, told_fact, told_subject
from sendwright.network.wall.wall import wall_from
from sendwright.network.wall.words import map_lines, remarks
from sendwright.problems.acting import acting
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.problem import Problem
from sendwright.recording.event import Event
from sendwright.recording.recorder import SIGNING_IN
from sendwright.texts import text

_SIGNS: Mapping[str, str] = MappingProxyType({"said": "→", "heard": "←", "asked": "→", "answered": "←"})
_TIME_WIDTH, _LAYER_WIDTH = 9, 5
CONNECTION = "connection"
_INDENT = _TIME_WIDTH + _LAYER_WIDTH + len("  → ")
MOST_LINES: Final = 20_000
"""Lines of a transcript that are shown; a recorder keeps fewer events than that, a stranger's file may hold more."""

_NARROWEST = 40
"""Columns that are left for words, however narrow the terminal is."""


def show_result(file: DiagnosisFile, first: Problem | None, level: Level, out: Console) -> None:
    """Say in the first lines where it stopped, why and who has to act; then as much more as `level` wants."""
    subject, when = told_subject(file.subject), _moment(file.made_at)
    out.print(Text(text("open.made", subject=subject, time=when, version=file.program), style="dim"))
    if first is None:
        out.print(Text(text("open.fine"), style="bold green"))
        return
    told = explain(first)
    stage = next((stage for stage in file.stages if stage.problem == first), None)
    if stage is not None and stage.verdict is Verdict.FAILED:
        out.print(Text(text("open.stopped-at", stage=stage_label(stage.id)), style="bold"))
    cause = "open.remark" if stage is not None and stage.verdict is Verdict.WARNING else "open.cause"
    out.print(Text(text(cause, title=told.title, code=told.code), style="bold"))
    out.print(Text(text("open.who", owner=acting(told.owner, away=True).name), style="bold"))
    if level is Level.PLAIN:
        out.print(Text(told.what))
        action = next((remedy.label for remedy in told.remedies), "") or text(f"retry.{told.retry}")
        out.print(Text(text("open.action", action=action)))
        return
    out.print()
    out.print(problem_card(told, verdict=Verdict.FAILED if stage is None else stage.verdict, level=level, away=True))


def show_stages(file: DiagnosisFile, out: Console) -> None:
    """List the steps with their times."""
    if file.stages:
        _head(text("open.stages"), out)
        for stage in file.stages:
            out.print(stage_line(stage))


def show_events(file: DiagnosisFile, out: Console) -> None:
    """List what went over the network, line by line, as it was."""
    _head(text("open.events"), out)
    if not file.events:
        out.print(Text(text("open.no-events"), style="dim"))
    connections = {event.values[CONNECTION] for event in file.events if CONNECTION in event.values}
    hidden = frozenset(SIGNING_IN) | ({CONNECTION} if len(connections) == 1 else set())
    left = MOST_LINES
    for event in file.events:
        line = _event(event, hidden, out)
        left -= 1 + line.plain.count("\n")
        if left < 0:
            out.print("…", style="dim")
            return
        out.print(line)


def show_sides(file: DiagnosisFile, out: Console) -> None:
    """Hold the steps from the desk and from the backend against each other."""
    if file.sides is None:
        return
    _head(told_entry("sides"), out)
    try:
        sides = msgspec.convert(file.sides, TwoSides)
    except msgspec.ValidationError:  # of another version
        _list(file.sides, out)
        return
    out.print(sides_table(sides, _seen))


def _seen(verdict: Verdict, _took_ms: float, problem: str | None) -> Text:
    return Text(problem or text(f"verdicts.{verdict}"))


def show_wall(file: DiagnosisFile, out: Console) -> None:
    """List what the network lets through."""
    if file.wall is not None:
        _head(told_entry("wall"), out)
        wall = wall_from(file.wall)
        if wall is None:  # of a version that draws it differently
            _list(file.wall, out)
            return
        for line in (*map_lines(wall), *remarks(wall)):
            out.print(Item(line), crop=False)


def show_environment(file: DiagnosisFile, out: Console) -> None:
    """List the facts about the computer."""
    if file.environment:
        _head(text("open.environment"), out)
        for name, value in file.environment.items():
            out.print(Item(f"{told_fact(name)}: {value}"), crop=False)


def show_comparison(comparison: Comparison, out: Console) -> None:
    """List what changed between two files."""
    moments = comparison.former_at, comparison.latter_at
    former, latter = map(_moment, moments)
    if former == latter:
        former, latter = (f"{moment.astimezone(UTC):%H:%M:%S} UTC" for moment in moments)
    _head(text("diagnosis_file.changes.heading", former=former, latter=latter), out)
    for change in comparison.changes:
        out.print(Item(told_change(change), first="  • "), crop=False)
    if not comparison.changes:
        out.print(Text(text("diagnosis_file.changes.nothing")))


def _event(event: Event, hidden: Collection[str], out: Console) -> Text:
    """Return time, protocol, who spoke, and what; what does not fit into the line goes on below it, as far in."""
    spoken = event.name in _SIGNS and bool(event.text)
    shown = [] if spoken else [event.name]
    left_out = {*hidden, "code"} if spoken else hidden  # the words begin with the code
    shown += [f"{name}={value}" for name, value in event.values.items() if name not in left_out]
    said = event.text.rstrip("\n")
    words = Text(" ".join(shown), style="dim" if said else "")
    words.append(f"{' ' if shown and said else ''}{said}", style="not dim" if shown else "")
    room = max(out.width - _INDENT, _NARROWEST)
    fits = len(words) <= room and words.plain.isascii() and "\n" not in words.plain
    first, *rest = [words] if fits else words.wrap(out, room, overflow="fold") or [Text()]
    for part in (first, *rest):
        part.rstrip()
    line = Text(overflow="fold")
    line.append(f"{event.at_ms:{_TIME_WIDTH}.1f} {event.layer:{_LAYER_WIDTH}} ", style="dim")
    line.append(f"{_SIGNS.get(event.name, ' ')} ", style="dim")
    line.append_text(first)
    for further in rest:
        line.append(f"\n{' ' * _INDENT}").append_text(further)
    return line


def _list(value: object, out: Console, path: str = "") -> None:
    """List plain data of any shape, one value a line."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _list(inner, out, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            _list(inner, out, f"{path}.{place}")
    else:
        out.print(Item(f"{path}: {value}"), crop=False)


def _head(words: str, out: Console) -> None:
    out.print()
    out.print(Text(words, style="bold"))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
