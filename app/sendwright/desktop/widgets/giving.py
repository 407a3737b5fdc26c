"""A file that is given to a field: read in the background, put in or refused in a sentence."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from sendwright.desktop.engine import Work
from sendwright.desktop.reading import Reading
from sendwright.desktop.widgets.lines import FileControl
from sendwright.desktop.widgets.long_text import LinesControl
from sendwright.recording.given_file import FileRefused, Words
from sendwright.texts import text


class Giving(QObject):
    """Takes what is dropped on a control; one file at a time, and a later one instead of it.

    told: what came of it, in words; refused: why nothing came of it.
    """

    told = Signal(str)
    refused = Signal(str)

    def __init__(self, control: FileControl | LinesControl, reading: Reading, parent: QWidget) -> None:
        super().__init__(parent)
        self._control, self._reading = control, reading
        self._work: Work | None = None
        self._name = ""
        control.drop.taken.connect(self.give)
        control.drop.refused.connect(lambda code: self.refused.emit(text(f"file.refused.{code}")))

    def give(self, path: str) -> None:
        """Take the file at `path`."""
        self.stop()
        file = Path(path)
        self._name = file.name
        self.told.emit(text("file.reading", name=self._name))
        if isinstance(self._control, FileControl):
            self._work = self._reading.look_at(file, owner=self, then=self._chosen, failed=self._failed)
        else:
            self._work = self._reading.read(file, owner=self, then=self._read, failed=self._failed)

    def stop(self) -> None:
        """Wait for no file any more: the person has typed something else."""
        if self._work is not None:
            self._work.abandon()
            self._work = None
            self.told.emit("")

    def _chosen(self, file: Path) -> None:
        self._work = None
        if isinstance(self._control, FileControl):
            self._control.choose(str(file))
        self.told.emit("")

    def _read(self, words: Words) -> None:
        self._work = None
        if isinstance(self._control, LinesControl):
            self._control.load(words.text)
        key = "file.loaded" if words.whole else "file.begin"
        self.told.emit(text(key, name=self._name, count=words.lines))

    def _failed(self, error: BaseException) -> None:
        self._work = None
        self.told.emit("")
        code = error.code if isinstance(error, FileRefused) else "unreadable"
        self.refused.emit(text(f"file.refused.{code}"))
