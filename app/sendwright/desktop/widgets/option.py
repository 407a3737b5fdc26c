"""One option as a card: a radio button that looks like what it means."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import drawing, label


class OptionCard(QRadioButton):
    """A drawing, a name, a line of detail and a note; arrow keys move between the cards of one page."""

    def __init__(
        self, theme: Theme, *, value: str, name: str, detail: str = "", note: str = "", icon: str = ""
    ) -> None:
        super().__init__()
        self.value = value
        self.setProperty("role", "option")
        self.setAccessibleName(f"{name}. {note}" if note else name)
        self.setAccessibleDescription(detail)
        unit = theme.tokens.units(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * unit, int(1.5 * unit), 2 * unit, int(1.5 * unit))
        layout.setSpacing(2 * unit)
        if icon:
            layout.addWidget(drawing(theme.drawing(icon, "accent")))
        words = QVBoxLayout()
        words.setSpacing(unit // 4)
        words.addWidget(_quiet(label(name, role="label")))
        if note:
            words.addWidget(_quiet(label(note, role="strong")))
        if detail:
            words.addWidget(_quiet(label(detail, role="muted")))
        layout.addLayout(words, 1)

    def hitButton(self, place: QPoint) -> bool:  # noqa: N802 - Qt's name
        """The whole card can be pressed."""
        return self.rect().contains(place)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As large as what stands on it."""
        return self._inner().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As small as what stands on it can be."""
        return self._inner().minimumSize()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Words wrap, so the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height that the wrapped words need."""
        return self._inner().heightForWidth(width)

    def _inner(self) -> QHBoxLayout:
        layout = self.layout()
        if not isinstance(layout, QHBoxLayout):
            raise TypeError("an option card has lost its layout")
        return layout


def _quiet(widget: QWidget) -> QWidget:
    """Let presses fall through to the card."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return widget
