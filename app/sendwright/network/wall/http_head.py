"""Asks over one connection for the head of an HTTP answer, and for nothing else of it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from sendwright.network.wall.line import Line, NoReply

_MOST_FIELDS: Final = 100
_STATUSES: Final = range(100, 600)
_SEVERAL: Final = "proxy-authenticate"
"""A field that comes once for each way to sign in (RFC 9110 section 5.3)."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Status, words and header fields of an answer; names of fields in lower case."""

    status: int
    words: str
    fields: dict[str, str] = {}

    @property
    def line(self) -> str:
        """Status and words."""
        return f"{self.status} {self.words}".rstrip()

    @property
    def redirected_to(self) -> str:
        """Where the answer leads to, empty where it leads nowhere."""
        return self.fields.get("location", "") if self.status in _REDIRECTS else ""

    @property
    def date(self) -> datetime | None:
        """The other side's time (RFC 9110 section 6.6.1), None without one."""
        return read_date(self.fields.get("date", ""))


async def ask_head(line: Line, request: str, *, host: str, secret: str = "") -> Head:
    """Send the `request` line for `host` and return the head of the answer.

    secret: a header line that nobody is told of. Raises OSError, ValueError, and NoReply for what is no HTTP.
    """
    line.said_http(request, host=host)
    if host.count(":") > 1 and not host.startswith("["):
        host = f"[{host}]"  # RFC 9110 section 7.2, RFC 3986 section 3.2.2
    head = f"{request} HTTP/1.1\r\nHost: {host}\r\n{secret}Connection: close\r\n\r\n"
    await line.write(head.encode("ascii", "backslashreplace"))
    return await read_head(line, host=host)


async def read_head(line: Line, *, host: str) -> Head:
    """Read the head of an answer. Raises as `ask_head`."""
    first = await line.read_line()
    version, _, rest = first.partition(" ")
    number, _, words = rest.partition(" ")
    if not version.startswith("HTTP/") or not number.isdecimal() or int(number) not in _STATUSES:
        raise NoReply(first)
    fields: dict[str, str] = {}
    for _ in range(_MOST_FIELDS):
        field = await line.read_line()
        if not field:
            break
        name, _, value = field.partition(":")
        known = name.strip().lower()
        if known == _SEVERAL and known in fields:
            fields[known] += f", {value.strip()}"
        fields.setdefault(known, value.strip())
    line.heard_http(int(number), first, host=host)
    return Head(status=int(number), words=words.strip()[:200], fields=fields)


def read_date(said: str) -> datetime | None:
    """Return the moment of a date as HTTP and mail write it, aware and in UTC; None where it is none."""
    try:
        found = parsedate_to_datetime(said)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, TypeError, OverflowError):
        return None
