"""A whole diagnosis as the JSON object `sendwright.diagnosis/1`."""

from collections.abc import Sequence
from typing import Final

import msgspec

from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.problems.explanation import Explanation, explain

SCHEMA: Final = "sendwright.diagnosis/1"

_WORST_FIRST = (Verdict.FAILED, Verdict.WARNING, Verdict.PASSED)


class StageReport(msgspec.Struct, frozen=True, kw_only=True):
    """A stage's outcome; problem: the code of what is explained in the report's `problems`, or None."""

    id: str
    verdict: Verdict
    took_ms: float
    evidence: dict[str, object]
    problem: str | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The diagnosis of `subject`: kind, and what it needs to be repeated, without secrets.

    verdict: that of the worst stage. problem: code of the first failed stage. problems: each one once,
    explained in the language in use.
    """

    schema: str = SCHEMA
    subject: dict[str, str | int]
    verdict: Verdict
    problem: str | None
    stages: tuple[StageReport, ...]
    problems: tuple[Explanation, ...]


def report(
    subject: dict[str, str | int], results: Sequence[StageResult], *, order: Sequence[str] = SMTP_STAGES
) -> Report:
    """Return the report of `results`, its stages in the canonical `order`; a stage without result is not reached.

    What is not in `order` stands behind it: no failure is ever left out.
    """
    by_id = {result.id: result for result in results}
    ids = dict.fromkeys((*order, *by_id))
    stages = [by_id.get(stage) or StageResult(id=stage, verdict=Verdict.NOT_REACHED) for stage in ids]
    found = {stage.problem.code: stage.problem for stage in stages if stage.problem is not None}
    return Report(
        subject=subject,
        verdict=worst(stages),
        problem=first_problem(stages),
        stages=tuple(_stage(stage) for stage in stages),
        problems=tuple(explain(problem) for problem in found.values()),
    )


def worst(results: Sequence[StageResult]) -> Verdict:
    """Return the worst verdict; where nothing was tried, nothing is passed."""
    seen = {result.verdict for result in results}
    return next((verdict for verdict in _WORST_FIRST if verdict in seen), Verdict.NOT_REACHED)


def first_problem(results: Sequence[StageResult]) -> str | None:
    """Return the code of the first stage that failed, None where none did."""
    return next(
        (result.problem.code for result in results if result.verdict is Verdict.FAILED and result.problem), None
    )


def _stage(result: StageResult) -> StageReport:
    return StageReport(
        id=result.id,
        verdict=result.verdict,
        took_ms=result.took_ms,
        evidence=result.evidence,
        problem=result.problem.code if result.problem else None,
    )
