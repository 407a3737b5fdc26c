"""`sendwright setup`: the wizard in the terminal, and unattended from an answers file."""

import argparse
import asyncio
from collections import Counter
from pathlib import Path

import msgspec

from sendwright.cli.answers import AnswersInvalid, load_answers
from sendwright.cli.consent import ask_consent
from sendwright.cli.doctor_save import PlaceUnusable
from sendwright.cli.questions import Cancelled
from sendwright.cli.setup_save import SetupSaving, add_arguments
from sendwright.cli.sheet import BY_ITSELF, wait_for_retry
from sendwright.cli.terminal import Terminal
from sendwright.cli.waiting import waiting
from sendwright.diagnosis.stage import Verdict
from sendwright.diagnosis_file import DiagnosisFile
from sendwright.problems.explanation import Explanation, explain
from sendwright.providers import catalogue
from sendwright.screens import (
    Answer,
    Choice,
    Consent,
    ConsentWay,
    Done,
    Form,
    Preview,
    Rejected,
    Review,
    Screen,
    Sheet,
    Stopped,
)
from sendwright.texts import text
from sendwright.wizard.draft import Draft, Purpose
from sendwright.wizard.start import OPEN, StartStep
from sendwright.wizard.wizard import Wizard

SCHEMA = "sendwright.setup/1"
IN_FORCE, STOPPED, CANCELLED, DEFAULT = "in-force", "stopped", "cancelled", "default"

_LOOKS = 3
"""How often a page is answered that comes again with what was found meanwhile; then it waits for a person."""


class ProfileText(msgspec.Struct, frozen=True):
    """What is in force after the set-up."""

    version: int
    address: str
    alias: str


class SetupReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `setup --json`.

    outcome: `in-force`, `stopped`, `cancelled`, or `default` where somebody went back to the platform's own sender.
    fields: what was wrong with which answer, in words.
    """

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
    add_arguments(parser)


async def run_setup(arguments: argparse.Namespace, wizard: Wizard, terminal: Terminal) -> int:
    """Walk the wizard; return the exit code."""
    alone = arguments.answers is not None
    file: DiagnosisFile | None = None
    try:
        saving = SetupSaving(wizard, place=arguments.save, keep_addresses=arguments.keep_addresses)
        if alone:
            report = await walk_unattended(wizard, arguments.answers, terminal, saving)
            file = saving.file() if report.outcome != IN_FORCE else None  # before the answers are dropped
        else:
            report = await _walk(wizard, terminal, saving)
    except PlaceUnusable as unusable:
        terminal.complain(text("doctor.usage.save", file=str(unusable)))
        return 2
    except AnswersInvalid as invalid:
        terminal.complain(text(f"setup.{invalid.code}", detail=invalid.detail))
        return 2
    except asyncio.CancelledError:  # Ctrl-C while something was waited for
        report = _cancelled(wizard)
    finally:
        if alone and wizard.draft.outcome is None:
            await wizard.start_over()  # no draft refers to the password that it put into the keychain
    if arguments.json:
        terminal.json(report)
    elif not (wizard.draft.purpose is Purpose.PRACTISE or (alone and report.outcome == CANCELLED)):
        terminal.report(report.outcome, report.problem, report.fields, wizard.screen)
    if not saving.write(file, terminal, quiet=arguments.json):
        return 1
    return {IN_FORCE: 0, CANCELLED: 4}.get(report.outcome, 1 if report.problem or report.fields else 0)


async def walk_unattended(wizard: Wizard, file: Path, terminal: Terminal, saving: SetupSaving) -> SetupReport:
    """Answer every screen from `file`, up to the first problem or the end. Raises AnswersInvalid."""
    answers = load_answers(file)
    names, steps = _known_of(answers.provider)
    answers.require_known(names, steps=steps)
    seen: Counter[str] = Counter()
    while True:
        screen = wizard.screen
        seen[screen.step] += 1
        if isinstance(screen, Stopped):
            return SetupReport(outcome=STOPPED, step=screen.step, problem=explain(screen.problem))
        if isinstance(screen, Done):
            return SetupReport(outcome=IN_FORCE, step=screen.step, profile=_profile(wizard.draft))
        if isinstance(screen, Review) and not answers.activate:
            return SetupReport(outcome=STOPPED, step=screen.step)
        if isinstance(screen, Sheet) and (screen.without_submit or seen[screen.step] > _LOOKS):
            return SetupReport(outcome=STOPPED, step=screen.step, problem=_problem_on(screen))
        if isinstance(screen, Consent) and screen.way is not ConsentWay.EMBEDDED:
            ask_consent(screen, terminal.questions, opening=terminal.open_page)
        try:
            with waiting(terminal.out, screen) as progress:
                await wizard.submit(answers.to(screen), progress=saving.beside(progress))
        except Rejected as rejected:
            fields = {name: text(key, **rejected.values) for name, key in rejected.fields.items()}
            return SetupReport(outcome=STOPPED, step=screen.step, fields=fields)


async def _walk(wizard: Wizard, terminal: Terminal, saving: SetupSaving) -> SetupReport:
    """Ask for every answer in the terminal; Ctrl-C and end of input cancel, the draft stays."""
    try:
        if wizard.resumed and not terminal.ask_to_go_on():
            await wizard.start_over()
        while wizard.draft.purpose is not Purpose.PRACTISE:
            screen = wizard.screen
            if isinstance(screen, Done):
                action = terminal.ask_done(screen)
                if not action:
                    break
                answer: Answer = {"action": action}
            else:
                answer = terminal.ask(screen, can_go_back=wizard.can_go_back)
            if screen.step == StartStep.id and answer.get("choice") == OPEN:
                terminal.hint(text("terminal.open-hint"))
                continue
            if answer.get("action") == "save":
                saving.offer(terminal)
                continue
            if isinstance(screen, Sheet) and answer.get("action") == BY_ITSELF:
                answer = await wait_for_retry(screen, terminal.questions, clock=wizard.world.clock)
            await _submit(wizard, screen, answer, terminal, saving)
    except Cancelled:
        return _cancelled(wizard)
    return _ended(wizard)


async def _submit(wizard: Wizard, screen: Screen, answer: Answer, terminal: Terminal, saving: SetupSaving) -> None:
    if answer.get("action") == "back":
        _remember(wizard, screen, answer)
    if isinstance(screen, Form) and screen.preview is Preview.INBOX:
        terminal.notices((await wizard.advise(answer)).notices)
    try:
        with waiting(terminal.out, screen) as progress:
            await wizard.submit(answer, progress=saving.beside(progress))
    except Rejected as rejected:
        wizard.remember(answer)
        terminal.reject(rejected)


def _remember(wizard: Wizard, screen: Screen, answer: Answer) -> None:
    """Keep what was typed before somebody went back in the middle of a form."""
    typed = {name: value for name, value in answer.items() if name != "action"}
    if typed and isinstance(screen, Form | Choice):
        wizard.remember({field.name: field.value for field in screen.fields} | typed)


def _problem_on(sheet: Sheet) -> Explanation | None:
    """Return what stands in the way on a page from which only a person can say how to go on."""
    problems = (cell.problem for cell in sheet.cells if cell.verdict is Verdict.FAILED and cell.problem)
    found = next(problems, None)
    return None if found is None else explain(found)


def _cancelled(wizard: Wizard) -> SetupReport:
    """Return how a walk ends that somebody leaves: what is in force by then stays so."""
    if wizard.draft.outcome is not None or wizard.draft.disconnection is not None:
        return _ended(wizard)
    return SetupReport(outcome=CANCELLED, step=wizard.screen.step)


def _ended(wizard: Wizard) -> SetupReport:
    outcome, step = wizard.draft.outcome, wizard.screen.step
    if wizard.draft.purpose is Purpose.PRACTISE:
        return SetupReport(outcome=CANCELLED, step=step)
    gone = wizard.draft.disconnection
    if gone is not None and not gone.restored:
        return SetupReport(outcome=DEFAULT, step=step)
    if outcome is not None and outcome.undone:
        return SetupReport(outcome=STOPPED, step=step)
    return SetupReport(outcome=IN_FORCE, step=step, profile=_profile(wizard.draft))


def _profile(draft: Draft) -> ProfileText | None:
    outcome, platform = draft.outcome, draft.platform
    if outcome is not None:
        return ProfileText(outcome.version, outcome.profile.address, outcome.profile.alias)
    standing = platform.organisation.in_force if platform else None
    return ProfileText(standing.version, standing.profile.address, standing.profile.alias) if standing else None


def _known_of(provider_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that a provider's table may have, and its steps; nobody asks for those of no provider."""
    try:
        provider = catalogue.by_id(provider_id)
    except LookupError:
        return (), ()
    return tuple(field.name for field in msgspec.structs.fields(provider.answers)), tuple(
        step.id for step in provider.steps
    )
