"""The command `sendwright disconnect`: back to the platform's own sender."""

import argparse
from typing import Final

import msgspec
from rich.console import Console

from sendwright.cli.json_output import print_json
from sendwright.cli.questions import Back, Cancelled
from sendwright.cli.terminal import Terminal
from sendwright.handoff.backend import Backend, HandoffFailed
from sendwright.handoff.wire import DefaultSender, Ended, Organisation, ProfileState
from sendwright.problems.classify import classify
from sendwright.problems.explanation import Explanation, explain
from sendwright.texts import text
from sendwright.wizard.disconnect import ending_of, not_ended, provider_name

SCHEMA: Final = "sendwright.disconnect/1"

FINE, PROBLEM, USAGE, _, CANCELLED = range(5)


class DisconnectReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `disconnect --json`.

    outcome: `default` (the platform's own sender is in force again), `unchanged` (it was already), `cancelled`,
    `stopped`. former: what was in force. revoked, not_revoked: whether the sign-in was ended at its provider, and the
    code of why it was not. problem: why nothing could be changed.
    """

    schema: str = SCHEMA
    outcome: str
    former: ProfileState | None = None
    default_sender: DefaultSender | None = None
    revoked: bool | None = None
    not_revoked: str | None = None
    problem: Explanation | None = None


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `disconnect`."""
    parser = commands.add_parser(
        "disconnect", help=text("disconnect.help"), description=text("disconnect.about"), allow_abbrev=False
    )
    parser.add_argument("--revoke", action="store_true", help=text("disconnect.option.revoke"))
    parser.add_argument("--yes", action="store_true", help=text("disconnect.option.yes"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run(arguments: argparse.Namespace, backend: Backend, terminal: Terminal) -> int:
    """Go back to the default sender; return the exit code.

    0, 1 where the backend refused or a sign-in could not be ended, 2 where --revoke has no meaning, 4 cancelled.
    """
    try:
        organisation = await backend.organisation()
        standing = organisation.in_force
        if arguments.revoke and standing is not None and not ending_of(standing.profile):
            terminal.complain(text("disconnect.refused.revoke"))
            return USAGE
        if standing is not None and not (arguments.yes or _meant(organisation, terminal, revoke=arguments.revoke)):
            return _told(_report(organisation, "cancelled"), terminal, json=arguments.json)
        if standing is None:
            return _told(_report(organisation, "unchanged"), terminal, json=arguments.json)
        ended = await backend.use_default(revoke=arguments.revoke)
    except HandoffFailed as failed:
        problem = explain(classify(failed.evidence))
        return _told(DisconnectReport(outcome="stopped", problem=problem), terminal, json=arguments.json)
    return _told(_report(organisation, "default", ended), terminal, json=arguments.json)


def report_problem(problem: Explanation, data: Console) -> None:
    """Write the report of a backend that could not be asked."""
    print_json(DisconnectReport(outcome="stopped", problem=problem), data)


def _report(organisation: Organisation, outcome: str, ended: Ended | None = None) -> DisconnectReport:
    return DisconnectReport(
        outcome=outcome,
        former=organisation.in_force,
        default_sender=organisation.default_sender,
        revoked=ended.revoked if ended else None,
        not_revoked=ended.problem if ended else None,
    )


def _meant(organisation: Organisation, terminal: Terminal, *, revoke: bool) -> bool:
    """Say what will happen, and ask; the end of the input is no consent."""
    standing = organisation.in_force
    if standing is None:
        return True
    values = {
        "organisation": organisation.name,
        "count": len(organisation.workspaces),
        "address": standing.profile.address,
        "default": organisation.default_sender.address,
    }
    terminal.say(text("disconnect.statement", **values))
    if revoke:
        terminal.say(text("disconnect.said.ends-too"))
        terminal.say(text(ending_of(standing.profile)))
    try:
        return terminal.ask_yes(text("disconnect.title"), default=False)
    except (Back, Cancelled):
        return False


def _told(report: DisconnectReport, terminal: Terminal, *, json: bool) -> int:
    """Tell how it ended; return the exit code."""
    if json:
        terminal.json(report)
    elif report.problem is not None:
        terminal.card(report.problem)
    else:
        for line in _lines(report):
            terminal.say(line)
    if report.outcome == "cancelled":
        return CANCELLED
    return PROBLEM if report.problem is not None or report.revoked is False else FINE


def _lines(report: DisconnectReport) -> tuple[str, ...]:
    default = report.default_sender
    address = default.address if default else ""
    if report.outcome == "cancelled":
        return (text("disconnect.said.cancelled"),)
    if report.outcome == "unchanged" or report.former is None:
        return (text("disconnect.said.nothing", address=address),)
    back = text("disconnect.said.back", address=address)
    if report.revoked is None:
        return (back, text("disconnect.said.kept"))
    if report.revoked:
        return (back, text("disconnect.revoked", provider=provider_name(report.former.profile)))
    return (back, not_ended(report.former.profile, report.not_revoked or ""))
