"""Writes a diagnosis down as a file, unless a secret is found in it."""

from collections.abc import Iterable
from typing import Protocol

from sendwright.diagnosis_file.contents import DiagnosisFile, Entry
from sendwright.secret import Secret


class Pseudonyms(Protocol):
    """Puts the same made-up name in place of the same address."""

    def hide(self, text: str) -> str:
        """Return `text` with pseudonyms in place of mail addresses."""
        ...


def pack(file: DiagnosisFile, *, secrets: Iterable[Secret], pseudonyms: Pseudonyms | None) -> bytes:
    """Return the octets of `file`, the same ones for the same contents.

    secrets: what must not stand in it, in any form. pseudonyms: hides mail addresses; None keeps them as they are.
    Raises SecretFound.
    """
    raise NotImplementedError


def preview(file: DiagnosisFile, *, pseudonyms: Pseudonyms | None) -> tuple[Entry, ...]:
    """Return everything that `pack` would write, part by part, for the person to read before it is saved."""
    raise NotImplementedError
