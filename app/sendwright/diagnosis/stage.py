"""A stage of a diagnosis and its result, as data."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from sendwright.problems.evidence import Evidence
from sendwright.problems.problem import Problem

SMTP_STAGES = ("resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit")
GRAPH_STAGES = GMAIL_STAGES = INTERFACE_STAGES = ("reach", "sign-in", "permissions", "mailbox", "sender", "submit")


class Verdict(StrEnum):
    """How a stage ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    NOT_REACHED = "not-reached"


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """One stage's outcome.

    id: one of the stages of its kind. took_ms: milliseconds. evidence: what was seen, ready for JSON, free of
    secrets. problem: what is wrong, None when passed or not reached.
    """

    id: str
    verdict: Verdict
    took_ms: float = 0.0
    evidence: dict[str, object] = {}
    problem: Problem | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a stage that passed has seen.

    facts: ready for JSON, free of secrets. remark: something that works and should not stay as it is.
    """

    facts: dict[str, object] = field(default_factory=dict)
    remark: Evidence | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of a diagnosis.

    needs: ids of stages without which this one makes no sense. run: takes the step; raises
    problems.evidence.Failure; returns None where it turned out that nothing can be said, which is not reached either.
    None: there is nothing to try, the stage is not reached.
    """

    id: str
    run: Callable[[], Awaitable[Seen | None]] | None
    needs: tuple[str, ...] = ()
