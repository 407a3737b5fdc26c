"""One of several, as cards, with a small form below."""

from PySide6.QtWidgets import QButtonGroup

from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.option import OptionCard
from sendwright.desktop.widgets.words import label
from sendwright.providers.provider import Advice
from sendwright.screens import Choice, Option, Rejected
from sendwright.texts import text


class ChoicePage(Page):
    """Cards in reading order; a field that belongs to one card is shown with it only."""

    def __init__(self, theme: Theme, screen: Choice) -> None:
        super().__init__(theme, screen)
        self._group = QButtonGroup(self)
        self._cards: dict[str, OptionCard] = {}
        for option in screen.options:
            card = option_card(theme, option)
            self._group.addButton(card)
            self._cards[option.value] = card
            self.column.addWidget(card)
        if screen.chosen in self._cards:
            self._cards[screen.chosen].setChecked(True)
        self._error = label("", role="error")
        self._error.hide()
        self.column.addWidget(self._error)
        self._fields = Fields(theme, screen.fields)
        self._fields.setVisible(bool(screen.fields))
        self._fields.edited.connect(self.edited)
        self.column.addWidget(self._fields)
        self._group.buttonToggled.connect(lambda *_: self._chosen_another())
        self.add_actions()
        self.finish()
        self._show_fields()

    def answer(self) -> dict[str, str]:
        """The chosen value and what stands in the fields that belong to it."""
        chosen = self._chosen
        values = {name: row.value for name, row in self._fields.rows.items() if row.field.only_for in {"", chosen}}
        return {"choice": chosen, **values}

    def take_focus(self) -> None:
        """Begin at the chosen card, else at the first."""
        card = self._cards.get(self._chosen) or next(iter(self._cards.values()), None)
        if card is not None:
            card.setFocus()

    def focus_field(self, name: str) -> None:
        """Go to a field."""
        if name in self._fields.rows:
            self._fields.focus_row(self._fields.rows[name])

    def show_rejection(self, rejected: Rejected) -> None:
        """Say what is missing."""
        words = self._fields.show_rejection(rejected)
        self._error.setText("\n".join(words))
        self._error.setVisible(bool(words))

    def show_advice(self, advice: Advice) -> None:
        """Choose the proposed card and say why."""
        self._fields.show_notices(advice.notices)
        for proposal in advice.proposals:
            card = self._cards.get(proposal.values.get("choice", ""))
            if card is not None:
                card.setChecked(True)

    @property
    def _chosen(self) -> str:
        card = self._group.checkedButton()
        return card.value if isinstance(card, OptionCard) else ""

    def _chosen_another(self) -> None:
        self._error.hide()
        self._show_fields()

    def _show_fields(self) -> None:
        for row in self._fields.rows.values():
            row.setVisible(row.field.only_for in {"", self._chosen})


def option_card(theme: Theme, option: Option) -> OptionCard:
    """Return the card of an option, its keys turned into words."""
    return OptionCard(
        theme,
        value=option.value,
        name=text(option.label),
        detail=text(option.detail) if option.detail else "",
        note=option.note,
        icon=option.icon,
    )
