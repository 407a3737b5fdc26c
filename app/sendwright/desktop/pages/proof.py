"""A question that only the person can answer."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.pages.cards import Cards
from sendwright.desktop.pages.facts import FactTable
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.words import label
from sendwright.screens import Proof, Rejected
from sendwright.texts import text


class ProofPage(Page):
    """Facts to compare, answers as cards, and how to look for oneself, folded."""

    def __init__(self, theme: Theme, screen: Proof) -> None:
        super().__init__(theme, screen)
        self.column.addWidget(FactTable(theme, screen.facts))
        self.cards = Cards(theme, screen.options)
        self.cards.chosen_another.connect(lambda: self.complain(()))
        self.column.addWidget(self.cards)
        if screen.howto:
            inner = QWidget()
            layout = QVBoxLayout(inner)
            layout.setContentsMargins(theme.tokens.units(1), 0, 0, 0)
            layout.setSpacing(theme.tokens.units(1))
            for key in screen.howto:
                layout.addWidget(label(text(key)))
            self.column.addWidget(Fold(theme, text("window.how-to-look"), inner))
        self.finish()

    @override
    def answer(self) -> dict[str, str]:
        return {"choice": self.cards.chosen}

    @override
    def take_focus(self) -> None:
        self.cards.take_focus()

    @override
    def show_rejection(self, rejected: Rejected) -> None:
        super().show_rejection(rejected)
        self.cards.take_focus()
