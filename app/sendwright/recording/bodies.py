"""Reads what an HTTP message carries: the secrets of a request, to know them again, and the text of an error."""

import base64
import binascii
import contextlib
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote

import httpx
import msgspec

from sendwright.recording.grammar import HEADERS, SURE, VAGUE
from sendwright.recording.shapes import LONG
from sendwright.secret import Secret

LONGEST: Final = 64 * 1024
"""Octets of a body that are unpacked, and of a request's that are searched: a small body can unpack to a huge one."""

SHORTEST_PASSWORD: Final = 6
"""Letters below which a word is not learned because of its place alone: it would blot out half of every text."""

_SURE: Final = re.compile(rf"(?:.*[_-])?(?:{SURE})", re.IGNORECASE)
_VAGUE: Final = re.compile(VAGUE, re.IGNORECASE)
_SIGNS_IN: Final = re.compile(HEADERS, re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\s,;\"]+")
_GAPS: Final = " \n\t\r\"',;&<>"


def request_secrets(request: httpx.Request) -> Iterator[Secret]:
    """Yield what signs `request` in: of its header, its address, and a body of JSON or of a form."""
    for name, value in request.headers.multi_items():
        if _SIGNS_IN.fullmatch(name):
            yield from _of_header(value)
    if request.url.password:
        yield from _of_place("password", request.url.password)
    for name, value in parse_qsl(request.url.query.decode("ascii", "replace"), max_num_fields=None):
        yield from _of_place(name, value)
    yield from _of_body(request)


def readable(body: bytes, headers: Mapping[str, str], *, whole: bool) -> str:
    """Return the text of a body; empty where it is packed in a way that is not known here.

    whole: nothing of it is missing. Where something is, it ends at its last gap: half a secret is not known again.
    """
    packed = headers.get("content-encoding", "identity").strip().lower()
    if packed in ("gzip", "x-gzip", "deflate"):
        unpacked, all_of_it = _unpacked(body)
        body, whole = unpacked, whole and all_of_it
    elif packed not in ("", "identity"):
        return ""
    text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    return text if whole else text[: max(text.rfind(gap) for gap in _GAPS) + 1]


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # gzip or zlib by its header; some send bare deflate
        engine = zlib.decompressobj(window)
        try:
            return engine.decompress(body, LONGEST), engine.eof and not engine.unconsumed_tail
        except zlib.error:
            continue
    return b"", False


def _of_header(value: str) -> Iterator[Secret]:
    """Yield the credentials after the scheme; of Basic (RFC 7617) the password as well; of cookies their values."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() == "basic":
        with contextlib.suppress(binascii.Error):
            login = base64.b64decode(rest.strip()).decode("utf-8", "replace")
            yield from _of_place("password", login.partition(":")[2])
    for part in (
        value.strip(),
        rest.strip(),
        *_WORDS.findall(value),
        *(word.partition("=")[2] for word in _WORDS.findall(value)),
    ):
        if _is_long(part):
            yield Secret(part)


def _is_long(value: str) -> bool:
    """Tell whether `value` can be told from a word: in the place for a secret also an id is one."""
    return len(value) >= LONG and " " not in value and any(map(str.isdigit, value))


def _of_place(name: str, value: str) -> Iterator[Secret]:
    if (_SURE.fullmatch(name) and len(value) >= SHORTEST_PASSWORD) or (_VAGUE.fullmatch(name) and _is_long(value)):
        yield Secret(value)
        if unquote(value) != value:
            yield Secret(unquote(value))


def _of_body(request: httpx.Request) -> Iterator[Secret]:
    try:
        body = request.content
    except httpx.RequestNotRead:  # a streamed one
        return
    if not body or len(body) > LONGEST:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        for name, value in parse_qsl(body.decode("utf-8", "replace")):
            yield from _of_place(name, value)
    elif kind.endswith("json"):
        try:
            yield from _of_fields(msgspec.json.decode(body), "")
        except (msgspec.MsgspecError, RecursionError):
            return


def _of_fields(found: object, name: str) -> Iterator[Secret]:
    match found:
        case dict():
            for key, value in found.items():
                yield from _of_fields(value, str(key))
        case list():
            for value in found:
                yield from _of_fields(value, name)
        case str():
            yield from _of_place(name, found)
        case _:
            return
