"""The command `sendwright explain`: says what a server's reply, an error or one of our codes means."""

import argparse
import sys
from collections.abc import Iterator
from typing import Final, TextIO

import msgspec
from rich.console import Console, RenderableType
from rich.text import Text

from sendwright.cli.interruption import interruptible
from sendwright.cli.render import problem_card
from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.explanation import Explanation, explain
from sendwright.problems.pasted import LONGEST, explain_text
from sendwright.problems.ticket import ticket
from sendwright.texts import LANGUAGES, text

SCHEMA: Final = "sendwright.explanation/1"
LEVELS = ("plain", "it", "support")
STANDARD_INPUT = "-"

FINE, PROBLEM, USAGE = range(3)


class MatchReport(msgspec.Struct, frozen=True, kw_only=True):
    """An explained problem and the piece of the text that it was recognised by."""

    problem: Explanation
    matched: str


class ExplanationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `explain --json`: what a text means, best first."""

    schema: str = SCHEMA
    matches: tuple[MatchReport, ...]


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
    pasted = _pasted(arguments.text, standard_input or sys.stdin)
    if not pasted.strip():
        out.print(text("explain.nothing"), markup=False, style="red")
        return USAGE
    matches = explain_text(pasted)
    if arguments.json:
        found = tuple(MatchReport(problem=explain(match.problem), matched=match.matched) for match in matches)
        encoded = msgspec.json.encode(ExplanationReport(matches=found)).decode()
        data.print(encoded, markup=False, highlight=False, soft_wrap=True)
    else:
        for match in matches if arguments.level == "support" else matches[:1]:
            for part in _shown(explain(match.problem), ticket(match.problem), arguments.level):
                out.print(part)
        others = ", ".join(match.problem.code for match in matches[1:])
        if others and arguments.level != "support":
            out.print(text("explain.others", codes=others), markup=False, style="dim")
    return PROBLEM if matches[0].problem.code == UNRECOGNISED else FINE


def _shown(problem: Explanation, for_ticket: str, level: str) -> Iterator[RenderableType]:
    """Yield what a reader of `level` wants: one sentence and one action, the card, the card and the ticket."""
    if level == "plain":
        yield Text(problem.title, style="bold")
        yield Text(problem.what)
        owner = text(f"owners.{problem.owner}.name")
        action = next((remedy.label for remedy in problem.remedies), "") or text(f"retry.{problem.retry}")
        yield Text(text("explain.who", owner=owner, action=action))
    else:
        yield problem_card(problem)
    if level == "support":
        yield Text(for_ticket.rstrip("\n"), style="dim")


def _pasted(words: list[str], standard_input: TextIO) -> str:
    if words != [STANDARD_INPUT]:
        return " ".join(words)
    octets = getattr(standard_input, "buffer", None)
    with interruptible():
        if octets is None:
            return standard_input.read(LONGEST)
        return str(octets.read(LONGEST), "utf-8", "replace")  # a log may be in any encoding
