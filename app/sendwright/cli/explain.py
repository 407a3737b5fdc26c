"""The command `sendwright explain`: says what anything means that somebody was sent when a message did not leave."""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

import msgspec
from rich.console import Console, Group, RenderableType
from rich.text import Text

from sendwright.cli.interruption import interruptible
from sendwright.cli.json_output import print_json
from sendwright.cli.render import problem_card
from sendwright.problems.acting import acting
from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.explanation import Explanation, explain
from sendwright.problems.level import Level
from sendwright.problems.pasted import LONGEST, Match, PasteRefused, Understood
from sendwright.problems.problem import Problem, RemedyKind
from sendwright.problems.ticket import ticket
from sendwright.recording.pasting import understand_safely
from sendwright.texts import LANGUAGES, has, text

SCHEMA: Final = "sendwright.explanation/1"
LEVELS = tuple(Level)
STANDARD_INPUT = "-"

FINE, PROBLEM, USAGE = range(3)


class MatchReport(msgspec.Struct, frozen=True, kw_only=True):
    """An explained problem and the piece of the text that it was recognised by."""

    problem: Explanation
    matched: str


class ExplanationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `explain --json`: what a text means, best first, no matches where it tells of success alone.

    kind: what the text is (`pasted.PasteKind`). about: what else it tells, such as the reporting server; original: the
    header of the message that could not be delivered. Both are pairs of name and value, because names come back.
    """

    schema: str = SCHEMA
    matches: tuple[MatchReport, ...]
    kind: str
    healthy: bool
    about: tuple[tuple[str, str], ...]
    original: tuple[tuple[str, str], ...]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `explain`."""
    parser = commands.add_parser("explain", help=text("explain.help"), allow_abbrev=False)
    parser.add_argument("text", nargs="*", metavar="TEXT|-", help=text("explain.text"))
    parser.add_argument("--level", choices=LEVELS, default="plain", help=text("explain.level"))
    parser.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help=text("cli.language"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run(
    arguments: argparse.Namespace, out: Console, data: Console, *, standard_input: TextIO | None = None
) -> int:
    """Explain; return the exit code: 0 recognised, 1 not recognised, 2 nothing to explain."""
    pasted = _pasted(arguments.text, standard_input or sys.stdin or io.StringIO())
    if not pasted.strip():
        out.print(text("explain.nothing"), markup=False, style="red")
        return USAGE
    try:
        understood = understand_safely(pasted)
    except PasteRefused as refused:
        out.print(text(f"explain.refused.{refused.code}"), markup=False, style="red")
        return USAGE
    if arguments.json:
        print_json(_report(understood), data)
    else:
        for part in _told(understood, Level(arguments.level)):
            out.print(part, crop=False)
    unknown = any(match.problem.code == UNRECOGNISED for match in understood.matches[:1])
    return PROBLEM if unknown else FINE


def _report(understood: Understood) -> ExplanationReport:
    found = tuple(MatchReport(problem=explain(match.problem), matched=match.matched) for match in understood.matches)
    return ExplanationReport(
        matches=found,
        kind=understood.kind,
        healthy=understood.healthy,
        about=understood.about,
        original=understood.original,
    )


def _told(understood: Understood, level: Level) -> Iterator[RenderableType]:
    """Yield what a reader of `level` wants: a few sentences, the card, or all there is."""
    if understood.healthy:
        yield Text(text("explain.healthy"), style="green")
    for match in understood.matches if level is Level.SUPPORT else understood.matches[:1]:
        yield from _shown(match, level)
    others = ", ".join(match.problem.code for match in understood.matches[1:])
    if others and level is not Level.SUPPORT:
        yield Text(text("explain.others", codes=others), style="dim")
    if level is Level.SUPPORT:
        labelled = ((text(f"explain.about.{label}"), value) for label, value in understood.about)
        yield from _listed("explain.found-in", ((text(f"explain.kind.{understood.kind}"), ""), *labelled))
        yield from _listed("explain.original", understood.original)


def _shown(match: Match, level: Level) -> Iterator[RenderableType]:
    match level:
        case Level.PLAIN:
            yield from _plainly(match.problem)
        case Level.IT:
            yield problem_card(explain(match.problem), level=level, away=True)
        case Level.SUPPORT:
            # It is copied from here into a ticket: without a frame, and no line of it is broken.
            words = ticket(match.problem, level=level).rstrip("\n")
            yield Group(Text(words, no_wrap=True, overflow="ignore"), Text())  # a bare Text would be wrapped


def _plainly(named: Problem) -> Iterator[RenderableType]:
    """Yield what happened, whether it passes by itself and on whose side it lies, who acts, and one action."""
    problem = explain(named)
    yield Text(problem.title, style="bold")
    yield Text(problem.what)
    yield Text(problem.standing)
    owner = acting(problem.owner, away=True).name
    best = problem.remedies[0] if problem.remedies else None
    yield Text(text("explain.who", owner=owner, action=best.label if best else text(f"retry.{problem.retry}")))
    if best and (best.kind == RemedyKind.OPEN or has(named.remedies[0].value)):
        yield Text(f"  {best.value}", overflow="fold")  # a page, or the request that is passed on: no command


def _listed(heading: str, pairs: Iterable[tuple[str, str]]) -> Iterator[RenderableType]:
    lines = [text("explain.line", label=label, value=value) if value else label for label, value in pairs]
    if lines:
        yield Text(text(heading), style="bold")
        yield Group(*(Text(f"  {line}", no_wrap=True, overflow="ignore") for line in lines), Text())


def _pasted(words: list[str], standard_input: TextIO) -> str | bytes:
    """Return what is to be explained: of standard input no more than shows that it is too much.

    Without words something may come through a pipe; a keyboard is not waited for.
    """
    piped = not words and not standard_input.isatty()
    if words != [STANDARD_INPUT] and not piped:
        return " ".join(words)
    octets = getattr(standard_input, "buffer", None)
    with interruptible():
        return standard_input.read(LONGEST + 1) if octets is None else bytes(octets.read(LONGEST + 1))
