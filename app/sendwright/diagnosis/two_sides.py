"""Holds the same diagnosis from two places against each other: this desk, and where the backend runs."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.problems.explanation import explain
from sendwright.texts import has, text

T = TypeVar("T")

_COMPARED = (
    ("addresses", "resolve"),
    ("greeting", "greet"),
    ("issuer", "secure"),
    ("version", "secure"),
    ("issuer", "reach"),
    ("version", "reach"),
)
"""Facts that both sides see, and the stages that see them."""


class Finding(StrEnum):
    """What the comparison says. Decisions may hang on it; its sentence is `two_sides.finding.<value>`.

    Where one side stops at a stage that the other one never tried, for want of a password perhaps, the other side does
    not "work": that is one of the two `…_FURTHER`.
    """

    BOTH_PASS = "both-pass"  # noqa: S105 - the name of a finding, not a password
    BACKEND_STOPS = "backend-stops"
    DESK_STOPS = "desk-stops"
    BACKEND_STOPS_FURTHER = "backend-stops-further"
    DESK_STOPS_FURTHER = "desk-stops-further"
    BOTH_STOP_ALIKE = "both-stop-alike"
    BOTH_STOP_DIFFERENTLY = "both-stop-differently"
    NOTHING_COMPARED = "nothing-compared"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One stage on both sides. differs: both sides were there, and only one of them came through."""

    stage: str
    desk: Verdict
    backend: Verdict
    desk_ms: float = 0.0
    backend_ms: float = 0.0
    desk_problem: str | None = None
    backend_problem: str | None = None
    differs: bool = False


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Something that both sides saw, and saw differently: `addresses`, `greeting`, `issuer` or `version`."""

    fact: str
    stage: str
    desk: str
    backend: str


class TwoSides(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison, ready for JSON. stage: where the sides part, or where both stop; empty where neither does.

    sentence: the finding in the language in use. rows: in order; `differences_first` sorts them for showing.
    """

    finding: Finding
    stage: str
    sentence: str
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def differences_first(self) -> tuple[Row, ...]:
        """The rows with those that differ on top."""
        return tuple(sorted(self.rows, key=lambda row: not row.differs))

    @property
    def desk_went_less_far(self) -> bool:
        """Whether the desk came through all it could try, and only the backend went on."""
        failed = any(row.desk is Verdict.FAILED for row in self.rows)
        further = any(row.desk is Verdict.NOT_REACHED is not row.backend for row in self.rows)
        return further and not failed


async def side_by_side(desk: Coroutine[Any, Any, T], backend: Coroutine[Any, Any, T]) -> tuple[T, T]:
    """Run both tests at once and return both results; where one raises, the other is ended first."""
    tests = [asyncio.ensure_future(test) for test in (desk, backend)]
    try:
        first, second = await asyncio.gather(*tests)
    finally:
        for test in tests:
            test.cancel()
        await asyncio.gather(*tests, return_exceptions=True)
    return first, second


def compare_sides(desk: Sequence[StageResult], backend: Sequence[StageResult]) -> TwoSides:
    """Compare what the desk saw with what the backend saw.

    A stage that only one side tried is no difference: the desk may lack the password, and after a stop nothing more is
    tried.
    """
    here, there = _by_stage(desk), _by_stage(backend)
    rows = tuple(_row(stage, here.get(stage), there.get(stage)) for stage in dict.fromkeys((*here, *there)))
    stops = tuple(_stop(results) for results in (desk, backend))
    finding, stage = _finding(rows, *stops)
    return TwoSides(
        finding=finding,
        stage=stage,
        sentence=_sentence(finding, stage, *stops),
        rows=rows,
        differences=tuple(_differences(here, there)),
    )


def _by_stage(results: Sequence[StageResult]) -> dict[str, StageResult]:
    return {result.id: result for result in results}


def _row(stage: str, desk: StageResult | None, backend: StageResult | None) -> Row:
    nothing = StageResult(id=stage, verdict=Verdict.NOT_REACHED)
    here, there = desk or nothing, backend or nothing
    verdicts = {here.verdict, there.verdict}
    return Row(
        stage=stage,
        desk=here.verdict,
        backend=there.verdict,
        desk_ms=here.took_ms,
        backend_ms=there.took_ms,
        desk_problem=here.problem.code if here.problem else None,
        backend_problem=there.problem.code if there.problem else None,
        differs=Verdict.FAILED in verdicts and Verdict.NOT_REACHED not in verdicts and len(verdicts) > 1,
    )


def _stop(results: Sequence[StageResult]) -> StageResult | None:
    return next((result for result in results if result.verdict is Verdict.FAILED), None)


def _finding(rows: Sequence[Row], desk: StageResult | None, backend: StageResult | None) -> tuple[Finding, str]:
    if not any(Verdict.NOT_REACHED not in {row.desk, row.backend} for row in rows):
        return Finding.NOTHING_COMPARED, ""
    if desk is None and backend is None:
        return Finding.BOTH_PASS, ""
    if desk is None or backend is None:
        stopped = desk or backend
        stage = stopped.id if stopped else ""
        both = any(row.stage == stage and Verdict.NOT_REACHED not in {row.desk, row.backend} for row in rows)
        if backend is None:
            return (Finding.DESK_STOPS if both else Finding.DESK_STOPS_FURTHER), stage
        return (Finding.BACKEND_STOPS if both else Finding.BACKEND_STOPS_FURTHER), stage
    same = desk.id == backend.id and _code(desk) == _code(backend)
    first = next((row.stage for row in rows if row.stage in {desk.id, backend.id}), desk.id)
    return (Finding.BOTH_STOP_ALIKE if same else Finding.BOTH_STOP_DIFFERENTLY), first


def _code(result: StageResult) -> str:
    return result.problem.code if result.problem else ""


def _sentence(finding: Finding, stage: str, desk: StageResult | None, backend: StageResult | None) -> str:
    key = f"stages.{stage}.label"
    values = {
        "stage": text(key) if has(key) else stage,
        "desk": _title(desk),
        "backend": _title(backend),
    }
    return text(f"two_sides.finding.{finding}", **values)


def _title(result: StageResult | None) -> str:
    return explain(result.problem).title if result is not None and result.problem is not None else ""


def _differences(here: Mapping[str, StageResult], there: Mapping[str, StageResult]) -> list[Difference]:
    found = []
    for fact, stage in _COMPARED:
        desk, backend = (_seen(fact, results.get(stage)) for results in (here, there))
        if desk and backend and not _is_alike(fact, desk, backend):
            found.append(Difference(fact=fact, stage=stage, desk=", ".join(desk), backend=", ".join(backend)))
    return found


def _is_alike(fact: str, desk: Sequence[str], backend: Sequence[str]) -> bool:
    """Tell whether both saw the same service: large ones have many addresses, and many computers behind one name."""
    if fact == "addresses":
        return not set(desk).isdisjoint(backend)
    if fact == "greeting":
        return _without_numbers(desk[0]) == _without_numbers(backend[0])
    return desk == backend


def _without_numbers(name: str) -> list[str]:
    return [label for label in name.lower().split(".") if not any(map(str.isdigit, label))]


def _seen(fact: str, result: StageResult | None) -> tuple[str, ...]:
    """Return what a side saw, nothing where it did not; what a failure saw stands in its problem."""
    if result is None:
        return ()
    failure = {} if result.problem is None else result.problem.evidence.values
    seen = result.evidence.get(fact) or failure.get(fact)
    match fact, seen:
        case "addresses", [*addresses]:
            return tuple(sorted(map(str, addresses)))
        case "greeting", str():
            return (str(seen).partition(" ")[0],)  # the name that the server gives itself; times and ids follow
        case "issuer", _:
            chain = result.evidence.get("chain")
            first = chain[0] if isinstance(chain, list | tuple) and chain else None
            issuer = first.get("issuer") if isinstance(first, Mapping) else seen
            return (str(issuer),) if issuer else ()
        case _:
            return (str(seen),) if seen else ()
