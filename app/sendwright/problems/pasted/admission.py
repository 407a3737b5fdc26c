"""Turns what was pasted into text, or refuses it in a sentence."""

import codecs
import re

from sendwright.problems.pasted.understood import PasteRefused

LONGEST = 2_000_000
"""Octets or characters of one paste; what is longer is refused, for a report or a log excerpt is far shorter."""

_MOST_CONTROLS, _FEW_CONTROLS = 0.02, 8
_MOST_REPLACED = 0.25
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!\x1a",
    b"\x28\xb5\x2f\xfd",
)
_DOCUMENTS = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x7fELF", b"MZ\x90")
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\r\f\x1b"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")


def admit(pasted: str | bytes) -> str:
    """Return `pasted` as lines of printable characters. Raises PasteRefused: too-long, archive, not-text.

    Octets are UTF-8, or what a byte order mark says; what does not decode is shown as �.
    """
    if len(pasted) > LONGEST:
        raise PasteRefused("too-long")
    begin = pasted[:16].encode("latin-1", "replace") if isinstance(pasted, str) else pasted[:16]
    if begin.startswith(_ARCHIVES):
        raise PasteRefused("archive")
    if begin.startswith(_DOCUMENTS):
        raise PasteRefused("not-text")
    text = pasted if isinstance(pasted, str) else _decoded(pasted)
    if _count(text, "".join(map(chr, _CONTROLS))) > len(text) * _MOST_CONTROLS + _FEW_CONTROLS:
        raise PasteRefused("not-text")
    return visible(text)


def visible(text: str) -> str:
    """Return `text` without what could steer a terminal or cannot be written, with the line ends of Unix."""
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    hidden = {ord(character): " " for character in set(text) if not character.isprintable() and character != "\n"}
    return text.translate(hidden) if hidden else text


def _decoded(octets: bytes) -> str:
    for mark, encoding in _MARKS:
        if octets.startswith(mark):
            return str(octets[len(mark) :], encoding, "replace")
    text = str(octets, "utf-8", "replace")
    if text.count("�") > len(text) * _MOST_REPLACED:
        raise PasteRefused("not-text")
    return text


def _count(text: str, characters: str) -> int:
    return sum(text.count(character) for character in characters)
