"""Stages run one after the other; the first failure stops, and times are those of each stage alone."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from sendwright.diagnosis.run import failed, run
from sendwright.diagnosis.stage import Seen, Stage, StageResult, Verdict
from sendwright.problems.evidence import Evidence, Failure, System


def _timer(*moments: float) -> Callable[[], float]:
    ticks: Iterator[float] = iter(moments)
    return lambda: next(ticks)


def _passing(stage: str, log: list[str] | None = None, *, needs: tuple[str, ...] = (), **facts: object) -> Stage:
    async def take() -> Seen:
        (log if log is not None else []).append(stage)
        return Seen(facts=dict(facts))

    return Stage(id=stage, run=take, needs=needs)


def _failing(stage: str, evidence: Evidence) -> Stage:
    async def take() -> Seen:
        raise Failure(evidence)

    return Stage(id=stage, run=take)


def _skipped(stage: str) -> Stage:
    return Stage(id=stage, run=None)


async def _all(*stages: Stage, timer: Callable[[], float] | None = None) -> list[StageResult]:
    if timer is None:
        return [result async for result in run(stages)]
    return [result async for result in run(stages, timer=timer)]


REFUSED = Evidence(stage="connect", system=System.SOCKET, errno="ECONNREFUSED", values={"host": "h", "port": "25"})


async def test_what_a_stage_saw_becomes_its_evidence() -> None:
    (result,) = await _all(_passing("resolve", addresses=["127.0.0.1"]))
    assert result.verdict is Verdict.PASSED
    assert result.evidence == {"addresses": ["127.0.0.1"]}
    assert result.problem is None


async def test_the_time_of_each_stage_is_in_milliseconds_with_one_decimal() -> None:
    results = await _all(_passing("resolve"), _passing("connect"), timer=_timer(10.0, 10.00312, 20.0, 21.5))
    assert [result.took_ms for result in results] == [3.1, 1500.0]


async def test_the_first_failure_stops_and_the_rest_is_not_reached() -> None:
    log: list[str] = []
    results = await _all(_passing("resolve", log), _failing("connect", REFUSED), _passing("greet", log))
    assert [result.verdict for result in results] == [Verdict.PASSED, Verdict.FAILED, Verdict.NOT_REACHED]
    assert log == ["resolve"]


async def test_a_failure_carries_its_problem_its_evidence_and_its_time() -> None:
    (result,) = await _all(_failing("connect", REFUSED), timer=_timer(0.0, 0.25))
    assert result.problem is not None
    assert result.problem.code == "connection-refused"
    assert result.evidence == {
        "stage": "connect",
        "system": "socket",
        "errno": "ECONNREFUSED",
        "values": {"host": "h", "port": "25"},
    }
    assert result.took_ms == 250.0


async def test_a_stage_with_nothing_to_run_is_not_reached_and_stops_nothing() -> None:
    results = await _all(_passing("secure"), _skipped("sign-in"), _passing("sender"))
    assert [result.verdict for result in results] == [Verdict.PASSED, Verdict.NOT_REACHED, Verdict.PASSED]
    assert results[1].took_ms == 0.0


async def test_a_stage_whose_need_was_skipped_is_not_reached() -> None:
    log: list[str] = []
    results = await _all(_skipped("sender"), _passing("recipient", log, needs=("sender",)))
    assert [result.verdict for result in results] == [Verdict.NOT_REACHED] * 2
    assert log == []


async def test_a_need_that_was_met_lets_the_stage_run() -> None:
    results = await _all(_passing("sender"), _passing("recipient", needs=("sender",)))
    assert [result.verdict for result in results] == [Verdict.PASSED] * 2


async def test_a_stage_that_can_say_nothing_after_all_is_not_reached_and_stops_nothing() -> None:
    async def nothing() -> Seen | None:
        return None

    needing = _passing("submit", needs=("sender",))
    results = await _all(
        Stage(id="sender", run=nothing), _passing("mailbox"), needing, timer=_timer(0.0, 0.5, 1.0, 2.0)
    )
    verdicts = [result.verdict for result in results]
    assert verdicts == [Verdict.NOT_REACHED, Verdict.PASSED, Verdict.NOT_REACHED]
    assert (results[0].took_ms, results[0].problem) == (500.0, None)


async def test_a_remark_is_a_warning_with_a_problem_and_stops_nothing() -> None:
    async def take() -> Seen:
        remark = Evidence(stage="connect", system=System.SMTP, condition="ipv6-unreachable")
        return Seen(facts={"address": "192.0.2.1"}, remark=remark)

    results = await _all(Stage(id="connect", run=take), _passing("greet", needs=("connect",)))
    assert [result.verdict for result in results] == [Verdict.WARNING, Verdict.PASSED]
    assert results[0].problem is not None
    assert results[0].problem.code == "ipv6-unreachable"
    assert results[0].evidence == {"address": "192.0.2.1"}


async def test_results_come_as_they_happen() -> None:
    gate = asyncio.Event()

    async def wait() -> Seen:
        await gate.wait()
        return Seen()

    results = run((_passing("resolve"), Stage(id="connect", run=wait)))
    first = await anext(results)
    assert first.id == "resolve"
    waiting = asyncio.ensure_future(anext(results))
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.set()
    assert (await waiting).id == "connect"
    await results.aclose()


async def test_a_fault_of_ours_is_not_taken_for_one_of_the_server() -> None:
    async def break_down() -> Seen:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await _all(Stage(id="resolve", run=break_down))


def test_a_failure_can_be_told_without_running_anything() -> None:
    result = failed("connect", REFUSED, took_ms=2.0)
    assert (result.verdict, result.took_ms) == (Verdict.FAILED, 2.0)
    assert result.problem is not None
    assert result.problem.evidence is REFUSED
