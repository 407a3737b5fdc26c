"""Options as cards, of which one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.option import OptionCard
from sendwright.screens import Option
from sendwright.texts import text


class Cards(QWidget):
    """Cards in reading order; arrow keys move between them. chosen_another: another one was chosen."""

    chosen_another = Signal()

    def __init__(self, theme: Theme, options: Sequence[Option], *, chosen: str = "") -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.cards: dict[str, OptionCard] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.tokens.units(1))
        for option in options:
            card = _card(theme, option)
            self._group.addButton(card)
            self.cards[option.value] = card
            layout.addWidget(card)
        self.choose(chosen)
        self._group.buttonToggled.connect(lambda _, on: self.chosen_another.emit() if on else None)

    @property
    def chosen(self) -> str:
        """The value of the chosen card, empty where there is none."""
        card = self._group.checkedButton()
        return card.value if isinstance(card, OptionCard) else ""

    def choose(self, value: str) -> None:
        """Choose the card of `value`, where there is one."""
        if value in self.cards:
            self.cards[value].setChecked(True)

    def take_focus(self) -> None:
        """Move the keyboard to the chosen card, else to the first."""
        card = self.cards.get(self.chosen) or next(iter(self.cards.values()), None)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)


def _card(theme: Theme, option: Option) -> OptionCard:
    return OptionCard(
        theme,
        value=option.value,
        name=text(option.label),
        detail=text(option.detail) if option.detail else "",
        note=option.note,
        icon=option.icon,
    )
