"""What a recipient's server says of a message's origin (Authentication-Results, RFC 8601), as far as it says it."""

import re
from typing import Final

import msgspec

LONGEST_RESULTS: Final = 20_000
"""Letters of one field that are looked at."""

METHODS: Final = ("spf", "dkim", "dmarc")

_COMMENT = re.compile(r"\([^()]*\)")
_DEEPEST = 10
_RESULT = re.compile(r"\s*([a-z]{1,20})\s*=\s*([a-z]{1,20})\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(?:header\.(?:d|i|from)|smtp\.(?:mailfrom|helo))\s*=\s*\"?([^\s;\"]{1,320})", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,10}", re.IGNORECASE)


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """One result. method: one of METHODS. result: `pass`, `fail`, `none`, …; domain: of whom, empty where unsaid."""

    method: str
    result: str
    domain: str = ""


def stated_in(value: str) -> tuple[Stated, ...]:
    """Return the results in the value of one field, in its order; what cannot be read is left out.

    Nothing here proves anything: whoever writes a message can write such a field. The topmost one is the recipient's
    own server's, as long as that removes others that bear its name (RFC 8601 section 5).
    """
    value = value[:LONGEST_RESULTS]
    for _ in range(_DEEPEST):
        shorter = _COMMENT.sub(" ", value)
        if shorter == value:
            break
        value = shorter
    found = []
    for part in value.split(";")[1:]:
        result = _RESULT.match(part)
        if result is not None and result[1].lower() in METHODS:
            domain = _domain(part)
            found.append(Stated(method=result[1].lower(), result=result[2].lower(), domain=domain))
    return tuple(found)


def _domain(part: str) -> str:
    named = _PROPERTY.search(part)
    domain = named[1].rpartition("@")[2] if named else ""
    return domain.lower() if _DOMAIN.fullmatch(domain) else ""
