"""Options as cards, of which one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.option import CardGroup, OptionCard
from sendwright.screens import Option
from sendwright.texts import text


class Cards(QWidget):
    """Cards in reading order; arrow keys move between them. chosen_another: another one was chosen."""

    chosen_another = Signal()

    def __init__(self, theme: Theme, options: Sequence[Option], *, chosen: str = "") -> None:
        super().__init__()
        self._group = CardGroup(self)
        self.cards: dict[str, OptionCard] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.tokens.units(1))
        for option in options:
            card = _card(theme, option)
            self._group.add(card)
            self.cards[option.value] = card
            layout.addWidget(card)
        self.choose(chosen)
        self._group.buttonToggled.connect(lambda _, on: self.chosen_another.emit() if on else None)

    @property
    def chosen(self) -> str:
        """The value of the chosen card, empty where there is none."""
        card = self._group.chosen
        return card.value if card is not None else ""

    def choose(self, value: str) -> None:
        """Choose the card of `value`, where there is one."""
        if value in self.cards:
            self.cards[value].setChecked(True)

    def take_focus(self) -> None:
        """Move the keyboard to the chosen card, else to the first."""
        self._group.take_focus()


def _card(theme: Theme, option: Option) -> OptionCard:
    return OptionCard(
        theme,
        value=option.value,
        name=text(option.label),
        detail=text(option.detail) if option.detail else "",
        note=option.note,
        icon=option.icon,
    )
