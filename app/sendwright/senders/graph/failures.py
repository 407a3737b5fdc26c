"""Turns the refusals of Microsoft Graph into evidence: one table, one place."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from sendwright.network.retry_after import retry_after
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.senders.graph.answer import Answer
from sendwright.senders.interface.failures import NOT_UNDERSTOOD, STRANGE_PAGE, shown, strange, words

AS_APPLICATION: Final = "acting-as-application"
"""Condition of a refusal of access beside its code: what an administrator does for an application is another thing."""

STAGES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("sender", frozenset({"ErrorSendAsDenied", "ErrorAccessDenied", "AccessDenied", "accessDenied", "Forbidden"})),
    (
        "permissions",
        frozenset(
            {
                "Authorization_RequestDenied",
                "NoPermissionsInAccessToken",
                "ErrorInsufficientPermissionsInAccessToken",
            }
        ),
    ),
    (
        "mailbox",
        frozenset(
            {
                "ErrorInvalidUser",
                "ErrorNonExistentMailbox",
                "ErrorMissingEmailAddress",
                "ErrorInvalidLicense",
                "MailboxNotEnabledForRESTAPI",
                "MailboxNotSupportedForRESTAPI",
                "OrganizationFromTenantGuidNotFound",
                "Request_ResourceNotFound",
                "ResourceNotFound",
            }
        ),
    ),
)
"""What a code judges, wherever it comes up; anything else judges what was being done."""

_GAVE_UP = frozenset({"ErrorTimeoutExpired", "GatewayTimeout"})


def refused(
    answer: Answer, *, stage: str, submits: bool, values: Mapping[str, str], redactor: Redactor, now: datetime
) -> Evidence:
    """Return the evidence of an answer that is not the wished one.

    stage: what was being done. submits: a message was handed over; then a gateway that gave up (504), or a success that
    is not Graph's, leaves open whether it was taken. now: aware, for a `Retry-After` that is a date.
    """
    condition = strange(answer.status, page=answer.html)
    system = System.HTTP if condition == STRANGE_PAGE else System.GRAPH
    known = dict(values) | {"client_request_id": answer.client_request_id, "request_id": answer.request_id}
    if answer.claims:
        known["claims"] = answer.claims
    where = _stage(answer, stage)
    if where == "sender" and known.get("way") == "application":
        condition = AS_APPLICATION
    if where == "mailbox" and known.get("route") != "me":
        known |= dict.fromkeys(("username", "sender"), known.get("mailbox", ""))  # the mailbox that was asked for
    gave_up = answer.status == HTTPStatus.GATEWAY_TIMEOUT or answer.code in _GAVE_UP
    return Evidence(
        stage=where,
        system=system,
        condition=condition,
        http=answer.status,
        reason=answer.code or None,
        error=answer.error or None,
        text=words(answer.message, redactor),
        values=shown(known, redactor),
        perhaps_sent=submits and (gave_up or condition == NOT_UNDERSTOOD),
        retry_after_s=retry_after(answer.headers, now=now),
    )


def _stage(answer: Answer, stage: str) -> str:
    if answer.status == HTTPStatus.UNAUTHORIZED and answer.code not in STAGES[1][1] | STAGES[2][1]:
        return "sign-in"
    return next((name for name, codes in STAGES if answer.code in codes), stage)
