"""Reads a file that a person gives, whatever it turns out to be; nothing of it is ever run."""

from pathlib import Path

import msgspec

from sendwright.errors import SendwrightError
from sendwright.problems.pasted import PasteRefused
from sendwright.problems.pasted.admission import admit

LONGEST_FILE = 10_000_000
"""Bytes of a file that is read; messages and keys are far smaller."""

LONGEST_WORDS = 100_000
"""Letters that a field of several lines holds; a longer log is given as a file."""

_BYTES_OF_A_LETTER = 4


class FileRefused(SendwrightError):
    """A file cannot be used; `code`: `folder`, `unreadable`, `too-large` or `no-text`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a file. whole: it is all of it, and not only its first lines."""

    text: str
    whole: bool = True

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.text.splitlines())


def read_given(file: Path, *, longest: int | None = None) -> bytes:
    """Return the content of a regular file. longest: in bytes, LONGEST_FILE where None. Raises FileRefused."""
    most = LONGEST_FILE if longest is None else longest
    try:
        if file.is_dir():
            raise FileRefused("folder")
        if not file.is_file():  # a pipe or a device might never end
            raise FileRefused("unreadable")
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except (OSError, ValueError) as error:
        raise FileRefused("unreadable") from error
    if len(content) > most:
        raise FileRefused("too-large")
    return content


def read_words(file: Path, *, letters: int = LONGEST_WORDS) -> Words:
    """Return the text of `file` as lines that can be shown; its first whole lines where it has more than `letters`.

    Raises FileRefused.
    """
    content = read_given(file)
    begin = content[: (letters + 1) * _BYTES_OF_A_LETTER]
    try:
        text = admit(begin)
    except PasteRefused:
        raise FileRefused("no-text") from None
    if len(begin) == len(content) and len(text) <= letters:
        return Words(text=text)
    cut = text[:letters]
    return Words(text=cut[: cut.rfind("\n") + 1] or cut, whole=False)
