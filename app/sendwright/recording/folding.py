r"""Reads a text as those do who wrap and escape it, and remembers where each letter stood.

A secret comes back broken over lines, percent-coded, in the escapes of JSON, of HTML or of quoted-printable, or with
a NUL behind each letter. To look for every such spelling one by one has no end; so the text is undone instead, one
coding after the other, and the secret is looked for in what comes out.
"""

import html
import re
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
_BACKSLASH = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|(?:\\x[0-9A-Fa-f]{2})+|\\.", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_HEX_FILLING = re.compile(r"0[xX]|[:,|\-]")
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
    """Return `text` without white space, controls and invisible letters, in one letter case, base64url as base64."""
    return text.translate(_FOLD).casefold()


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


def _quoted(coded: str) -> str:
    return "" if coded.endswith("\n") else _octets(coded.replace("=", ""))


def _backslash(coded: str) -> str:
    if coded.startswith("\\u") and len(coded) > len("\\u"):
        return bytes.fromhex(coded.replace("\\u", "")).decode("utf-16-be", "surrogatepass")
    if coded.startswith("\\x") and len(coded) > len("\\x"):
        return _octets(coded.replace("\\x", ""))
    return _SHORT.get(coded[1], coded[1])


_CODINGS: Chain = (
    (_PERCENT, _percent),
    (_QUOTED, _quoted),
    (_BACKSLASH, _backslash),
    (_ENTITY, html.unescape),
    (_HEX_FILLING, lambda _: ""),
    (_PLUS, lambda _: ""),
)
