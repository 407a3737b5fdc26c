"""A field of a form: its words, its control, and what is wrong with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.choices import ChoiceControl, ToggleControl
from sendwright.desktop.widgets.control import MakeControl, Watch
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.giving import Giving
from sendwright.desktop.widgets.lines import FileControl, LineControl, PasswordControl
from sendwright.desktop.widgets.long_text import LinesControl
from sendwright.desktop.widgets.note import Note, put_notes
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label, restyle
from sendwright.screens import Field, FieldKind, Notice
from sendwright.texts import text

_CONTROLS: dict[FieldKind, MakeControl] = {
    FieldKind.CHOICE: ChoiceControl,
    FieldKind.TOGGLE: ToggleControl,
    FieldKind.FILE: FileControl,
    FieldKind.PASSWORD: PasswordControl,
    FieldKind.LINES: LinesControl,
}


class FieldRow(QWidget):
    """Label above, control, help below; an error takes the place of the help and keeps what was typed."""

    edited = Signal()

    def __init__(self, theme: Theme, field: Field, reading: Reading) -> None:
        super().__init__()
        self.field = field
        self._theme = theme
        self._watch = Watch(self)
        self._watch.changed.connect(self._edited)
        self.control = _CONTROLS.get(field.kind, LineControl)(theme, field, self._watch)
        if isinstance(self.control, LinesControl):
            self.control.box.too_long.connect(lambda: self.show_error(text("sheet.too-long")))
        self._help_words = text(field.help) if field.help else ""
        self._remarks = ""
        gap = theme.tokens.units(0.5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        name = text(field.label)
        if field.kind is not FieldKind.TOGGLE:
            words = label(name, role="label")
            words.setBuddy(self.control.focus)
            layout.addWidget(words)
        layout.addWidget(self.control.widget)
        self.given = label("", role="muted")
        self.given.hide()
        layout.addWidget(self.given)
        self._giving: Giving | None = None
        if isinstance(self.control, FileControl | LinesControl):
            self._giving = Giving(self.control, reading, self)
            self._giving.told.connect(self._tell)
            self._giving.refused.connect(self.show_error)
        self._error = QWidget()
        self.error = label("", role="error")
        error = QHBoxLayout(self._error)
        error.setContentsMargins(0, 0, 0, 0)
        error.setSpacing(gap)
        error.addWidget(Drawing(theme, "failed", "failed"), 0, Qt.AlignmentFlag.AlignTop)
        error.addWidget(self.error, 1)
        self._error.hide()
        layout.addWidget(self._error)
        self._help = label(self._help_words, role="muted")
        if field.kind is FieldKind.TOGGLE:
            self._help.setContentsMargins(theme.tokens.size("tick") + theme.tokens.units(1.5), 0, 0, 0)
        layout.addWidget(self._help)
        self._help.setVisible(bool(field.help))
        self._notices = QVBoxLayout()
        self._notices.setSpacing(gap)
        layout.addLayout(self._notices)
        self.control.focus.setAccessibleName(name)
        self._describe()
        self.control.focus.setObjectName(f"field-{field.name}")

    @property
    def value(self) -> str:
        """What stands in the control."""
        return self.control.value()

    def put(self, value: str) -> None:
        """Put `value` into the control without calling it an edit of the person."""
        self.control.put(value)

    def take_focus(self) -> None:
        """Move the keyboard here."""
        self.control.focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, words: str) -> None:
        """Mark the field; empty words take the mark away. A screen reader reads them with the field."""
        if words == self.error.text():
            return
        self.error.setText(words)
        self._error.setVisible(bool(words))
        self._help.setVisible(bool(self._help_words) and not words)
        self.control.focus.setProperty("invalid", bool(words))
        self._describe()
        restyle(self.control.focus)

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show the remarks on this field in place of the former ones."""
        notes = [Note(self._theme, text(notice.key, **notice.values)) for notice in notices]
        if put_notes(self._notices, notes):
            self._remarks = " ".join(note.words.text() for note in notes)
            self._describe()
            if self.isVisible():
                announce(self.control.focus, self._remarks)

    def _describe(self) -> None:
        """What a screen reader reads with the field: what is wrong, then the help, then the remarks."""
        parts = (self.error.text(), self._help_words, self._remarks)
        self.control.focus.setAccessibleDescription(" ".join(part for part in parts if part))

    def _tell(self, words: str) -> None:
        """Say what came of a file; a screen reader hears it."""
        self.given.setText(words)
        self.given.setVisible(bool(words))
        if words:
            self.show_error("")
            announce(self.control.focus, words)

    def _edited(self) -> None:
        if self._giving is not None:
            self._giving.stop()
        self._tell("")
        self.show_error("")
        self.edited.emit()
