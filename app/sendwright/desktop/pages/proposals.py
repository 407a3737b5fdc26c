"""Settings that were found, each with where it comes from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.option import CardGroup, OptionCard
from sendwright.desktop.widgets.words import label
from sendwright.screens import Proposal
from sendwright.texts import text

_SHOWN = 2  # more of them would hide the fields


class Proposals(QWidget):
    """Cards to choose from; typing over the values releases the choice. filled: a Proposal was chosen."""

    filled = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[Proposal, ...] = ()
        self._group = CardGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.tokens.units(1))
        self.hide()

    @property
    def cards(self) -> tuple[OptionCard, ...]:
        """The cards that are shown, in reading order."""
        return self._group.cards

    def put(self, proposals: Sequence[Proposal], *, chosen: int = -1) -> None:
        """Show these proposals, the one at place `chosen` as the one in the fields."""
        if tuple(proposals) == self._shown:
            return
        self._shown = tuple(proposals)
        self._clear()
        self.setVisible(bool(proposals))
        if not proposals:
            return
        self._layout.addWidget(label(text("window.found"), role="label"))
        first = max(_SHOWN, chosen + 1)
        for place, proposal in enumerate(proposals[:first]):
            self._layout.addWidget(self._card(proposal, place, chosen=place == chosen))
        rest = proposals[first:]
        if rest:
            inner = QWidget()
            column = QVBoxLayout(inner)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(self._theme.tokens.units(1))
            for place, proposal in enumerate(rest, start=first):
                column.addWidget(self._card(proposal, place, chosen=False))
            self._layout.addWidget(Fold(self._theme, text("window.more-found", number=len(rest)), inner))

    def take_focus(self) -> None:
        """Move the keyboard to the chosen card, else to the first."""
        self._group.take_focus()

    def release(self) -> None:
        """No proposal stands in the fields any more."""
        self._group.release()

    def _card(self, proposal: Proposal, place: int, *, chosen: bool) -> OptionCard:
        card = OptionCard(self._theme, value=str(place), name=proposal.label, detail=text(proposal.origin))
        card.setChecked(chosen)
        self._group.add(card)
        card.toggled.connect(lambda on: self.filled.emit(proposal) if on else None)
        return card

    def _clear(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
