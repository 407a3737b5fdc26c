"""*Someone sent you an error?*: a place to paste it, and what it means."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from sendwright.desktop.engine import Work
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.usual_folders import folder_of_sent
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.meaning import Meaning
from sendwright.desktop.widgets.paste import SUFFIXES, PasteField
from sendwright.desktop.widgets.scrolling import bring_into_sight
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label
from sendwright.problems.pasted import PasteRefused, Understood
from sendwright.recording.given_file import FileRefused
from sendwright.texts import has, text

_SHOW_WAITING_AFTER_MS = 300


class SentError(Fold):
    """Folded away until somebody asks. What is pasted is explained in the background; leaving the page ends that.

    title, lead: other words, ready to show, for a page on which something else was sent.
    """

    def __init__(self, theme: Theme, reading: Reading, *, title: str = "", lead: str = "") -> None:
        inner = QWidget()
        super().__init__(theme, title or text("window.sent.title"), inner)
        self._theme, self._reading = theme, reading
        self._work: Work | None = None
        self._file = ""
        self.meaning: Meaning | None = None
        self._patience = QTimer(self, singleShot=True, interval=_SHOW_WAITING_AFTER_MS)
        self._patience.timeout.connect(self._show_waiting)
        tokens = theme.tokens
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, tokens.units(1))
        column.setSpacing(tokens.units(1))
        column.addWidget(label(lead or text("window.sent.lead"), role="muted"))
        self.field = PasteField(theme)
        column.addWidget(self.field)
        row = Flow(gap=tokens.units(1))
        self.explain_button = Button(theme, text("window.sent.explain"), icon="help")
        self.browse_button = Button(theme, text("window.browse"), icon="folder", role="quiet")
        self.stop_button = Button(theme, text("wizard.cancel"), role="quiet")
        self.stop_button.hide()
        for button in (self.explain_button, self.browse_button, self.stop_button):
            row.addWidget(button)
        column.addLayout(row)
        self.result = QVBoxLayout()
        self.result.setContentsMargins(0, tokens.units(1), 0, 0)
        column.addLayout(self.result)
        self.explain_button.clicked.connect(lambda _=False: self.explain())
        self.browse_button.clicked.connect(lambda _=False: self._browse())
        self.stop_button.clicked.connect(lambda _=False: self._stop())
        self.field.textChanged.connect(self._stop)
        self.field.dropped.connect(self.explain_file)
        self.field.too_long.connect(lambda: self._say(text("window.sent.too-long")))
        self.button.toggled.connect(self._opened)

    def explain(self) -> None:
        """Explain what stands in the field."""
        words = self.field.toPlainText()
        if words.strip():
            self._begin(words, file="")
        else:
            self._say(text("window.sent.empty"))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def explain_file(self, name: str) -> None:
        """Explain what stands in a file; an empty name is none."""
        if name:
            self.field.clear()
            self._begin(Path(name), file=Path(name).name)

    def _begin(self, pasted: str | Path, *, file: str) -> None:
        self._stop()
        self._file = file
        self._patience.start()
        self._work = self._reading.explain(pasted, owner=self, then=self._show, failed=self._failed)

    def _stop(self) -> None:
        """Nobody waits for the answer any more; what was said about the wait goes too."""
        if self._work is None:
            return
        self._work.abandon()
        if self.stop_button.isVisibleTo(self):
            self._clear()
        self._rest()

    def _rest(self) -> None:
        self._work = None
        self._patience.stop()
        self.stop_button.hide()

    def _show_waiting(self) -> None:
        self.stop_button.show()
        self._put(Meaning.saying(self._theme, text("window.sent.looking")))

    def _show(self, understood: Understood) -> None:
        self._rest()
        self._put(Meaning.of(self._theme, self._reading, understood, file=self._file))

    def _failed(self, error: BaseException) -> None:
        self._rest()
        self._say(_refusal(error))

    def _say(self, words: str) -> None:
        self._put(Meaning.saying(self._theme, words, tone="warning"))

    def _put(self, meaning: Meaning) -> None:
        """Show `meaning` in place of the former one; the keyboard stays, a screen reader hears it."""
        self._clear()
        self.meaning = meaning
        self.result.addWidget(meaning)
        announce(self, meaning.spoken)
        self._bring_into_sight(self.explain_button)

    def _clear(self) -> None:
        if self.meaning is not None:
            self.result.removeWidget(self.meaning)
            self.meaning.hide()
            self.meaning.deleteLater()
            self.meaning = None

    def _bring_into_sight(self, first: QWidget) -> None:
        bring_into_sight(first, self, margin=self._theme.tokens.units(1))

    def _opened(self, opened: bool) -> None:  # noqa: FBT001 - Qt's signal
        if opened:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._bring_into_sight(self.button)
        else:
            self._stop()

    def _browse(self) -> None:
        dialog = QFileDialog(self, text("window.browse"))
        dialog.setDirectory(folder_of_sent())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(text("window.sent.files", pattern=" ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.explain_file)
        dialog.open()


def _refusal(error: BaseException) -> str:
    """Return why something could not be explained."""
    if isinstance(error, FileRefused):
        return text(f"window.sent.file.{error.code}")
    key = f"explain.refused.{error.code}" if isinstance(error, PasteRefused) else ""
    return text(key) if key and has(key) else text("window.sent.failed")
