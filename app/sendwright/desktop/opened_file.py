"""Asks for a diagnosis file, reads it in the background, and says so where it is refused."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from sendwright.desktop.engine import Engine
from sendwright.desktop.usual_folders import folder_of_sent
from sendwright.diagnosis_file import ENDING, Comparison, DiagnosisFile, compare, read
from sendwright.texts import text


@dataclass(frozen=True)
class Opened:
    """A diagnosis file that was read, and what it is held against, if anything."""

    file: DiagnosisFile
    comparison: Comparison | None = None


def choose_file(window: QWidget, chosen: Callable[[Path], None], *, title: str) -> QFileDialog:
    """Let the person choose a diagnosis file; nothing happens when she does not."""
    dialog = QFileDialog(window, title)
    dialog.setDirectory(folder_of_sent())
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(text("replay.choose.kind", pattern=f"*{ENDING}"))
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def read_file(
    engine: Engine,
    place: Path,
    *,
    owner: QObject,
    then: Callable[[Opened], None],
    failed: Callable[[BaseException], None],
    against: DiagnosisFile | None = None,
) -> None:
    """Read the file at `place`, held against another one; what fails is a diagnosis_file.FileRefused."""
    engine.run(_read(place, against), owner=owner, then=then, failed=failed)


async def _read(place: Path, against: DiagnosisFile | None) -> Opened:
    file = await asyncio.to_thread(read, place)
    if against is None:
        return Opened(file)
    return Opened(against, compare(against, file))
