"""Says where a file was saved, or why it was not."""

import errno
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.note import Note
from sendwright.diagnosis_file import FileRefused, SecretFound
from sendwright.diagnosis_file.wording import told_refusal
from sendwright.recording.visible import visible
from sendwright.texts import text

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class SavingOutcome(QWidget):
    """One sentence about how it went."""

    def __init__(self, theme: Theme, words: str, *, tone: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.tokens.units(1))
        self.note = Note(theme, words, tone=tone)
        self.column.addWidget(self.note)


class SavedFile(SavingOutcome):
    """Says that a file lies at `place`, or `words` in place of that; its path can be copied and its folder opened."""

    def __init__(self, theme: Theme, place: Path, *, words: str = "") -> None:
        super().__init__(theme, words or text("save.saved"), tone="passed")
        self.path = CopyBox(theme, visible(str(place)), what=text("save.place"))
        self.path.button.put(str(place))
        self.column.addWidget(self.path)
        self.folder_button = Button(theme, text("save.open-folder"), icon="folder", role="quiet")
        self.folder_button.clicked.connect(lambda _=False: open_folder(place.parent))
        self.column.addLayout(alone(self.folder_button))


def not_saved(theme: Theme, error: BaseException) -> SavingOutcome:
    """Return why nothing was saved."""
    return SavingOutcome(theme, _reason(error), tone="failed")


def open_folder(folder: Path) -> None:
    """Open a folder of this computer that the person chose herself; nothing but a folder is ever opened."""
    if folder.is_dir():
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _reason(error: BaseException) -> str:
    if isinstance(error, FileRefused | SecretFound):
        return told_refusal(error)
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL:
        return text("save.failed.full")
    if number in _FORBIDDEN:
        return text("save.failed.forbidden")
    return text("save.failed.place" if isinstance(error, OSError) else "save.failed.fault")
