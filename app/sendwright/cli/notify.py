"""The command `sendwright notify`: hands one notification to the backend, and waits for its end when asked to."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TextIO, get_args
from uuid import uuid4

import msgspec
from rich.console import Console

from sendwright.address import parse_address
from sendwright.cli.json_output import print_json
from sendwright.cli.render import problem_card
from sendwright.cli.small_file import FileUnreadable, read_small_text
from sendwright.errors import AddressInvalid
from sendwright.handoff.backend import Backend, HandoffFailed
from sendwright.handoff.wire import NotificationKind, NotificationRequest, NotificationState
from sendwright.problems.classify import classify
from sendwright.problems.explanation import Explanation, explain
from sendwright.texts import text

SCHEMA: Final = "sendwright.notification/1"
STANDARD_INPUT = "-"
LONGEST_WAIT_S = 86_400.0
LONGEST_SUBJECT = 998
LONGEST_CONTENT = 10 * 1024 * 1024
"""What a backend takes unless it was told otherwise (`service.queue_policy`)."""

FINE, PROBLEM, USAGE = range(3)

_END = frozenset({"sent", "failed", "expired"})
_LOOK_EVERY_S = 0.5


class NotificationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `notify --json`: the notification as the backend had it last, or why it does not have it.

    Both where it has it, and what became of it could not be asked.
    """

    schema: str = SCHEMA
    notification: NotificationState | None = None
    problem: Explanation | None = None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the command looks at beside its arguments: standard input, a clock in seconds, and a pause."""

    standard_input: TextIO = field(default_factory=lambda: sys.stdin)
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep


class _Unusable(Exception):
    """The arguments make no notification; the text says why."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `notify`."""
    parser = commands.add_parser("notify", help=text("notify.help"), allow_abbrev=False)
    kinds = get_args(NotificationKind)
    parser.add_argument("--kind", choices=kinds, required=True, metavar="K", help=_kinds_help(kinds))
    parser.add_argument("--to", required=True, metavar="A", help=text("notify.to"))
    parser.add_argument("--subject", required=True, metavar="S", help=text("notify.subject"))
    parser.add_argument("--text", metavar="FILE", help=text("notify.text"))
    parser.add_argument("--html", metavar="FILE", help=text("notify.html"))
    parser.add_argument("--wait", action="store_true", help=text("notify.wait"))
    parser.add_argument("--timeout", type=_seconds, default=120.0, metavar="S", help=text("notify.timeout"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run(
    arguments: argparse.Namespace,
    backend: Backend,
    out: Console,
    data: Console,
    *,
    surroundings: Surroundings | None = None,
) -> int:
    """Hand over; return the exit code: 0 accepted, or sent with --wait; 1 a problem; 2 wrong usage."""
    around = surroundings or Surroundings()
    try:
        request = _request(arguments, around.standard_input)
    except _Unusable as unusable:
        out.print(f"✗ {unusable}", style="red", markup=False)
        return USAGE
    state = None
    try:
        state = await backend.notify(request, key=str(uuid4()))
        if not arguments.json:
            out.print(text("notify.accepted", id=state.id), markup=False, highlight=False)
        if arguments.wait:
            state = await _ended(backend, state, arguments.timeout, around)
    except HandoffFailed as failed:
        explanation = explain(classify(failed.evidence))
        if arguments.json:
            print_json(NotificationReport(notification=state, problem=explanation), data)
        else:
            out.print(problem_card(explanation))
        return PROBLEM
    if arguments.json:
        print_json(NotificationReport(notification=state), data)
    elif arguments.wait:
        _tell(state, out)
    return FINE if state.state == "sent" or not arguments.wait else PROBLEM


def report_problem(problem: Explanation, data: Console) -> None:
    """Write the report of a notification that the backend does not have."""
    print_json(NotificationReport(problem=problem), data)


async def _ended(
    backend: Backend, state: NotificationState, timeout_s: float, around: Surroundings
) -> NotificationState:
    until = around.clock() + timeout_s
    while state.state not in _END and around.clock() < until:
        await around.pause(_LOOK_EVERY_S)
        state = await backend.notification(state.id)
    return state


def _tell(state: NotificationState, out: Console) -> None:
    style = "green" if state.state == "sent" else "red"
    key = f"notify.state.{state.state}"
    if state.state == "sent" and not state.provider_id:
        key = "notify.state.sent-without-number"
    words = text(key, words=state.problem_text, provider_id=state.provider_id)
    out.print(words, style=style, markup=False, highlight=False)
    if state.problem and state.state != "sent":
        out.print(text("notify.explain", problem=state.problem), style="dim", markup=False, highlight=False)
    if state.perhaps_twice:
        out.print(text("notify.perhaps-twice"), style="yellow", markup=False)


def _request(arguments: argparse.Namespace, standard_input: TextIO) -> NotificationRequest:
    try:
        recipient = parse_address(arguments.to).text
    except AddressInvalid as invalid:
        raise _Unusable(f"--to: {text(f'address.{invalid.code}')}") from invalid
    if arguments.text == arguments.html == STANDARD_INPUT:
        raise _Unusable(text("notify.one-input"))
    subject = arguments.subject
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise _Unusable(f"--subject: {text('service.trouble.notification-subject-invalid')}")
    words = _content(arguments.text, standard_input)
    if arguments.text is None and arguments.html is None:
        words = subject  # a notification that is said in one line
    html = _content(arguments.html, standard_input)
    if not (words.strip() or html.strip()):
        raise _Unusable(text("service.trouble.notification-empty"))
    return NotificationRequest(kind=arguments.kind, to=recipient, subject=subject, text=words, html=html)


def _content(name: str | None, standard_input: TextIO) -> str:
    if name is None:
        return ""
    try:
        if name != STANDARD_INPUT:
            return read_small_text(name, longest=LONGEST_CONTENT)
        words = standard_input.read(LONGEST_CONTENT + 1)
    except (FileUnreadable, OSError, UnicodeDecodeError) as error:
        raise _Unusable(text("notify.unreadable", file=name)) from error
    if len(words) > LONGEST_CONTENT:
        raise _Unusable(text("notify.unreadable", file=name))
    return words


def _kinds_help(kinds: tuple[str, ...]) -> str:
    return f"{text('notify.kind')} {', '.join(kinds)}"


def _seconds(typed: str) -> float:
    seconds = float(typed)
    if not 0 < seconds <= LONGEST_WAIT_S:
        raise ValueError(typed)  # argparse names the argument and quotes what was typed
    return seconds
