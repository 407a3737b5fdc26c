"""Reads the parts of a mail message (RFC 5322, RFC 2045, RFC 2046), cut off or broken ones as far as they go."""

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

from sendwright.problems.pasted.admission import visible

Headers = tuple[tuple[str, str], ...]

_DEEPEST, _MOST_PARTS, _MOST_HEADERS, _LONGEST_HEADER = 8, 60, 120, 4000
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60} ?:")
_BOUNDARY = re.compile(r"boundary ?= ?\"?([^\";\n]{1,80})", re.IGNORECASE)
_CHARSET = re.compile(r"charset ?= ?\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TELLING = frozenset(
    {
        "content-type",
        "mime-version",
        "received",
        "return-path",
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "delivered-to",
        "x-failed-recipients",
        "auto-submitted",
    }
)
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_NOT_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64)

# What mail is written in. UTF-7 hides signs of other meanings and is left as it stands; so is what is not known.
_ENCODINGS = re.compile(
    r"(?:us-ascii|ascii|utf-?8|iso-?8859-[0-9]{1,2}|windows-125[0-9]|cp125[0-9]|koi8-r|koi8-u|gb2312|gbk|gb18030|big5|shift_jis|iso-2022-jp|euc-jp|euc-kr)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part without parts of its own. kind: its type, such as `text/plain`. body: decoded, as lines."""

    kind: str
    headers: Headers
    body: str


def is_message(text: str) -> bool:
    """Tell whether `text` begins with the header of a message."""
    names: set[str] = set()
    for line in text[:20_000].lstrip("\n").split("\n", 60)[:60]:
        if not line.strip():
            break
        if _HEADER.match(line):
            names.add(line.partition(":")[0].strip().casefold())
        elif not (line[0].isspace() or line.startswith(("From ", ">From "))):
            return False
    return len(names & _TELLING) > 1


def parts_of(text: str) -> tuple[Headers, tuple[Part, ...]]:
    """Return the header of the message `text`, and its parts in order; nested deeper than 8 they are left out."""
    headers, body = _split(text.lstrip("\n"))
    found: list[Part] = []
    for part in _parts(headers, body, 0):
        found.append(part)
        if len(found) >= _MOST_PARTS:
            break
    return headers, tuple(found)


def headers_of(text: str) -> Headers:
    """Return names and values of the header lines at the beginning of `text`, unfolded and decoded."""
    return _split(text.lstrip("\n"))[0]


def value_of(headers: Headers, name: str) -> str:
    """Return the value of the header `name`, empty where there is none."""
    return next((value for known, value in headers if known.casefold() == name), "")


def _parts(headers: Headers, body: str, depth: int) -> Iterator[Part]:
    content = value_of(headers, "content-type")
    kind = content.partition(";")[0].strip().casefold() or "text/plain"
    boundary = _BOUNDARY.search(content[:2000])
    if kind.startswith("multipart/") and boundary is not None:
        if depth < _DEEPEST:
            for inside in _between(body, boundary[1].strip()):
                yield from _parts(*_split(inside), depth + 1)
        return
    yield Part(kind=kind, headers=headers, body=_decoded(headers, body))


def _between(body: str, boundary: str) -> Iterator[str]:
    held: list[str] | None = None
    for line in body.split("\n"):
        if line.startswith("--") and line[2:].rstrip().removesuffix("--") == boundary:
            if held is not None:
                yield "\n".join(held)
            held = None if line.rstrip() == f"--{boundary}--" else []
        elif held is not None:
            held.append(line)
    if held:  # cut off before its end
        yield "\n".join(held)


def _split(text: str) -> tuple[Headers, str]:
    headers: list[tuple[str, list[str]]] = []
    place = 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        line = text[place:end]
        if not line.strip():
            place = end + 1
            break
        if line[0].isspace() and headers:
            headers[-1][1].append(line.strip())
        elif _HEADER.match(line):
            name, _, value = line.partition(":")
            headers.append((name.strip(), [value.strip()]))
        elif not line.startswith(("From ", ">From ")):
            break  # no header any more: the blank line was lost
        place = end + 1
    read = ((name, " ".join(lines)[:_LONGEST_HEADER]) for name, lines in headers[:_MOST_HEADERS])
    return tuple((name, _words(value)) for name, value in read), text[place:]


def _words(value: str) -> str:
    """Return `value` with its encoded words (RFC 2047) decoded, as far as their encoding is one of mail."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    if any(encoding and not _ENCODINGS.fullmatch(encoding) for _, encoding in parts):
        return value
    decoded = (part if isinstance(part, str) else _text(part, encoding or "utf-8") for part, encoding in parts)
    return visible("".join(decoded)).replace("\n", " ")


def _decoded(headers: Headers, body: str) -> str:
    encoding = value_of(headers, "content-transfer-encoding").strip().casefold()
    charset = _CHARSET.search(value_of(headers, "content-type")[:2000])
    octets = body.encode("utf-8", "replace")
    if encoding == "base64":
        plain = octets.translate(None, delete=_NOT_BASE64)
        octets = base64.b64decode(_whole_groups(plain))
    elif encoding == "quoted-printable":
        octets = quopri.decodestring(octets)
    else:
        return body
    return visible(_text(octets, charset[1] if charset else "utf-8"))


def _whole_groups(plain: bytes) -> bytes:
    """Return base64 without padding as far as it stands for whole octets, padded; it may be cut off anywhere."""
    usable = plain[:-1] if len(plain) % 4 == 1 else plain
    return usable + b"=" * (-len(usable) % 4)


def _text(octets: bytes, encoding: str) -> str:
    if not _ENCODINGS.fullmatch(encoding):
        return str(octets, "ascii", "replace")
    try:
        return str(octets, encoding, "replace")
    except LookupError:
        return str(octets, "ascii", "replace")
