"""A field of a form: its words, its control, and what is wrong with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.controls import Watch, control_for
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.words import label, restyle
from sendwright.screens import Field, FieldKind, Notice
from sendwright.texts import text


class FieldRow(QWidget):
    """Label above, control, help below; an error takes the place of the help and keeps what was typed."""

    edited = Signal()

    def __init__(self, theme: Theme, field: Field) -> None:
        super().__init__()
        self.field = field
        self._theme = theme
        self._watch = Watch(self)
        self._watch.changed.connect(self._edited)
        self._control = control_for(theme, field, self._watch)
        unit = theme.tokens.units(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(unit // 2)
        name = text(field.label)
        if field.kind is not FieldKind.TOGGLE:
            words = label(name, role="label")
            words.setBuddy(self._control.focus)
            layout.addWidget(words)
        layout.addWidget(self._control.widget)
        self._error = label("", role="error")
        self._error.hide()
        layout.addWidget(self._error)
        self._help = label(text(field.help) if field.help else "", role="muted")
        self._help.setVisible(bool(field.help))
        layout.addWidget(self._help)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(unit // 2)
        layout.addLayout(self._notices)
        self._control.focus.setAccessibleName(name)
        self._control.focus.setAccessibleDescription(text(field.help) if field.help else "")
        self._control.focus.setObjectName(f"field-{field.name}")

    @property
    def value(self) -> str:
        """What stands in the control."""
        return self._control.value()

    def put(self, value: str) -> None:
        """Put `value` into the control without calling it an edit of the person."""
        self._control.put(value)

    def take_focus(self) -> None:
        """Move the keyboard here."""
        self._control.focus.setFocus()

    def show_error(self, words: str) -> None:
        """Mark the field; empty words take the mark away."""
        self._error.setText(words)
        self._error.setVisible(bool(words))
        self._help.setVisible(bool(self.field.help) and not words)
        self._control.focus.setProperty("invalid", bool(words))
        described = words or (text(self.field.help) if self.field.help else "")
        self._control.focus.setAccessibleDescription(described)
        restyle(self._control.focus)

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show the remarks on this field in place of the former ones."""
        while (item := self._notices.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for notice in notices:
            self._notices.addWidget(Note(self._theme, text(notice.key, **notice.values)))

    def _edited(self) -> None:
        self.show_error("")
        self.edited.emit()
