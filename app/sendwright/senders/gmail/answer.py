"""Reads what Gmail answers: its reasons, its ids, and how long it wants to be left alone."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import httpx
import msgspec

from sendwright.network.retry_after import LONGEST_S, http_date, retry_after
from sendwright.senders.interface.answer import is_page, lowered, object_in, tls_of, word

MOST_ITEMS: Final = 20
"""Entries of `errors` and `details` that are read; Gmail writes one of each."""

LONGEST_MESSAGE: Final = 4_000

_UNTIL = re.compile(
    r"\bretry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)(?!\d)", re.IGNORECASE | re.ASCII
)
_SECONDS = re.compile(r"(\d{1,9})(?:\.\d{1,9})?s", re.ASCII)
_PROJECT = re.compile(r"projects/([0-9A-Za-z-]{1,60})", re.ASCII)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer.

    content: the JSON object of the body, empty where it is none. json: it says that it is one. page: the body is a page
    for people. reasons: of `details` (google.rpc.ErrorInfo), of `errors`, then the canonical status, each once, the
    most telling first. message: of the error. project: of the OAuth client, where Gmail names it. wait_s: seconds for
    which it wants to be left alone, None where it names no time. tls: version and chain of the connection, ready for
    JSON, where there is one.
    """

    status: int
    content: dict[str, object]
    json: bool = False
    page: bool = False
    reasons: tuple[str, ...] = ()
    message: str = ""
    project: str = ""
    wait_s: float | None = None
    tls: dict[str, object] = {}


async def read_answer(response: httpx.Response, *, now: datetime) -> Answer:
    """Return what `response` says. now: aware, for a time that Gmail names where the answer has no date.

    Of the error object anything may be missing, or be something else.
    Source: developers.google.com/workspace/gmail/api/guides/handle-errors; google.rpc.ErrorInfo and RetryInfo
    """
    content = await object_in(response)
    error = lowered(content.get("error"))
    details, errors = tuple(_objects(error.get("details"))), tuple(_objects(error.get("errors")))
    reasons = [item.get("reason") for item in (*details, *errors)]
    found = (*filter(None, map(word, reasons)), *filter(None, [word(error.get("status"))]))
    messages = [_text(error.get("message")), *(_text(item.get("message")) for item in errors)]
    told = (_time(response.headers, messages, now), *map(_delay, details), retry_after(response.headers, now=now))
    return Answer(
        status=response.status_code,
        content=content,
        json=response.headers.get("Content-Type", "").strip().lower().startswith("application/json"),
        page=is_page(response),
        reasons=tuple(dict.fromkeys(found)),
        message=next(filter(None, messages), ""),
        project=next(filter(None, map(_project, details)), ""),
        wait_s=max((seconds for seconds in told if seconds is not None), default=None),
        tls=tls_of(response),
    )


def _time(headers: Mapping[str, str], messages: list[str], now: datetime) -> float | None:
    """Return the seconds until the time that stands in a message: Gmail sends no `Retry-After`.

    They count from the answer's own `Date`, so that a wrong clock of this computer does no harm; a time that has passed
    is 0, and no pause is longer than LONGEST_S. Source: what GAMADV-XTD3 reports
    """
    found = next(filter(None, map(_UNTIL.search, messages)), None)
    if found is None:
        return None
    try:
        until = datetime.fromisoformat(f"{found[1]}{found[3].upper()}")
    except ValueError:
        return None
    since = http_date(headers.get("Date", "")) or now
    left_s = (until - since).total_seconds() + (1.0 if found[2] else 0.0)  # never before it
    return min(max(0.0, left_s), LONGEST_S)


def _delay(detail: Mapping[str, object]) -> float | None:
    """Return the seconds of a google.rpc.RetryInfo."""
    said = detail.get("retrydelay")
    found = _SECONDS.fullmatch(said) if isinstance(said, str) else None
    return min(float(found[1]) + 1.0, LONGEST_S) if found else None


def _project(detail: Mapping[str, object]) -> str:
    consumer = lowered(detail.get("metadata")).get("consumer")
    found = _PROJECT.fullmatch(consumer) if isinstance(consumer, str) else None
    return found[1] if found else ""


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    return (lowered(item) for item in (value[:MOST_ITEMS] if isinstance(value, list) else ()))


def _text(value: object) -> str:
    return value[:LONGEST_MESSAGE] if isinstance(value, str) else ""
