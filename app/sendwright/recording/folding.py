r"""Reads a text as those do who wrap and escape it, and remembers where each letter stood.

A secret comes back broken over lines, percent-coded, in the escapes of JSON, of HTML or of quoted-printable, or with
a NUL behind each letter. To look for every such spelling one by one has no end; so the text is undone instead, one
coding after the other, and the secret is looked for in what comes out.
"""

import html
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Place = tuple[int, int]
"""Start and end in the original text."""

Meaning = Callable[[str], str]
Chain = tuple[tuple[re.Pattern[str], Meaning], ...]

_URL_SAFE = {ord("-"): "+", ord("_"): "/"}  # base64url is compared as base64 (RFC 4648 section 5)
_DROPPED = (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2060, 0xFEFF)
_FOLD: dict[int, str | None] = {**dict.fromkeys(_DROPPED), **_URL_SAFE}

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_QUOTED = re.compile(r"=[ \t]{0,20}\r?\n|(?:=[0-9A-Fa-f]{2})+")
_PERCENT_U = re.compile(r"(?:%u[0-9A-Fa-f]{4})+", re.IGNORECASE)
_BACKSLASH = re.compile(
    r"(?:\\u[0-9A-Fa-f]{4})+|(?:\\x[0-9A-Fa-f]{2})+|(?:\\[0-3][0-7]{2})+|"
    r"\\U[0-9A-Fa-f]{8}|\\u\{[0-9A-Fa-f]{1,6}\}|\\.",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_HEX_FILLING = re.compile(r"0[xX]|[:,|\-]")
_REPLY_LINE = re.compile(r"\n(?:[2-5][0-9]{2}[ -])?(?:[245]\.[0-9]{1,3}\.[0-9]{1,3}[ \t])?")
_PLUS = re.compile(r"\+")  # a space in a form; elsewhere a letter of base64
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": "\0"}

DEPTH = 3
"""Codings one over the other that are undone, such as JSON inside a percent-coded form."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A text read in one way; places: where each of its letters stands in the original."""

    letters: str
    places: Sequence[Place]


def fold(text: str) -> str:
    """Return `text` without white space, controls and invisible letters, in one letter case, base64url as base64.

    Letters with marks are taken apart, letter by letter (Unicode's NFKD): systems compose them in different ways.
    """
    apart = text if text.isascii() else "".join(unicodedata.normalize("NFKD", letter) for letter in text)
    return apart.translate(_FOLD).casefold()


def readings(text: str) -> Iterator[tuple[str, Chain]]:
    """Yield `text` as it is, and as it reads after each coding that it holds was undone; and which those were."""
    yield text, ()
    seen = {text}
    latest: list[tuple[str, Chain]] = [(text, ())]
    for _ in range(DEPTH):
        found: list[tuple[str, Chain]] = []
        for letters, chain in latest:
            for coding in _CODINGS:
                undone = _read(letters, *coding)
                if undone not in seen:
                    seen.add(undone)
                    found.append((undone, (*chain, coding)))
                    yield found[-1]
        latest = found


def _read(letters: str, pattern: re.Pattern[str], meaning: Meaning) -> str:
    return pattern.sub(lambda match: meaning(match[0]), letters)


def traced(text: str, chain: Chain) -> View:
    """Return `text` folded after the codings of `chain` were undone, with the place of each letter."""
    view = View(letters=text, places=[(at, at + 1) for at in range(len(text))])
    for pattern, meaning in chain:
        view = _undone(view, pattern, meaning)
    pairs = [(letter, place) for old, place in zip(view.letters, view.places, strict=True) for letter in fold(old)]
    return View(letters="".join(letter for letter, _ in pairs), places=[place for _, place in pairs])


def _undone(view: View, pattern: re.Pattern[str], meaning: Meaning) -> View:
    letters: list[str] = []
    places: list[Place] = []
    end = 0
    for match in pattern.finditer(view.letters):
        meant = meaning(match[0])
        letters += (view.letters[end : match.start()], meant)
        places += view.places[end : match.start()]
        places += [(view.places[match.start()][0], view.places[match.end() - 1][1])] * len(meant)
        end = match.end()
    letters.append(view.letters[end:])
    places += view.places[end:]
    return View(letters="".join(letters), places=places)


def _octets(digits: str) -> str:
    data = bytes.fromhex(digits)
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def _percent(coded: str) -> str:
    return _octets(coded.replace("%", ""))


def _percent_u(coded: str) -> str:
    return _pairs(re.sub("%u", "", coded, flags=re.IGNORECASE))


def _pairs(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")


def _quoted(coded: str) -> str:
    return "" if coded.endswith("\n") else _octets(coded.replace("=", ""))


def _backslash(coded: str) -> str:
    kind, digits = coded[1], coded[2:]
    if kind == "u" and digits.startswith("{"):
        return _character(digits.strip("{}"))
    if kind == "U" and digits:
        return _character(digits)
    if kind == "u" and digits:
        return _pairs(coded.replace("\\u", ""))
    if kind == "x" and digits:
        return _octets(coded.replace("\\x", ""))
    if digits:  # octal, as C and databases write octets
        return _octets(bytes(int(octal, 8) for octal in coded.split("\\")[1:]).hex())
    return _SHORT.get(kind, kind)


def _character(digits: str) -> str:
    return chr(number) if (number := int(digits, 16)) <= sys.maxunicode else ""


_CODINGS: Chain = (
    (_PERCENT, _percent),
    (_PERCENT_U, _percent_u),
    (_QUOTED, _quoted),
    (_BACKSLASH, _backslash),
    (_ENTITY, html.unescape),
    (_HEX_FILLING, lambda _: ""),
    (_PLUS, lambda _: ""),
    (_REPLY_LINE, lambda _: ""),
)
