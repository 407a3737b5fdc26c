"""The control of each kind of field, with one way to read, write and watch it."""

from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.screens import Field, FieldKind
from sendwright.texts import text

_DIGITS = 5


class Control(Protocol):
    """A widget that holds one value as a str."""

    widget: QWidget
    focus: QWidget

    def value(self) -> str:
        """Return what stands in it."""
        ...

    def put(self, value: str) -> None:
        """Put `value` into it."""
        ...


class Watch(QObject):
    """Tells that a value changed."""

    changed = Signal()


class LineControl:
    """A line of text, a password or a number."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        line = QLineEdit(field.value)
        if field.placeholder:
            line.setPlaceholderText(text(field.placeholder))
        if field.max_length is not None:
            line.setMaxLength(field.max_length * 4)  # the step says what is too long; pasted text is not cut silently
        match field.kind:
            case FieldKind.PASSWORD:
                line.setEchoMode(QLineEdit.EchoMode.Password)
                line.addAction(_eye(theme, line), QLineEdit.ActionPosition.TrailingPosition)
                if field.kept:
                    line.setPlaceholderText(text("window.password-kept"))
            case FieldKind.EMAIL:
                line.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
            case FieldKind.NUMBER:
                line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
                line.setMaxLength(_DIGITS + 1)
                line.setMaximumWidth(theme.tokens.size("rail") // 2)
        line.textEdited.connect(lambda _: watch.changed.emit())
        self.widget: QWidget = line
        self.focus: QWidget = line
        self._line = line

    def value(self) -> str:
        """Return the text; a line break that came in by pasting ends as a space."""
        return self._line.text()

    def put(self, value: str) -> None:
        """Replace the text."""
        self._line.setText(value)


class ChoiceControl:
    """One of a few values."""

    def __init__(self, field: Field, watch: Watch) -> None:
        box = QComboBox()
        for option in field.options:
            box.addItem(text(option.label), option.value)
        self.widget: QWidget = box
        self.focus: QWidget = box
        self._box = box
        self.put(field.value)
        box.currentIndexChanged.connect(lambda _: watch.changed.emit())

    def value(self) -> str:
        """Return the chosen value."""
        return str(self._box.currentData() or "")

    def put(self, value: str) -> None:
        """Choose `value` where it is offered."""
        place = self._box.findData(value)
        if place >= 0:
            self._box.setCurrentIndex(place)


class ToggleControl:
    """On or off, with its words beside it."""

    def __init__(self, field: Field, watch: Watch) -> None:
        box = QCheckBox(text(field.label))
        box.setChecked(field.value == "true")
        box.toggled.connect(lambda _: watch.changed.emit())
        self.widget: QWidget = box
        self.focus: QWidget = box
        self._box = box

    def value(self) -> str:
        """Return `true` or `false`."""
        return "true" if self._box.isChecked() else "false"

    def put(self, value: str) -> None:
        """Switch it."""
        self._box.setChecked(value == "true")


class FileControl:
    """A file's path, typed or chosen."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self._inner = LineControl(theme, field, watch)
        self._watch = watch
        self.widget = QWidget()
        self.focus = self._inner.focus
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._inner.widget, 1)
        browse = QPushButton(text("window.browse"))
        browse.setIcon(theme.icon("folder"))
        browse.clicked.connect(self._browse)
        row.addWidget(browse)

    def value(self) -> str:
        """Return the path."""
        return self._inner.value()

    def put(self, value: str) -> None:
        """Replace the path."""
        self._inner.put(value)

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.widget, text("window.browse"))
        if name:
            self.put(name)
            self._watch.changed.emit()


def control_for(theme: Theme, field: Field, watch: Watch) -> Control:
    """Return the control of the field's kind."""
    match field.kind:
        case FieldKind.CHOICE:
            return ChoiceControl(field, watch)
        case FieldKind.TOGGLE:
            return ToggleControl(field, watch)
        case FieldKind.FILE:
            return FileControl(theme, field, watch)
        case _:
            return LineControl(theme, field, watch)


def _eye(theme: Theme, line: QLineEdit) -> QAction:
    action = QAction(theme.icon("eye", "muted"), text("window.show-password"), line)
    action.setCheckable(True)

    def switch(shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    action.toggled.connect(switch)
    return action
