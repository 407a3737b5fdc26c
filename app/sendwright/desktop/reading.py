"""How a person reads problems in this window: at which level, and what a text means that somebody sent."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sendwright.desktop.engine import Engine, Work
from sendwright.desktop.preferences import Preferences
from sendwright.problems.level import Level
from sendwright.problems.pasted import Understood
from sendwright.recording.given_file import Words, read_given, read_words
from sendwright.recording.pasting import understand_safely


class Reading(QObject):
    """The level is one for all cards, and remembered. changed: another level was chosen."""

    changed = Signal()

    def __init__(self, engine: Engine, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._preferences = preferences
        self._level = preferences.level()

    @property
    def level(self) -> Level:
        """For whom problems are told now."""
        return self._level

    def choose(self, level: Level) -> None:
        """Tell problems at `level` from now on; it is written down in the background."""
        if level is self._level:
            return
        self._level = level
        keeping = _keep(self._preferences, level)
        self._engine.run(keeping, owner=self, then=lambda _: None, failed=lambda _: None)
        self.changed.emit()

    def explain(
        self,
        pasted: str | Path,
        *,
        owner: QObject,
        then: Callable[[Understood], None],
        failed: Callable[[BaseException], None],
    ) -> Work:
        """Find out in the background what a text, or the content of a file, means; as `Engine.run`."""
        return self._engine.run(_understand(pasted), owner=owner, then=then, failed=failed)

    def look_at(
        self, file: Path, *, owner: QObject, then: Callable[[Path], None], failed: Callable[[BaseException], None]
    ) -> Work:
        """Find out in the background whether `file` can be read at all, and return it; as `Engine.run`.

        What fails is a recording.given_file.FileRefused, here and below.
        """
        return self._engine.run(_looked_at(file), owner=owner, then=then, failed=failed)

    def read(
        self, file: Path, *, owner: QObject, then: Callable[[Words], None], failed: Callable[[BaseException], None]
    ) -> Work:
        """Read the words of `file` in the background; as `Engine.run`."""
        return self._engine.run(asyncio.to_thread(read_words, file), owner=owner, then=then, failed=failed)


async def _looked_at(file: Path) -> Path:
    await asyncio.to_thread(read_given, file)
    return file


async def _keep(preferences: Preferences, level: Level) -> None:
    """Keep it on the loop itself: two choices in a row are written in their order."""
    preferences.keep_level(level)


async def _understand(pasted: str | Path) -> Understood:
    content = pasted if isinstance(pasted, str) else await asyncio.to_thread(read_given, pasted)
    return await asyncio.to_thread(understand_safely, content)
