"""Fields to type into: a line, a number, a password, a file."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.control import Watch
from sendwright.desktop.widgets.dropping import FileDrop, choose_file
from sendwright.screens import Field, FieldKind
from sendwright.texts import text

_DIGITS = 5
_HINTS = {
    FieldKind.EMAIL: Qt.InputMethodHint.ImhEmailCharactersOnly,
    FieldKind.NUMBER: Qt.InputMethodHint.ImhDigitsOnly,
    FieldKind.CODE: Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData,
}


class LineControl:
    """A line of text. The step says what is too long: nothing that is pasted is cut off silently."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        line = QLineEdit(field.value)
        if field.placeholder:
            line.setPlaceholderText(text(field.placeholder))
        line.setInputMethodHints(_HINTS.get(field.kind, Qt.InputMethodHint.ImhNone))
        if field.kind is FieldKind.NUMBER:
            line.setMaxLength(_DIGITS + 1)  # one more than fits, so that the step can say so
            line.setMaximumWidth(theme.tokens.size("number"))
        line.textEdited.connect(lambda _: watch.changed.emit())
        self.line = line
        self.widget: QWidget = line
        self.focus: QWidget = line

    def value(self) -> str:
        """Return the text."""
        return self.line.text()

    def put(self, value: str) -> None:
        """Replace the text."""
        self.line.setText(value)


class PasswordControl:
    """A line that shows dots, and a button that shows the letters."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self._inner = LineControl(theme, field, watch)
        line = self._inner.line
        line.setEchoMode(QLineEdit.EchoMode.Password)
        if field.kept:
            line.setPlaceholderText(text("window.password-kept"))
        self.widget = QWidget()
        self.focus: QWidget = line
        self.eye = Button(theme, icon="eye", role="quiet")
        self.eye.setAccessibleName(text("window.show-password"))
        self.eye.setToolTip(text("window.show-password"))
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._show)
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.tokens.units(0.5))
        row.addWidget(line, 1)
        row.addWidget(self.eye)

    def value(self) -> str:
        """Return the password."""
        return self._inner.value()

    def put(self, value: str) -> None:
        """Replace the password."""
        self._inner.put(value)

    def _show(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._inner.line.setEchoMode(mode)
        self.eye.show_as("eye-closed" if shown else "eye")


class FileControl:
    """A file's path, typed, chosen or dropped. drop: what is dropped on it."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self._inner = LineControl(theme, field, watch)
        self._watch = watch
        self.widget = QWidget()
        self.focus = self._inner.focus
        self.drop = FileDrop(self.widget, self.focus)
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.tokens.units(1))
        row.addWidget(self._inner.widget, 1)
        self.browse = Button(theme, text("window.browse"), icon="folder")
        self.browse.clicked.connect(lambda _=False: choose_file(self.widget, self.choose))
        row.addWidget(self.browse)

    def value(self) -> str:
        """Return the path."""
        return self._inner.value()

    def put(self, value: str) -> None:
        """Replace the path."""
        self._inner.put(value)

    def choose(self, name: str) -> None:
        """Take the file that was chosen; an empty name is none."""
        if name:
            self.put(name)
            self._watch.changed.emit()
