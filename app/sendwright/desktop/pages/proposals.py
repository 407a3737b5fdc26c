"""Settings that were found, each with where it comes from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.option import OptionCard
from sendwright.desktop.widgets.words import label
from sendwright.screens import Proposal
from sendwright.texts import text


class Proposals(QWidget):
    """Cards to choose from; typing over the values releases the choice. filled: a Proposal was chosen."""

    filled = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.tokens.units(1))

    def put(self, proposals: Sequence[Proposal], *, chosen: int) -> None:
        """Show these proposals, the one at place `chosen` as the one in the fields."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(proposals))
        if not proposals:
            return
        self._layout.addWidget(label(text("window.found"), role="label"))
        for place, proposal in enumerate(proposals):
            card = OptionCard(self._theme, value=str(place), name=proposal.label, detail=text(proposal.origin))
            self._group.addButton(card)
            card.setChecked(place == chosen)
            card.clicked.connect(lambda _=False, found=proposal: self.filled.emit(found))
            self._layout.addWidget(card)

    def release(self) -> None:
        """No proposal stands in the fields any more."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)
