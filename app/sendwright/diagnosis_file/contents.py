"""What a diagnosis file holds, as data."""

from datetime import datetime
from typing import Final

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.problems.problem import Problem
from sendwright.recording.event import Event

ENDING: Final = ".sendwright-diagnosis"
"""How the names of diagnosis files end. Nothing hangs on it: a file is known by what it holds."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A screen that the person saw.

    at: aware, when it appeared. screen: a `screens.Screen` as plain builtins, as `msgspec.to_builtins` makes them, tag
    (`type`) and all. The screens lie on a layer above this one, so `msgspec.convert(shown.screen, Screen)` is for
    whoever replays it; for a file from elsewhere it may raise `msgspec.ValidationError`, and its keys of texts may be
    unknown to this version. Passwords never stand in a screen. problem: what was shown on it, None where all was well.

    No address to open (of a sign-in page) comes into a file or out of one, and a problem inside of a screen comes out
    with the remedies of this program and not with those of the file.
    """

    at: datetime
    screen: dict[str, object]
    problem: Problem | None = None


class DiagnosisFile(msgspec.Struct, frozen=True, kw_only=True):
    """One diagnosis, with all that helps to understand it elsewhere and later.

    made_at: aware. program: version of the program that made it. language: the one in use then (ISO 639-1). subject:
    what was looked at (`diagnosis.report.Report.subject`). stages: in the order in which they ran. problems: each one
    once, the one to act on first; whole, so that they can be told at any level and in any language. events: what went
    over the wire. screens: what the person saw, oldest first. environment: facts about the computer
    (`environment.describe`). wall: the map of what the network lets through, None where it was not drawn. sides: the
    two-sided test, None where it was not made; both are plain builtins, ready for JSON.
    """

    made_at: datetime
    program: str
    language: str
    subject: dict[str, str | int]
    stages: tuple[StageResult, ...] = ()
    problems: tuple[Problem, ...] = ()
    events: tuple[Event, ...] = ()
    screens: tuple[Shown, ...] = ()
    environment: dict[str, str] = {}
    wall: dict[str, object] | None = None
    sides: dict[str, object] | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the finished file as lines of text, for a person to read before it is saved.

    name: of the part, such as `events.jsonl`; its words are the text `diagnosis_file.entries.<name without ending>`.
    lines: everything that stands in it, control characters made visible.
    """

    name: str
    lines: tuple[str, ...]


def first_problem(file: DiagnosisFile) -> Problem | None:
    """Return what to act on first: of the first stage that failed, else the first one of the file."""
    failed = (stage.problem for stage in file.stages if stage.verdict is Verdict.FAILED and stage.problem is not None)
    remarked = (stage.problem for stage in file.stages if stage.problem is not None)
    return next(iter((*failed, *file.problems, *remarked)), None)
