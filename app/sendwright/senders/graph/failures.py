"""Turns what goes wrong with Microsoft Graph into evidence: one table, one place."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from sendwright.network.failures import TEXT_LIMIT
from sendwright.network.retry_after import retry_after
from sendwright.network.web import observe_web
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible
from sendwright.senders.graph.answer import Answer

REACH: Final = "reach"
TOO_LARGE: Final = "message-too-large"
NOT_SENDABLE: Final = "address-not-sendable"
STRANGE_PAGE: Final = "portal-or-filter-page"
NOT_UNDERSTOOD: Final = "answer-not-understood"
"""Conditions of evidence that are ours."""

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
    system, condition = System.GRAPH, None
    took_it = False
    if answer.status < HTTPStatus.BAD_REQUEST:
        foreign = answer.html or answer.status >= HTTPStatus.MULTIPLE_CHOICES
        condition = STRANGE_PAGE if foreign else NOT_UNDERSTOOD
        system = System.HTTP if foreign else System.GRAPH
        took_it = not foreign
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
        text=_words(answer.message, redactor),
        values={name: visible(redactor.clean_of_known(value)) for name, value in known.items() if value},
        perhaps_sent=submits and (gave_up or took_it),
        retry_after_s=retry_after(answer.headers, now=now),
    )


def lost(error: httpx.HTTPError | httpx.InvalidURL, *, stage: str, left: bool, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of a request that got no answer.

    left: the end of a message may have reached the other side.
    """
    known = {name: value for name, value in values.items() if value}
    if not left:
        return observe_web(error, stage=REACH, values=known)
    return msgspec.structs.replace(
        observe_web(error, stage=stage, values=known), system=System.GRAPH, perhaps_sent=True
    )


def observed(condition: str, *, stage: str, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of what we observed ourselves, before anything was asked."""
    return Evidence(stage=stage, system=System.GRAPH, condition=condition, values=dict(values))


def _stage(answer: Answer, stage: str) -> str:
    if answer.status == HTTPStatus.UNAUTHORIZED and answer.code not in STAGES[1][1] | STAGES[2][1]:
        return "sign-in"
    return next((name for name, codes in STAGES if answer.code in codes), stage)


def _words(text: str, redactor: Redactor) -> str:
    return visible(redactor.clean(text[: 2 * TEXT_LIMIT]))[:TEXT_LIMIT]
