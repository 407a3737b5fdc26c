"""One of several, as cards, with a small form below, and on the first page a place for an error somebody sent."""

from typing_extensions import override

from sendwright.desktop.pages.cards import Cards
from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.sent import SentError
from sendwright.providers.provider import Advice
from sendwright.screens import Choice, Rejected


class ChoicePage(Page):
    """A field that belongs to one card is shown with it only."""

    def __init__(self, theme: Theme, screen: Choice, reading: Reading) -> None:
        super().__init__(theme, screen)
        self.cards = Cards(theme, screen.options, chosen=screen.chosen)
        self.column.addWidget(self.cards)
        self.fields = Fields(theme, screen.fields, reading, screen.notices)
        self.fields.edited.connect(self.edited)
        self.column.addWidget(self.fields)
        self.cards.chosen_another.connect(self._chosen_another)
        self.sent = SentError(theme, reading) if screen.explains else None
        if self.sent is not None:
            self.column.addWidget(self.sent)
        self.finish()
        self._show_fields()

    @property
    @override
    def asks(self) -> bool:
        return True

    @override
    def answer(self) -> dict[str, str]:
        chosen = self.cards.chosen
        values = {name: row.value for name, row in self.fields.rows.items() if row.field.only_for in {"", chosen}}
        return {"choice": chosen, **values}

    @override
    def take_focus(self) -> None:
        self.cards.take_focus()

    @override
    def focus_field(self, name: str, proposal: str = "") -> None:
        row = self.fields.rows.get(name)
        if row is None:
            return
        self.cards.choose(row.field.only_for)
        if proposal:
            self.fields.put({name: proposal})
        self.fields.focus_field(name)

    @override
    def show_rejection(self, rejected: Rejected) -> None:
        self.complain(self.fields.show_rejection(rejected))
        if "choice" in rejected.fields:
            self.cards.take_focus()

    @override
    def show_advice(self, advice: Advice) -> None:
        """Choose the proposed card and say why."""
        self.fields.show_notices(advice.notices)
        for proposal in advice.proposals:
            self.cards.choose(proposal.values.get("choice", ""))

    def _chosen_another(self) -> None:
        self.complain(())
        self._show_fields()

    def _show_fields(self) -> None:
        rows = self.fields.rows.values()
        for row in rows:
            row.setVisible(row.field.only_for in {"", self.cards.chosen})
        self.fields.setVisible(any(not row.isHidden() for row in rows))
