"""Reads how long a service asks to be left alone (RFC 9110 section 10.2.3)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_S: Final = 24 * 3_600.0
"""No service means a longer pause than a day; what says so is wrong, and asking once a day harms nobody."""

_DIGITS: Final = 9


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Return the seconds that `Retry-After` asks for, at most LONGEST_S; None where it is absent or no such thing.

    A date counts from the answer's own `Date`, so that a wrong clock of this computer does no harm; else from `now`,
    aware, and without it means nothing. A date that has passed is 0.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:_DIGITS]) if len(said) <= _DIGITS else LONGEST_S, LONGEST_S)
    until, since = http_date(said), http_date(headers.get("Date", "")) or now
    if until is None or since is None:
        return None
    return min(max(0.0, (until - since).total_seconds()), LONGEST_S)


def http_date(text: str) -> datetime | None:
    """Return an HTTP date in any of its three forms (RFC 9110 section 5.6.7) in UTC, None for anything else."""
    try:
        found = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
