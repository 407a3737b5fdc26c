"""Keeps the unfinished draft in one file, without secrets, so that closing the window loses nothing."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from sendwright.providers import catalogue
from sendwright.storage import write_atomically
from sendwright.wizard.wizard import Position

SCHEMA = "sendwright.draft/1"


class _File(msgspec.Struct, frozen=True, kw_only=True):
    position: Position
    schema: str = SCHEMA


class StoredDrafts:
    """One unfinished draft in a folder; `wizard.DraftStore` with a way to read it again."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "draft.json"

    def save(self, position: Position) -> None:
        """Replace the draft on disk."""
        content = msgspec.json.encode(_File(position=position))
        write_atomically(self._file, msgspec.json.format(content, indent=2))

    def load(self) -> Position | None:
        """Return the draft on disk; None where there is none.

        A draft of another version, or of a provider that is no more, is left where it is and not used.
        """
        try:
            found = msgspec.json.decode(self._file.read_bytes(), type=_File)
            if found.schema != SCHEMA:
                return None
            draft = found.position.draft
            if draft.provider is None:
                return found.position
            answers: Any = msgspec.convert(draft.answers, catalogue.by_id(draft.provider).answers)
        except (OSError, msgspec.MsgspecError, LookupError):
            return None
        return replace(found.position, draft=replace(draft, answers=answers))

    def discard(self) -> None:
        """Remove the draft from disk."""
        self._file.unlink(missing_ok=True)


class NoDrafts:
    """Keeps nothing: for practice and for unattended set-up."""

    def save(self, position: Position) -> None:
        """Keep nothing."""

    def load(self) -> Position | None:
        """There is nothing."""
        return None

    def discard(self) -> None:
        """There is nothing."""
