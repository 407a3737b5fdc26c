"""Reads a small text file that a person names, whatever it turns out to be."""

import codecs
from pathlib import Path

LONGEST = 256 * 1024

_BOMS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileUnreadable(Exception):
    """The file is not there, may not be read, is too large, or is no text; the text is its name as it was given."""


def read_small_text(name: str, *, folder: Path | None = None, longest: int = LONGEST) -> str:
    """Return the text of the file `name`, relative to `folder`; `~` is the person's home. Raises FileUnreadable.

    longest: bytes. Editors and shells on Windows put a mark before UTF-8, or write UTF-16: neither is part of the text.
    """
    try:
        path = Path(name).expanduser()
        with (path if folder is None else folder / path).open("rb") as opened:
            content = opened.read(longest + 1)
        if len(content) > longest:
            raise FileUnreadable(name)
        return content.decode("utf-16" if content.startswith(_BOMS_OF_UTF_16) else "utf-8-sig")
    except (OSError, RuntimeError, ValueError):  # RuntimeError: no such home; ValueError: NUL, or no text
        raise FileUnreadable(name) from None  # what could not be decoded may be a password
