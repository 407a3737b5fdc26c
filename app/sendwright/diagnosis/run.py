"""Takes the stages of a diagnosis one after the other and yields each result as it happens."""

import time
from collections.abc import AsyncGenerator, Callable, Iterable

import msgspec

from sendwright.diagnosis.stage import Seen, Stage, StageResult, Verdict
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure

_MS = 1000.0


async def run(
    stages: Iterable[Stage], *, timer: Callable[[], float] = time.perf_counter
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage as it ends; the first failure stops, the rest is not reached.

    A stage whose needs were not met, or that has nothing to run, is not reached either and stops nothing.
    What a stage raises beside Failure is a fault of ours and goes through. timer: seconds, only ever
    growing.
    """
    met: set[str] = set()
    stopped = False
    for stage in stages:
        if stopped or stage.run is None or not met.issuperset(stage.needs):
            yield StageResult(id=stage.id, verdict=Verdict.NOT_REACHED)
            continue
        begun = timer()
        try:
            seen = await stage.run()
        except Failure as failure:
            stopped = True
            result = failed(stage.id, failure.evidence, took_ms=_since(begun, timer))
        else:
            if seen is None:
                yield StageResult(id=stage.id, verdict=Verdict.NOT_REACHED, took_ms=_since(begun, timer))
                continue
            met.add(stage.id)
            result = _passed(stage.id, seen, took_ms=_since(begun, timer))
        yield result


def failed(stage: str, evidence: Evidence, *, took_ms: float = 0.0) -> StageResult:
    """Return the result of a stage that ended with `evidence`."""
    return StageResult(
        id=stage,
        verdict=Verdict.FAILED,
        took_ms=took_ms,
        evidence=msgspec.to_builtins(evidence),
        problem=classify(evidence),
    )


def _passed(stage: str, seen: Seen, *, took_ms: float) -> StageResult:
    if seen.remark is None:
        return StageResult(id=stage, verdict=Verdict.PASSED, took_ms=took_ms, evidence=seen.facts)
    problem = classify(seen.remark)
    return StageResult(id=stage, verdict=Verdict.WARNING, took_ms=took_ms, evidence=seen.facts, problem=problem)


def _since(begun: float, timer: Callable[[], float]) -> float:
    return round((timer() - begun) * _MS, 1)
