"""One option as a card: a radio button that looks like what it means."""

from PySide6.QtCore import QObject, QPoint, QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label


class OptionCard(QRadioButton):
    """A drawing, a name, a note, a line of detail, and a mark that shows which card of a group is chosen."""

    def __init__(
        self, theme: Theme, *, value: str, name: str, detail: str = "", note: str = "", icon: str = ""
    ) -> None:
        super().__init__()
        self.value = value
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setProperty("role", "option")
        self.setAccessibleName(f"{name}. {note}" if note else name)
        self.setAccessibleDescription(detail)
        tokens = theme.tokens
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
        layout.setSpacing(tokens.units(2))
        if icon:
            layout.addWidget(_quiet(Drawing(theme, icon, "accent")))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(_quiet(label(name, role="label")))
        for line, role in ((note, "strong"), (detail, "muted")):
            if line:
                words.addWidget(_quiet(label(line, role=role)))
        layout.addLayout(words, 1)
        self._mark = Drawing(theme, "unchosen", "control")
        layout.addWidget(_quiet(self._mark))
        self.toggled.connect(self._show_mark)

    @override
    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    @override
    def sizeHint(self) -> QSize:
        return self._inner.sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        return self._inner.minimumSize()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._inner.heightForWidth(width)

    def _show_mark(self, chosen: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._mark.show_as(*(("chosen", "accent") if chosen else ("unchosen", "control")))

    @property
    def _inner(self) -> QHBoxLayout:
        layout = self.layout()
        if not isinstance(layout, QHBoxLayout):
            raise TypeError("an option card has lost its layout")
        return layout


class CardGroup(QButtonGroup):
    """Cards of which at most one is chosen. Tab comes past the chosen one alone, or the first; arrows reach the others.

    (Qt's own group begins with that only after the keyboard was in it once.)
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.buttonToggled.connect(self._rove)

    @property
    def cards(self) -> tuple[OptionCard, ...]:
        """The cards in reading order."""
        return tuple(button for button in self.buttons() if isinstance(button, OptionCard))

    @property
    def chosen(self) -> OptionCard | None:
        """The chosen card, None where there is none."""
        card = self.checkedButton()
        return card if isinstance(card, OptionCard) else None

    def add(self, card: OptionCard) -> None:
        """Take in another card, as the last one."""
        self.addButton(card)
        self._rove()

    def release(self) -> None:
        """Choose none."""
        self.setExclusive(False)
        for card in self.cards:
            card.setChecked(False)
        self.setExclusive(True)

    def take_focus(self) -> None:
        """Move the keyboard to the chosen card, else to the first."""
        card = self.chosen or next(iter(self.cards), None)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rove(self) -> None:
        reached = self.chosen or next(iter(self.cards), None)
        for card in self.cards:
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if card is reached else Qt.FocusPolicy.ClickFocus)


def _quiet(widget: QWidget) -> QWidget:
    """Let presses fall through to the card."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return widget
