"""A stage of a diagnosis and its result, as data."""

from enum import StrEnum

import msgspec

from sendwright.problems.problem import Problem

SMTP_STAGES = ("resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit")


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
