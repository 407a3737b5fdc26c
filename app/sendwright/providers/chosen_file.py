"""Reads a file that a person chose: only a regular one, and only so much of it."""

import asyncio
from pathlib import Path

from sendwright.errors import SendwrightError
from sendwright.recording.given_file import FileRefused, read_given


class FileUnusable(SendwrightError):
    """The file cannot be read; `code` is `not-found`, `unreadable` or `too-large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def read_chosen(file: str, *, largest: int) -> bytes:
    """Return the content of `file`, at most `largest` octets. Raises FileUnusable."""
    return await asyncio.to_thread(_content, file, largest)


def _content(file: str, largest: int) -> bytes:
    try:
        path = Path(file).expanduser()
        if not path.is_file():  # a pipe or a device might never end
            raise FileUnusable("not-found")
        return read_given(path, longest=largest)
    except FileRefused as refused:
        raise FileUnusable(refused.code) from None
    except (OSError, RuntimeError, ValueError):  # RuntimeError: no home; ValueError: a NUL in the name
        raise FileUnusable("unreadable") from None
