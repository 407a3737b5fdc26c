"""`sendwright setup`: the wizard in the terminal, and unattended from an answers file."""

import argparse
from collections.abc import Callable
from pathlib import Path

import msgspec

from sendwright.cli.answers import AnswersInvalid, load_answers
from sendwright.cli.terminal import Cancelled, Terminal
from sendwright.diagnosis.stage import StageResult
from sendwright.problems.explanation import Explanation, explain
from sendwright.screens import Done, Rejected, Review, Stopped
from sendwright.texts import text
from sendwright.wizard.draft import Draft
from sendwright.wizard.wizard import Wizard

SCHEMA = "sendwright.setup/1"


class ProfileText(msgspec.Struct, frozen=True):
    """What is in force after the set-up."""

    version: int
    address: str
    alias: str


class SetupReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `setup --json`. fields: what was wrong with which answer, in words."""

    outcome: str
    step: str
    problem: Explanation | None = None
    profile: ProfileText | None = None
    fields: dict[str, str] = {}
    schema: str = SCHEMA


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `setup`."""
    parser = commands.add_parser("setup", help=text("cli.setup.help"), allow_abbrev=False)
    parser.add_argument("--answers", type=Path, metavar="FILE", help=text("cli.setup.answers"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run_setup(arguments: argparse.Namespace, wizard: Wizard, terminal: Terminal) -> int:
    """Walk the wizard; return the exit code."""
    if arguments.answers is None:
        report = await walk_with_person(wizard, terminal)
    else:
        try:
            report = await walk_unattended(wizard, arguments.answers, terminal.stage)
        except AnswersInvalid as invalid:
            terminal.complain(text(f"setup.{invalid.code}", detail=invalid.detail))
            return 2
    if arguments.json:
        terminal.json(report)
    else:
        terminal.report(report.outcome, report.problem, report.fields, wizard.screen)
    return {"in-force": 0, "cancelled": 4}.get(report.outcome, 1 if report.problem or report.fields else 0)


async def walk_unattended(wizard: Wizard, file: Path, progress: Callable[[StageResult], None]) -> SetupReport:
    """Answer every screen from `file`, up to the first problem or the end. Raises AnswersInvalid."""
    answers = load_answers(file)
    while True:
        screen = wizard.screen
        if isinstance(screen, Stopped):
            return SetupReport(outcome="stopped", step=screen.step, problem=explain(screen.problem))
        if isinstance(screen, Done):
            return SetupReport(outcome="in-force", step=screen.step, profile=_profile(wizard.draft))
        if isinstance(screen, Review) and not answers.activate:
            return SetupReport(outcome="stopped", step=screen.step)
        try:
            await wizard.submit(answers.to(screen), progress=progress)
        except Rejected as rejected:
            fields = {name: text(key, **rejected.values) for name, key in rejected.fields.items()}
            return SetupReport(outcome="stopped", step=screen.step, fields=fields)


async def walk_with_person(wizard: Wizard, terminal: Terminal) -> SetupReport:
    """Ask for every answer in the terminal; Ctrl-C and end of input cancel, the draft stays."""
    try:
        while True:
            screen = wizard.screen
            if isinstance(screen, Done):
                action = terminal.ask_done(screen)
                if not action:
                    break
                await wizard.submit({"action": action}, progress=terminal.stage)
                continue
            answer = terminal.ask(screen, can_go_back=wizard.can_go_back)
            try:
                await wizard.submit(answer, progress=terminal.stage)
            except Rejected as rejected:
                wizard.remember(answer)
                terminal.reject(rejected)
    except Cancelled:
        return SetupReport(outcome="cancelled", step=wizard.screen.step)
    return SetupReport(outcome="in-force", step="done", profile=_profile(wizard.draft))


def _profile(draft: Draft) -> ProfileText | None:
    outcome = draft.outcome
    if outcome is None:
        return None
    return ProfileText(outcome.version, outcome.profile.address, outcome.profile.alias)
