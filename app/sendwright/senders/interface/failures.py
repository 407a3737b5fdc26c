"""Turns what goes wrong with an interface, and is the same with all of them, into evidence."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from sendwright.network.failures import TEXT_LIMIT
from sendwright.network.web import observe_web
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible

REACH: Final = "reach"
TOO_LARGE: Final = "message-too-large"
NOT_SENDABLE: Final = "address-not-sendable"
STRANGE_PAGE: Final = "portal-or-filter-page"
NOT_UNDERSTOOD: Final = "answer-not-understood"
"""Conditions of evidence that are ours."""


def lost(
    error: httpx.HTTPError | httpx.InvalidURL, *, system: System, stage: str, left: bool, values: Mapping[str, str]
) -> Evidence:
    """Return the evidence of a request that got no answer.

    left: the end of a message may have reached the other side, `system`.
    """
    known = {name: value for name, value in values.items() if value}
    if not left:
        return observe_web(error, stage=REACH, values=known)
    return msgspec.structs.replace(observe_web(error, stage=stage, values=known), system=system, perhaps_sent=True)


def observed(condition: str, *, system: System, stage: str, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of what we observed ourselves, before anything was asked."""
    return Evidence(stage=stage, system=system, condition=condition, values=dict(values))


def strange(status: int, *, page: bool) -> str | None:
    """Return what an answer is that is no error and not the wished one: another's, or not understood; else None."""
    if status >= HTTPStatus.BAD_REQUEST:
        return None
    return STRANGE_PAGE if page or status >= HTTPStatus.MULTIPLE_CHOICES else NOT_UNDERSTOOD


def words(text: str, redactor: Redactor) -> str:
    """Return the other side's words as they may be shown and logged."""
    return visible(redactor.clean(text[: 2 * TEXT_LIMIT]))[:TEXT_LIMIT]


def shown(values: Mapping[str, str], redactor: Redactor) -> dict[str, str]:
    """Return the values that are not empty, as they may be shown and logged."""
    return {name: visible(redactor.clean_of_known(value)) for name, value in values.items() if value}
