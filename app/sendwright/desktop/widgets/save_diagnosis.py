"""*Save a diagnosis file*: everything that would stand in it to read first, then a place to save it to."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.engine import Work
from sendwright.desktop.saving import Prepared, Saving
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.usual_folders import folder_to_keep
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.file_part import FilePart
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.saved_file import SavedFile, SavingOutcome, not_saved
from sendwright.desktop.widgets.scrolling import bring_into_sight
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.toggle import Toggle
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis_file import ENDING
from sendwright.diagnosis_file.manifest import NAME as MANIFEST
from sendwright.diagnosis_file.wording import told_entry
from sendwright.network.wall.wall import Wall
from sendwright.texts import text
from sendwright.wizard.dossier import proposed_name

_SHOW_WAITING_AFTER_MS = 300
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class SaveDiagnosis(QFrame):
    """Hidden until `offer`, a button for the foot of a card, is pressed; then the keyboard is here.

    What is shown is what will be saved. Leaving the page ends what is being made.
    """

    def __init__(self, theme: Theme, saving: Saving) -> None:
        super().__init__()
        self._theme, self._saving = theme, saving
        self._work: Work | None = None
        self._prepared: Prepared | None = None
        self._wall: Wall | None = None
        self.outcome: SavingOutcome | None = None
        self.dialog: QFileDialog | None = None
        self.parts: tuple[FilePart, ...] = ()
        self._empty: QWidget | None = None
        self._caution: Note | None = None
        self.offer = Button(theme, text("save.offer"), icon="save", role="quiet")
        self.offer.clicked.connect(lambda _=False: self.open())
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text("save.title"))
        self.setAccessibleDescription(text("save.lead"))
        self._lay_out()
        self._patience = QTimer(self, singleShot=True, interval=_SHOW_WAITING_AFTER_MS)
        self._patience.timeout.connect(self._show_waiting)
        self.hide()

    def _lay_out(self) -> None:
        theme, tokens = self._theme, self._theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.units(2), tokens.units(2), tokens.units(2), tokens.units(1.5))
        column.setSpacing(tokens.units(1.5))
        column.addWidget(label(text("save.title"), role="heading"))
        column.addWidget(label(text("save.lead")))
        self._contents = QVBoxLayout()
        self._contents.setSpacing(0)
        self._contents.addWidget(label(text("save.contents"), role="label"))
        column.addLayout(self._contents)
        addresses = QVBoxLayout()
        addresses.setSpacing(tokens.units(0.5))
        self.keep_addresses = Toggle(theme, text("save.keep-addresses"))
        self.keep_addresses.setAccessibleDescription(text("save.keep-addresses-help"))
        addresses.addWidget(self.keep_addresses)
        addresses.addWidget(label(text("save.keep-addresses-help"), role="muted"))
        column.addLayout(addresses)
        row = Flow(gap=tokens.units(1))
        self.save_button = Button(theme, text("save.choose"), icon="save")
        self.close_button = Button(theme, text("save.close"), role="quiet")
        row.addWidget(self.save_button)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self._wait = label(text("window.waiting"), role="muted")
        self._wait.hide()
        column.addWidget(self._wait)
        self._result = QVBoxLayout()
        column.addLayout(self._result)
        self.keep_addresses.toggled.connect(lambda _: self._prepare())
        self.save_button.clicked.connect(lambda _=False: self._ask())
        self.close_button.clicked.connect(lambda _=False: self.close_again())

    def open(self) -> None:
        """Show what a file of now would hold."""
        if self.isHidden():
            self.show()
            self._prepare()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_into_sight(self, self, margin=self._theme.tokens.units(1))

    def add_wall(self, wall: Wall) -> None:
        """Let the map of the ways out stand in the file, too."""
        self._wall = wall
        if not self.isHidden():
            self._prepare()

    def close_again(self) -> None:
        """Fold it away; the keyboard goes back to where it came from."""
        self._end_work()
        self._prepared = None
        self._put_parts(())
        self._say(None)
        self.offer.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def save(self, name: str) -> None:
        """Write what is shown to the file `name`; an empty name is none."""
        if name and self._prepared is not None and self._work is None:
            self._say(None)
            self._patience.start()
            self._work = self._saving.save(
                self._prepared, Path(name), owner=self, then=self._saved, failed=self._not_saved
            )

    @override
    def event(self, event: QEvent) -> bool:
        """Let Enter press what has the keyboard here, and never the page's own button: the preview would be gone."""
        pressing = isinstance(event, QKeyEvent) and event.key() in _ENTER
        shortcut = pressing and event.type() == QEvent.Type.ShortcutOverride
        if shortcut and not isinstance(QApplication.focusWidget(), QPushButton):
            event.accept()
            return True
        return super().event(event)

    def _prepare(self) -> None:
        """Make the file anew: what is shown stays until the new one can take its place."""
        self._end_work()
        self._prepared = None
        self.save_button.setEnabled(False)
        self._say(None)
        self._patience.start()
        keep = self.keep_addresses.isChecked()
        self._work = self._saving.prepare(
            keep_addresses=keep, wall=self._wall, owner=self, then=self._show, failed=self._not_saved
        )

    def _show(self, prepared: Prepared) -> None:
        again = bool(self.parts)
        self._end_work()
        self._prepared = prepared
        opened = {part.name for part in self.parts if part.button.isChecked()}
        held = sorted((part for part in prepared.parts if part.lines), key=lambda part: part.name == MANIFEST)
        self._put_parts(tuple(FilePart(self._theme, part) for part in held))
        for part in self.parts:
            if part.name in opened:
                part.open()
        if prepared.ordinary:
            self._caution = Note(self._theme, text("diagnosis_file.ordinary-word"), tone="warning")
            self._contents.addWidget(self._caution)
        empty = ", ".join(told_entry(part.name) for part in prepared.parts if not part.lines)
        if empty:
            self._empty = label(text("save.empty", names=empty), role="muted")
            self._contents.addWidget(self._empty)
        self.save_button.setEnabled(True)
        if again:
            announce(self, text("save.kept" if self.keep_addresses.isChecked() else "save.replaced"))
        else:
            bring_into_sight(self, self, margin=self._theme.tokens.units(1))

    def _put_parts(self, parts: tuple[FilePart, ...]) -> None:
        for former in (*self.parts, self._empty, self._caution):
            if former is not None:
                self._contents.removeWidget(former)
                former.hide()
                former.deleteLater()
        self._empty = self._caution = None
        self.parts = parts
        for part in parts:
            self._contents.addWidget(part)

    def _ask(self) -> None:
        if self._prepared is None or self._work is not None:
            return
        self.dialog = QFileDialog(self, text("save.title"))
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setNameFilter(text("save.kind", pattern=f"*{ENDING}"))
        self.dialog.setDefaultSuffix(ENDING.removeprefix("."))
        self.dialog.setDirectory(folder_to_keep())
        self.dialog.selectFile(proposed_name(self._prepared.file))
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.fileSelected.connect(self.save)
        self.dialog.open()

    def _saved(self, place: Path) -> None:
        self._end_work()
        self._say(SavedFile(self._theme, place))

    def _not_saved(self, error: BaseException) -> None:
        self._end_work()
        self._say(not_saved(self._theme, error))

    def _say(self, outcome: SavingOutcome | None) -> None:
        """Show `outcome` in place of the former one; a screen reader hears it, the keyboard stays."""
        if self.outcome is not None:
            self._result.removeWidget(self.outcome)
            self.outcome.hide()
            self.outcome.deleteLater()
        self.outcome = outcome
        if outcome is not None:
            self._result.addWidget(outcome)
            announce(self, outcome.note.words.text(), urgent=outcome.note.tone == "failed")
            bring_into_sight(outcome, self, margin=self._theme.tokens.units(1))

    def _show_waiting(self) -> None:
        self._wait.show()
        announce(self, self._wait.text())

    def _end_work(self) -> None:
        if self._work is not None:
            self._work.abandon()
            self._work = None
        self._patience.stop()
        self._wait.hide()
