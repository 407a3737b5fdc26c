"""Tells a wrong clock of this computer from a bad certificate, where the server's own date makes it certain."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from sendwright.problems.evidence import Evidence

CLOCK_WRONG = "clock-wrong"

_EXPIRED, _NOT_YET_VALID = 10, 9
_WEEKDAYS = ("Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, ")
_LENGTH_OF_DATE = len("Fri, 20 Nov 2026 09:18:20 +0000")
_CERTAIN = timedelta(days=1)


def server_time(greeting: str) -> datetime | None:
    """Return the date in a greeting, as Exim and Exchange write it (RFC 5322 section 3.3), None without one."""
    for day in _WEEKDAYS:
        start = greeting.find(day)
        if start >= 0:
            try:
                found = parsedate_to_datetime(greeting[start : start + _LENGTH_OF_DATE])
            except ValueError:
                return None
            return found if found.tzinfo is not None else None
    return None


def blame_clock(evidence: Evidence, *, greeting: str, now: datetime) -> Evidence:
    """Return `evidence` of a certificate out of its time as one of a wrong clock, where that is certain.

    It is when the server gave its own date, that date lies within the certificate's time, and this computer's
    (`now`, aware) is more than a day away from it. Anything else comes back as it was.
    """
    said = server_time(greeting)
    if evidence.verify not in (_EXPIRED, _NOT_YET_VALID) or said is None:
        return evidence
    try:
        begins, ends = (datetime.fromisoformat(evidence.values[name]) for name in ("not_before", "not_after"))
        certain = begins <= said <= ends and abs(said - now) > _CERTAIN
    except (KeyError, TypeError, ValueError):
        return evidence
    if not certain:
        return evidence
    times = {"own_time": _shown(now), "server_time": _shown(said)}
    return msgspec.structs.replace(evidence, condition=CLOCK_WRONG, values=evidence.values | times)


def _shown(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
