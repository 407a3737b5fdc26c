"""What this person chose for every window to come, kept in one small file."""

import logging
from pathlib import Path
from typing import Protocol

import msgspec

from sendwright.problems.level import Level
from sendwright.storage import write_atomically

USUAL_LEVEL = Level.PLAIN
"""Who never chose reads plain words."""

_LONGEST = 64 * 1024
_LEVEL = "level"


class Preferences(Protocol):
    """Remembers choices from one window to the next; neither reading nor keeping ever raises."""

    def level(self) -> Level:
        """Return for whom problems are told."""
        ...

    def keep_level(self, level: Level) -> None:
        """Remember for whom problems are told."""
        ...


class StoredPreferences:
    """Preferences in `preferences.json` of a folder. A file that cannot be read counts as an empty one.

    What another version wrote there stays when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "preferences.json"

    def level(self) -> Level:
        """Return the level that was kept, the usual one where there is none that this version knows."""
        try:
            return Level(self._read()[_LEVEL])  # type: ignore[arg-type]  # whatever it is, Level refuses what it is not
        except (KeyError, ValueError):
            return USUAL_LEVEL

    def keep_level(self, level: Level) -> None:
        """Write the level; a disk that takes nothing leaves the choice for this window alone."""
        try:
            content = msgspec.json.encode({**self._read(), _LEVEL: level})
            write_atomically(self._file, msgspec.json.format(content, indent=2))
        except (OSError, ValueError) as error:
            logging.getLogger(__name__).warning("the preferences could not be kept: %s", type(error).__name__)

    def _read(self) -> dict[str, object]:
        try:
            with self._file.open("rb") as opened:
                content = opened.read(_LONGEST + 1)
            if len(content) > _LONGEST:
                return {}
            return msgspec.json.decode(content, type=dict[str, object])
        except (OSError, ValueError, RecursionError):  # ValueError: no JSON, no table, no UTF-8
            return {}


class PassingPreferences:
    """Preferences that last as long as the window."""

    def __init__(self, level: Level = USUAL_LEVEL) -> None:
        self._level = level

    def level(self) -> Level:
        """Return the level chosen last."""
        return self._level

    def keep_level(self, level: Level) -> None:
        """Remember the level for as long as this lives."""
        self._level = level
