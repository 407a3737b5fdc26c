"""A question that only the person can answer."""

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from sendwright.desktop.pages.choice import option_card
from sendwright.desktop.pages.facts import FactTable
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.option import OptionCard
from sendwright.desktop.widgets.words import label
from sendwright.screens import Proof, Rejected
from sendwright.texts import text


class ProofPage(Page):
    """Facts to compare, answers as cards, and how to look for oneself, folded."""

    def __init__(self, theme: Theme, screen: Proof) -> None:
        super().__init__(theme, screen)
        self.column.addWidget(FactTable(theme, screen.facts))
        self._group = QButtonGroup(self)
        self._first: OptionCard | None = None
        for option in screen.options:
            card = option_card(theme, option)
            self._first = self._first or card
            self._group.addButton(card)
            self.column.addWidget(card)
        if screen.howto:
            inner = QWidget()
            layout = QVBoxLayout(inner)
            layout.setContentsMargins(0, 0, 0, 0)
            for key in screen.howto:
                layout.addWidget(label(text(key)))
            self.column.addWidget(Fold(theme, text("window.how-to-look"), inner))
        self.add_actions()
        self.finish()
        self._remark: Note | None = None

    def answer(self) -> dict[str, str]:
        """The chosen answer."""
        card = self._group.checkedButton()
        return {"choice": card.value if isinstance(card, OptionCard) else ""}

    def take_focus(self) -> None:
        """Begin at the first answer."""
        if self._first is not None:
            self._first.setFocus()

    def show_rejection(self, rejected: Rejected) -> None:
        """Say what is missing, once."""
        if self._remark is None:
            words = " ".join(text(key, **rejected.values) for key in rejected.fields.values())
            self._remark = Note(self.theme, words, tone="failed")
            self.column.insertWidget(self.column.count() - 1, self._remark)
