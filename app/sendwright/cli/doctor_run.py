"""What every doctor does with a diagnosis: watch it, conclude, save it, end with an exit code."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.status import Status
from rich.text import Text

from sendwright.cli.doctor_save import PlaceUnusable, diagnosis_of, save_diagnosis
from sendwright.cli.json_output import print_json
from sendwright.cli.render import problem_card, stage_label, stage_line
from sendwright.diagnosis.report import Report, report
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.problems.level import Level
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.texts import text

FINE, PROBLEM, USAGE = range(3)


class WrongUsage(Exception):
    """The words of the command do not go together; the text says which."""


@dataclass(frozen=True, kw_only=True)
class Showing:
    """How a diagnosis is told. save: where it is written to, None for nowhere; recorder: what went over the wire."""

    out: Console
    data: Console
    level: Level = Level.IT
    json: bool = False
    save: Path | None = None
    keep_addresses: bool = False
    recorder: WireRecorder


def refuse(wrong: Exception, out: Console) -> int:
    """Say why nothing can be tried; return the exit code of wrong usage. wrong: its text is ready to show."""
    words = text("doctor.usage.save", file=str(wrong)) if isinstance(wrong, PlaceUnusable) else str(wrong)
    out.print(words, markup=False, style="red")
    return USAGE


async def show_diagnosis(
    results: AsyncIterator[StageResult],
    showing: Showing,
    *,
    title: str,
    subject: dict[str, str | int],
    order: Sequence[str],
    canonical: Sequence[str],
    secrets: Sequence[Secret] = (),
) -> int:
    """Show the stages as they end, then what they mean; return the exit code.

    order: of the stages as they run; canonical: as they stand in the report.
    """
    seen = await _watch(results, Console(quiet=True) if showing.json else showing.out, title=title, order=order)
    found = report(subject, seen, order=canonical)
    if showing.json:
        print_json(found, showing.data)
    else:
        _conclude(found, showing.out, level=showing.level, saving=showing.save is not None)
    if showing.save is not None:
        saved = save_diagnosis(
            showing.save,
            diagnosis_of(subject, seen, showing.recorder, at=datetime.now(UTC)),
            showing.out,
            secrets=(*showing.recorder.secrets, *secrets),
            keep_addresses=showing.keep_addresses,
            quiet=showing.json,
        )
        if not saved:
            return PROBLEM
    return PROBLEM if found.verdict is Verdict.FAILED else FINE


async def _watch(
    results: AsyncIterator[StageResult], out: Console, *, title: str, order: Sequence[str]
) -> list[StageResult]:
    out.print(Rule(Text(title), align="left", style="dim"))
    following = dict(zip(order, (*order[1:], ""), strict=True))
    seen: list[StageResult] = []
    with _waiting(out, order[0]) as status:
        async for result in results:
            seen.append(result)
            out.print(stage_line(result))
            if status is not None:
                status.update(stage_label(following.get(result.id, "")))
    return seen


def _waiting(out: Console, stage: str) -> AbstractContextManager[Status | None]:
    """Show what is being waited for where somebody watches; a file or a pipe gets the lines alone."""
    return out.status(stage_label(stage)) if out.is_terminal and not out.quiet else nullcontext()


def _conclude(found: Report, out: Console, *, level: Level, saving: bool) -> None:
    verdict_of = {stage.problem: stage.verdict for stage in found.stages if stage.problem}
    for problem in found.problems:
        out.print()
        out.print(problem_card(problem, verdict=verdict_of[problem.code], level=level))
    out.print()
    out.print(text(f"doctor.verdict.{found.verdict.value}"), markup=False, style="bold")
    if found.problems and not saving:
        out.print(text("doctor.ticket"), markup=False, style="dim")
