"""Turns the refusals of Gmail into evidence: one table, one place."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.senders.gmail.answer import Answer
from sendwright.senders.interface.failures import NOT_UNDERSTOOD, STRANGE_PAGE, shown, strange, words

STAGES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    (
        "permissions",
        frozenset(
            {
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "insufficientPermissions",
                "accessNotConfigured",
                "SERVICE_DISABLED",
                "CONSUMER_SUSPENDED",
                "CONSUMER_INVALID",
                "BILLING_DISABLED",
                "USER_PROJECT_DENIED",
                "RESOURCE_PROJECT_INVALID",
                "domainPolicy",
                "domainCannotUseApis",
                "USER_BLOCKED_BY_ADMIN",
                "SECURITY_POLICY_VIOLATED",
            }
        ),
    ),
    ("mailbox", frozenset({"failedPrecondition", "FAILED_PRECONDITION", "forbidden"})),
)
"""What a reason judges, wherever it comes up; anything else judges what was being done."""

BUSY: Final = frozenset(
    {
        "userRateLimitExceeded",
        "rateLimitExceeded",
        "quotaExceeded",
        "RATE_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "dailyLimitExceeded",
        "RESOURCE_QUOTA_EXCEEDED",
    }
)
"""Reasons that ask for a pause; the time stands in the message, there is no header."""

_VAGUE: Final = frozenset({"forbidden", "PERMISSION_DENIED", "badRequest", "INVALID_ARGUMENT", "FAILED_PRECONDITION"})
_TELLING: Final = BUSY.union(*(reasons for _, reasons in STAGES)) - _VAGUE

_OPEN: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Statuses after which nobody knows whether a message left: there is no key that makes a second one harmless.

503 is not one of them: the service turned the request away.
"""


def refused(answer: Answer, *, stage: str, submits: bool, values: Mapping[str, str], redactor: Redactor) -> Evidence:
    """Return the evidence of an answer that is not the wished one.

    stage: what was being done. submits: a message was handed over; then an error in the middle of it, or a success that
    is not understood, leaves open whether it was taken.
    """
    condition = strange(answer.status, page=answer.page)
    reason = _reason(answer.reasons)
    known = dict(values) | {"reasons": ", ".join(answer.reasons), "project": answer.project}
    asks_for_pause = reason in BUSY or answer.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    return Evidence(
        stage=_stage(answer.status, reason, stage),
        system=System.HTTP if condition == STRANGE_PAGE else System.GMAIL,
        condition=condition,
        http=answer.status,
        reason=reason or None,
        text=words(answer.message, redactor),
        values=shown(known, redactor),
        perhaps_sent=submits and (answer.status in _OPEN or condition == NOT_UNDERSTOOD),
        retry_after_s=answer.wait_s if asks_for_pause else None,
    )


def _reason(reasons: tuple[str, ...]) -> str:
    """Return the reason that tells most: one that is known to mean something of its own, else the first."""
    return next((one for one in reasons if one in _TELLING), reasons[0] if reasons else "")


def _stage(status: int, reason: str, stage: str) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return "sign-in"
    return next((name for name, reasons in STAGES if reason in reasons), stage)
