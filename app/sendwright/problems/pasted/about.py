"""Gathers what support asks for: who reported, for whom, when, and the numbers under which it is found in logs."""

import re
from collections.abc import Iterable, Iterator

from sendwright.problems.pasted import mime
from sendwright.problems.pasted.delivery_status import address_of
from sendwright.problems.pasted.report import Report

_MOST, _LONGEST, _SEARCHED = 40, 300, 200_000
_GUID = r"([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
_TOLD = (
    (
        "client-request-id",
        "client-request-id",
        re.compile(rf"\bclient-request-id\"?[ :=]{{1,3}}\"?{_GUID}", re.IGNORECASE),
    ),
    ("request-id", "request", re.compile(rf"(?<!client-)\brequest[ -]?id\"?[ :=]{{1,3}}\"?{_GUID}", re.IGNORECASE)),
    ("correlation-id", "correlation", re.compile(rf"\bcorrelation[_ -]?id\"?[ :=]{{1,3}}\"?{_GUID}", re.IGNORECASE)),
    ("trace-id", "trace", re.compile(rf"\btrace[_ -]?id\"?[ :=]{{1,3}}\"?{_GUID}", re.IGNORECASE)),
    (
        "when",
        "timestamp",
        re.compile(r"\btimestamp\"?[ :=]{1,3}\"?(20[0-9]{2}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}Z?)", re.IGNORECASE),
    ),
    ("message-id", "message-id", re.compile(r"\bmessage-id[=: ]{1,2}(<[^<>\s]{3,200}>)", re.IGNORECASE)),
    ("queue-id", "postfix/", re.compile(r"\bpostfix/[a-z/-]{2,30}\[[0-9]{1,9}\]: ([0-9A-Za-z]{6,20}): ")),
    ("queue-id", "queued as ", re.compile(r"\bqueued as ([0-9A-Za-z-]{6,30})\b")),
    ("reporting-server", "generating server", re.compile(r"\bGenerating server: ([A-Za-z0-9.-]{3,200})")),
    ("server", ".com", re.compile(r"\[([A-Z0-9]{8,30}\.[A-Za-z0-9.-]{3,100}\.(?:outlook|exchangelabs)\.com)")),
)

About = tuple[tuple[str, str], ...]


def about_text(text: str) -> About:
    """Return the labels (keys below `explain.about`) and values that stand in `text`, each once."""
    seen = text[:_SEARCHED]
    low = seen.casefold()
    told = ((label, pattern) for label, sign, pattern in _TOLD if sign in low)  # most texts hold none of the signs
    return _tidy((label, found[1]) for label, pattern in told if (found := pattern.search(seen)))


def about_report(report: Report) -> About:
    """Return what `report` tells of itself, of each recipient, and of the message it is about."""
    return _tidy((*_of_status(report), *_of_messages(report), *about_text(report.words)))


def _of_status(report: Report) -> Iterator[tuple[str, str]]:
    status = report.status
    if status is None:
        return
    yield "reporting-server", address_of(status.message.get("reporting-mta", ""))
    for recipient in status.recipients:
        yield "recipient", address_of(recipient.get("final-recipient") or recipient.get("original-recipient", ""))
        yield "outcome", recipient.get("action", "").partition(" ")[0].casefold()
        yield "remote-server", address_of(recipient.get("remote-mta", ""))
    tried = (recipient.get("last-attempt-date", "") for recipient in status.recipients)
    yield "when", next(filter(None, tried), "") or status.message.get("arrival-date", "")
    retried = (recipient.get("will-retry-until", "") for recipient in status.recipients)
    yield "retried-until", next(filter(None, retried), "")
    yield "queue-id", next((value for name, value in status.message.items() if name.endswith("-queue-id")), "")


def _of_messages(report: Report) -> Iterator[tuple[str, str]]:
    yield "recipient", mime.value_of(report.headers, "x-failed-recipients")
    if report.status is None:
        yield "when", mime.value_of(report.headers, "date")
    yield "sender", mime.value_of(report.original, "from")
    yield "message-id", mime.value_of(report.original, "message-id")


def _tidy(pairs: Iterable[tuple[str, str]]) -> About:
    kept = {(label, " ".join(value.split())[:_LONGEST]): None for label, value in pairs if value.strip()}
    return tuple(kept)[:_MOST]
