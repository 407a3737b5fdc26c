"""Reads a diagnosis file, whoever made it: only data comes out of it, nothing runs, nothing is fetched."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis_file import limits, parts
from sendwright.diagnosis_file.archive import read_archive
from sendwright.diagnosis_file.contents import DiagnosisFile, Shown
from sendwright.diagnosis_file.manifest import read_manifest
from sendwright.diagnosis_file.own_words import harmless, own_problem
from sendwright.diagnosis_file.plain_json import Budget, read_lines
from sendwright.diagnosis_file.refusals import FileRefused, Refusal
from sendwright.problems.problem import Problem
from sendwright.recording.event import Event
from sendwright.recording.visible import visible

_KEBAB: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")

_EARLIEST_YEAR, _LATEST_YEAR = 1970, 9_000

T = TypeVar("T")


class _Report(msgspec.Struct, frozen=True):
    subject: dict[str, str | int]


def unpack(octets: bytes) -> DiagnosisFile:
    """Return what stands in a diagnosis file. Raises FileRefused, and nothing else, whatever `octets` are.

    Remedies, links and commands are those that this program knows for the code of a problem. Control characters are
    made visible. Parts that this version does not know are passed over.
    """
    entries = read_archive(octets)
    manifest = read_manifest(entries)
    read = _Parts(entries)
    reports = read.all(parts.DIAGNOSIS, _Report)
    if len(reports) != 1:
        raise FileRefused(Refusal.CONTENT)
    return DiagnosisFile(
        made_at=_moment(manifest.made_at),
        program=visible(manifest.program),
        language=visible(manifest.language),
        subject=reports[0].subject,
        stages=tuple(map(read.stage, read.all(parts.STAGES, StageResult, at_most=limits.RESULTS))),
        problems=tuple(map(read.problem, read.all(parts.PROBLEMS, Problem, at_most=limits.RESULTS))),
        events=tuple(map(_possible, read.all(parts.EVENTS, Event))),
        screens=tuple(map(read.shown, read.all(parts.SCREENS, Shown, at_most=limits.RESULTS))),
        environment={fact.name: fact.value for fact in read.all(parts.ENVIRONMENT, parts.FactOfEnvironment)},
        wall=read.mapping(parts.WALL),
        sides=read.mapping(parts.SIDES),
    )


def read(path: Path) -> DiagnosisFile:
    """Return what stands in the file at `path`. Raises FileRefused, also where it cannot be read."""
    try:
        with path.open("rb") as opened:
            octets = opened.read(limits.FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise FileRefused(Refusal.UNREADABLE) from error
    return unpack(octets)


def _moment(at: datetime) -> datetime:
    """Return `at` in UTC. Raises FileRefused for one that cannot be shown in every time zone, or that has none."""
    if at.tzinfo is None or not _EARLIEST_YEAR <= at.year <= _LATEST_YEAR:
        raise FileRefused(Refusal.CONTENT)
    return at.astimezone(UTC)


def _possible(event: Event) -> Event:
    """Return `event` with no more words than a recorder keeps. Raises FileRefused for a time that none takes."""
    if not 0 <= event.at_ms <= limits.LONGEST_MS or len(event.values) > limits.EVENT_VALUES:
        raise FileRefused(Refusal.CONTENT)
    if len(event.text) <= limits.EVENT_WORDS and all(
        len(value) <= limits.EVENT_WORDS for value in event.values.values()
    ):
        return event
    values = {name: value[: limits.EVENT_WORDS] for name, value in event.values.items()}
    return msgspec.structs.replace(event, text=event.text[: limits.EVENT_WORDS], values=values)


class _Parts:
    """The parts of one file, read as what they should be."""

    def __init__(self, entries: Mapping[str, bytes]) -> None:
        self._entries = entries
        self._budget = Budget(limits.NODES)
        self._problems = Budget(limits.RESULTS)

    def all(self, name: str, kind: type[T], *, at_most: int = limits.LINES) -> tuple[T, ...]:
        """Return the lines of a part; one that is missing has none."""
        lines = read_lines(self._entries.get(name, b""), self._budget)
        if len(lines) > at_most:
            raise FileRefused(Refusal.TOO_COMPLEX)
        try:
            return tuple(msgspec.convert(line, kind) for line in lines)
        except msgspec.ValidationError as error:
            raise FileRefused(Refusal.CONTENT) from error

    def mapping(self, name: str) -> dict[str, object] | None:
        """Return the one line of a free-form part, None where there is none."""
        lines = self.all(name, dict[str, object], at_most=1)
        return self._free_form(lines[0]) if lines else None

    def problem(self, problem: Problem) -> Problem:
        """Return `problem` with remedies of our own."""
        return own_problem(problem, self._problems)

    def stage(self, stage: StageResult) -> StageResult:
        """Return `stage` with nothing in it to press."""
        if not _KEBAB.fullmatch(stage.id) or not 0 <= stage.took_ms <= limits.LONGEST_MS:
            raise FileRefused(Refusal.CONTENT)
        problem = None if stage.problem is None else self.problem(stage.problem)
        return msgspec.structs.replace(stage, evidence=self._free_form(stage.evidence), problem=problem)

    def shown(self, shown: Shown) -> Shown:
        """Return a screen with nothing in it to press that is not ours."""
        problem = None if shown.problem is None else self.problem(shown.problem)
        screen = self._free_form(shown.screen)
        return msgspec.structs.replace(shown, at=_moment(shown.at), screen=screen, problem=problem)

    def _free_form(self, value: dict[str, object]) -> dict[str, object]:
        found = harmless(value, self._problems)
        if not isinstance(found, dict):
            raise FileRefused(Refusal.CONTENT)
        return found
