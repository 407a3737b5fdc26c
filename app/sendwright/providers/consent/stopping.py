"""Turns what fails at a sign-in service into a stop with a named problem, and work into a stage."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import TypeVar

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.errors import VaultUnavailable
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.problem import Problem
from sendwright.screens import Action, Halted
from sendwright.world import Progress

OWN_REGISTRATION = "own"
"""Value `registration` of evidence: whoever looks after the application is the organisation itself."""

Naming = Callable[[Evidence], Problem]
"""Names the problem with the facts that its words and commands need."""

T = TypeVar("T")


def stop_of(
    failure: Failure | VaultUnavailable,
    named: Naming,
    *,
    actions: tuple[Action, ...] = (),
    after: object | None = None,
) -> Halted:
    """Return the stop for `failure`; actions: ways on. after: the state to keep."""
    if isinstance(failure, VaultUnavailable):
        evidence = Evidence(stage="keychain", system=System.KEYCHAIN, condition=failure.condition)
        return Halted(classify(evidence), actions=actions, state=after)
    return Halted(named(failure.evidence), actions=actions, state=after)


async def as_stage(
    stage: str, work: Awaitable[T], progress: Progress, named: Naming, *, actions: tuple[Action, ...] = ()
) -> T:
    """Return what `work` yields, and report it as a stage. Raises Halted, with `actions`, where it fails."""
    began = perf_counter()

    def report(verdict: Verdict, problem: Problem | None = None) -> None:
        took = (perf_counter() - began) * 1000
        progress(StageResult(id=stage, verdict=verdict, took_ms=took, problem=problem))

    try:
        done = await work
    except Halted as halted:
        report(Verdict.FAILED, halted.problem)
        raise
    except (Failure, VaultUnavailable) as failure:
        stop = stop_of(failure, named, actions=actions)
        report(Verdict.FAILED, stop.problem)
        raise stop from failure
    report(Verdict.PASSED)
    return done
