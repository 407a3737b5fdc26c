"""Tests the sender in force from two places at once: this desk, and where the notification backend runs."""

import argparse
from collections.abc import AsyncIterable, Mapping
from typing import Final

import msgspec
from rich.console import Console
from rich.text import Text

from sendwright.cli.endings import FINE, PROBLEM, USAGE
from sendwright.cli.json_output import print_json
from sendwright.cli.passwords import PasswordSource, PasswordUnavailable
from sendwright.cli.render import MARKS, problem_card
from sendwright.cli.sides_table import sides_table
from sendwright.diagnosis.catalogue import diagnose, last_without_sign_in
from sendwright.diagnosis.report import Report, report
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis.two_sides import Difference, Finding, Row, TwoSides, compare_sides, side_by_side
from sendwright.handoff.backend import Backend
from sendwright.handoff.wire import ProfileState
from sendwright.network.network import Network
from sendwright.problems.explanation import Explanation, explain
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import PASSWORD
from sendwright.senders.unusable import ProfileUnusable
from sendwright.texts import text

SCHEMA: Final = "sendwright.two-sided/1"

Subject = dict[str, str | int]


class TwoSidedReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `doctor backend --json`.

    finding: `diagnosis.two_sides.Finding`. stage: where the sides part or stop. desk, backend: the whole diagnosis of
    each, as `doctor smtp --json` gives it.
    """

    schema: str = SCHEMA
    subject: Subject
    finding: Finding
    stage: str
    sentence: str
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    desk: Report
    backend: Report


class NotTested(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON where nothing could be tested: in words, and by name where a problem is the reason."""

    schema: str = SCHEMA
    sentence: str
    problem: Explanation | None = None


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach `doctor` the words of `backend`."""
    parser = kinds.add_parser("backend", help=text("two_sides.help"), allow_abbrev=False)
    parser.add_argument("--version", type=int, metavar="N", help=text("two_sides.version"))
    parser.add_argument("--to", dest="recipient", metavar="A", help=text("two_sides.to"))
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--password-file", metavar="F", help=text("doctor.smtp.password-file"))
    source.add_argument("--password-env", metavar="NAME", help=text("doctor.smtp.password-env"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run(arguments: argparse.Namespace, backend: Backend, network: Network, out: Console, data: Console) -> int:
    """Test from both places; return the exit code: 1 where either stops. Raises HandoffFailed."""
    state = await _chosen(backend, arguments.version)
    if state is None:
        _refuse(NotTested(sentence=text("two_sides.nothing-in-force")), arguments, out, data)
        return USAGE
    try:
        password = _password(arguments)
    except PasswordUnavailable as unavailable:
        _refuse(NotTested(sentence=str(unavailable)), arguments, out, data)
        return USAGE
    credentials = {} if password is None else {PASSWORD: password}
    desk, there = await side_by_side(
        _from_desk(state.profile, credentials, network), _collected(backend.test(state.version, to=arguments.recipient))
    )
    sides = compare_sides(desk, there)
    if arguments.json:
        print_json(_report(state, sides, desk, there), data)
    else:
        _show(sides, desk, there, out, knows_password=password is not None)
    failed = any(result.verdict is Verdict.FAILED for result in (*desk, *there))
    return PROBLEM if failed else FINE


def report_problem(problem: Explanation, data: Console) -> None:
    """Write as JSON why the backend could not be asked."""
    print_json(NotTested(sentence=problem.title, problem=problem), data)


def _refuse(why: NotTested, arguments: argparse.Namespace, out: Console, data: Console) -> None:
    if arguments.json:
        print_json(why, data)
    else:
        out.print(why.sentence, markup=False, style="red")


async def _chosen(backend: Backend, version: int | None) -> ProfileState | None:
    if version is None:
        return (await backend.organisation()).in_force
    return next((state for state in (await backend.profiles()).profiles if state.version == version), None)


async def _from_desk(profile: SenderProfile, credentials: Mapping[str, Secret], network: Network) -> list[StageResult]:
    """Return no results where this program cannot send in that way: a newer one put it in force."""
    try:
        stop_after = "" if credentials else last_without_sign_in(profile)
        results = diagnose(profile, credentials, network, stop_after=stop_after)
    except ProfileUnusable:
        return []
    return await _collected(results)


async def _collected(results: AsyncIterable[StageResult]) -> list[StageResult]:
    return [result async for result in results]


def _password(arguments: argparse.Namespace) -> Secret | None:
    source = PasswordSource(file=arguments.password_file, variable=arguments.password_env)
    return source.read(may_ask=False) if source.file or source.variable else None


def _report(state: ProfileState, sides: TwoSides, desk: list[StageResult], there: list[StageResult]) -> TwoSidedReport:
    settings = state.profile.settings
    named = {name: settings[name] for name in ("host", "port", "security") if name in settings}
    subject: Subject = {"kind": state.profile.sender, "version": state.version}
    subject |= {name: value for name, value in named.items() if isinstance(value, str | int)}
    order = [row.stage for row in sides.rows]
    return TwoSidedReport(
        subject=subject,
        finding=sides.finding,
        stage=sides.stage,
        sentence=sides.sentence,
        rows=sides.rows,
        differences=sides.differences,
        desk=report(subject, desk, order=order),
        backend=report(subject, there, order=order),
    )


def _show(
    sides: TwoSides, desk: list[StageResult], there: list[StageResult], out: Console, *, knows_password: bool
) -> None:
    out.print(sides.sentence, markup=False, style="bold")
    for difference in sides.differences:
        words = text(f"two_sides.differs.{difference.fact}")
        out.print(f"! {words}: {difference.desk} / {difference.backend}", markup=False, style="yellow")
    out.print()
    out.print(sides_table(sides, _cell))
    if not knows_password and sides.desk_went_less_far:
        out.print(text("two_sides.no-password"), markup=False, style="dim")
    shown: set[str] = set()
    for result in (*there, *desk):
        if result.problem is not None and result.problem.code not in shown:
            shown.add(result.problem.code)
            out.print()
            out.print(problem_card(explain(result.problem), verdict=result.verdict))


def _cell(verdict: Verdict, took_ms: float, problem: str | None) -> Text:
    mark, style = MARKS[verdict]
    words = problem or text(f"verdicts.{verdict}")
    took = "" if verdict is Verdict.NOT_REACHED else " " + text("card.took", ms=f"{took_ms:.0f}")
    return Text.assemble((f"{mark} ", style), words, (took, "dim"))
