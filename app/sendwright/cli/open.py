"""The command `sendwright open`: shows a diagnosis file, and what changed between two."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.text import Text

from sendwright.cli.json_output import print_json
from sendwright.cli.opened import (
    show_comparison,
    show_environment,
    show_events,
    show_result,
    show_sides,
    show_stages,
    show_wall,
)
from sendwright.diagnosis.report import StageReport, report
from sendwright.diagnosis.stage import SMTP_STAGES, Verdict
from sendwright.diagnosis_file import Comparison, DiagnosisFile, FileRefused, Shown, compare, first_problem, read
from sendwright.diagnosis_file.wording import told_refusal
from sendwright.problems.explanation import Explanation, explain
from sendwright.problems.level import Level
from sendwright.recording.event import Event
from sendwright.texts import LANGUAGES, text
from sendwright.wizard.replay import shown_screens

SCHEMA: Final = "sendwright.opened/1"

FINE, REFUSED = range(2)


class RefusedReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of a file that is not opened: which, the code, and the reason in words."""

    schema: str = SCHEMA
    file: str
    refused: str
    text: str


class OpenedReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `open --json`: what stands in the file, its problems explained in the language in use.

    problem, owner: what to act on first, and who; None where nothing is wrong. comparison: None without `--compare`.
    """

    schema: str = SCHEMA
    made_at: datetime
    program: str
    language: str
    subject: dict[str, str | int]
    verdict: Verdict
    problem: str | None
    owner: str | None
    stages: tuple[StageReport, ...]
    problems: tuple[Explanation, ...]
    events: tuple[Event, ...]
    screens: tuple[Shown, ...]
    environment: dict[str, str]
    wall: dict[str, object] | None
    sides: dict[str, object] | None
    comparison: Comparison | None


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `open`."""
    parser = commands.add_parser("open", help=text("open.help"), allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", help=text("open.file"))
    parser.add_argument("--compare", metavar="OTHER", help=text("open.compare"))
    parser.add_argument("--level", choices=tuple(Level), default=Level.SUPPORT, help=text("open.level"))
    parser.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help=text("cli.language"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def run(arguments: argparse.Namespace, out: Console, data: Console) -> int:
    """Show the file; return the exit code: 0 shown, 1 refused."""
    opened: list[DiagnosisFile] = []
    for name in filter(None, (arguments.file, arguments.compare)):
        try:
            opened.append(_read(name))
        except FileRefused as refused:
            if arguments.json:
                reason = told_refusal(refused)
                print_json(RefusedReport(file=name, refused=refused.code, text=reason), data)
            else:
                line = text("open.refused", file=name, reason=told_refusal(refused))
                out.print(Text(line, style="red"), soft_wrap=True)
            return REFUSED
    file = opened[0]
    comparison = compare(file, opened[1]) if len(opened) > 1 else None
    if arguments.json:
        print_json(_opened(file, comparison), data)
    else:
        _show(file, comparison, Level(arguments.level), out)
    return FINE


def _read(name: str) -> DiagnosisFile:
    try:
        place = Path(name).expanduser()
    except RuntimeError:  # there is no such home
        place = Path(name)
    return read(place)


def _show(file: DiagnosisFile, comparison: Comparison | None, level: Level, out: Console) -> None:
    show_result(file, first_problem(file), level, out)
    if comparison is not None:
        show_comparison(comparison, out)
    if level is Level.PLAIN:
        return
    show_stages(file, out)
    show_sides(file, out)
    if level is Level.SUPPORT:
        show_events(file, out)
    show_wall(file, out)
    show_environment(file, out)
    pages = len(shown_screens(file))
    if pages:
        out.print()
        out.print(text("open.screens", count=pages), markup=False, style="dim")


def _opened(file: DiagnosisFile, comparison: Comparison | None) -> OpenedReport:
    order = SMTP_STAGES if file.subject.get("kind") == "smtp" else tuple(stage.id for stage in file.stages)
    found = report(file.subject, file.stages, order=order)
    first = first_problem(file)
    told = {problem.code: problem for problem in found.problems}
    more = {problem.code: explain(problem) for problem in file.problems if problem.code not in told}
    return OpenedReport(
        made_at=file.made_at,
        program=file.program,
        language=file.language,
        subject=file.subject,
        verdict=found.verdict,
        problem=None if first is None else first.code,
        owner=None if first is None else first.owner.value,
        stages=found.stages,
        problems=(*found.problems, *more.values()),
        events=file.events,
        screens=file.screens,
        environment=file.environment,
        wall=file.wall,
        sides=file.sides,
        comparison=comparison,
    )
