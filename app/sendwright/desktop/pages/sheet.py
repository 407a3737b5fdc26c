"""Something to read, with what can be tried, typed and asked on the way."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.cell import CellCard
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.desktop.widgets.document.view import DocumentView
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.scrolling import bring_up
from sendwright.desktop.widgets.speech import announce
from sendwright.document.blocks import Document
from sendwright.screens import Action, FieldKind, Rejected, Sheet
from sendwright.texts import text


class SheetPage(Page):
    """A document, cells below it, fields below them; a clock where something is tried again by itself.

    When the same step is shown again with changed content, only what changed is drawn anew: what somebody reads,
    types or has unfolded stays where it is.
    """

    def __init__(
        self, theme: Theme, screen: Sheet, reading: Reading, *, clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(theme, screen)
        self._sheet, self._reading, self._clock = screen, reading, clock
        self._retry, self._reading_part, self._tried = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for place in (self._retry, self._reading_part, self._tried):
            place.setSpacing(theme.tokens.units(2))
            self.column.addLayout(place)
        self.countdown: Countdown | None = None
        self.document: DocumentView
        self.cells: dict[str, CellCard] = {}
        self._put_retry()
        self._put_document(screen.document)
        for cell in screen.cells:
            self._tried.addWidget(self._cell(cell.id))
        self.column.addLayout(self._to_read)  # what a field asks about may come of it
        self.fields = Fields(theme, screen.fields, reading, screen.notices)
        self.fields.edited.connect(self.edited)
        self.column.addWidget(self.fields)
        self.finish()

    @property
    @override
    def primary(self) -> str:
        return "" if self._sheet.without_submit else super().primary

    @property
    @override
    def foot_actions(self) -> tuple[Action, ...]:
        """The first way of weight beside the primary button: what one may have to read on for is in sight at once."""
        weighty = tuple(action for action in self._sheet.actions if not (action.quiet or action.stays))
        return weighty[:1] if self.primary else ()

    @property
    @override
    def actions_below(self) -> tuple[Action, ...]:
        return tuple(action for action in self._sheet.actions if action not in self.foot_actions)

    @property
    @override
    def asks(self) -> bool:
        return bool(self.fields.rows)

    @override
    def answer(self) -> dict[str, str]:
        return self.fields.values()

    @override
    def take_focus(self) -> None:
        """Begin with what the screen names, else with the fields, where there is something to type.

        Else begin with what is to be tried first.

        A choice below something to read may be out of sight, and no key should change what nobody sees.

        Where only actions lead on, begin with the first: nobody goes back by pressing Enter.
        """
        way = self.window().findChild(Button, f"action-{self._sheet.begin}")
        if self._sheet.begin in self.fields.rows:
            self.fields.focus_field(self._sheet.begin)
            bring_up(self.fields.rows[self._sheet.begin])
            return
        if way is not None:
            way.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        typed = any(row.field.kind not in {FieldKind.CHOICE, FieldKind.TOGGLE} for row in self.fields.rows.values())
        if typed and not self.cells:
            self.fields.take_focus()
            return
        first = next((card for card in self.cells.values() if card.cell.recommended), None)
        if first is not None:
            first.take_focus()
        elif not self.primary:
            ways = [*self.findChildren(Button, f"action-{self._sheet.retry.name}")] if self._sheet.retry else []
            for way in [*ways, *self.below][:1]:
                way.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def focus_field(self, name: str, proposal: str = "") -> None:
        if proposal and name in self.fields.rows:
            self.fields.put({name: proposal})
        self.fields.focus_field(name)

    @override
    def show_rejection(self, rejected: Rejected) -> None:
        """Mark what is wrong; nothing is tried by itself any more before it is corrected."""
        if self.countdown is not None:
            self.countdown.stop()
        self.rest()
        self.complain(self.fields.show_rejection(rejected))

    @override
    def rest(self) -> None:
        for card in self.cells.values():
            card.rest()

    def stays(self, name: str) -> bool:
        """Tell whether the action of that name leads to no other page."""
        cells = (cell.action for cell in self._sheet.cells)
        offered = (*self._sheet.actions, *cells, self._sheet.retry)
        return any(action is not None and action.name == name and action.stays for action in offered)

    def follow(self, screen: Sheet) -> bool:
        """Show what changed and return True; False where the page has to be made anew."""
        if _frame(screen) != _frame(self._sheet):
            return False
        former, self._sheet, self._screen = self._sheet, screen, screen
        self._follow_head()
        for old, new in zip(former.fields, screen.fields, strict=True):
            if old.value != new.value:
                self.fields.put({new.name: new.value})
        if (former.retry, former.retry_at) != (screen.retry, screen.retry_at):
            self._put_retry()
        if former.document != screen.document:
            self._put_document(screen.document)
        self._follow_cells()
        if (former.actions, former.documents) != (screen.actions, screen.documents):
            self._follow_below()
        return True

    def _follow_head(self) -> None:
        screen = self._sheet
        self.title.setText(text(screen.title, **screen.values))
        self.setAccessibleName(self.title.text())
        if self.lead is not None:
            self.lead.setText(text(screen.lead, **screen.values))
        self.complain(())
        self.put_notices(screen.notices)
        self.fields.show_notices(screen.notices)

    def _follow_below(self) -> None:
        """Put the keyboard onto the same button again, where it was on one of them."""
        held = next((button.objectName() for button in self.below if button.hasFocus()), "")
        self.put_below()
        for button in self.below:
            button.show()
            if held and button.objectName() == held:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_cells(self) -> None:
        """Draw anew the cells that changed, each in its place; all of them where there are others now."""
        if [*self.cells] != [cell.id for cell in self._sheet.cells]:
            for card in self.cells.values():
                _remove(self._tried, card)
            self.cells = {}
            for cell in self._sheet.cells:
                self._tried.addWidget(self._cell(cell.id))
            return
        said = []
        for cell in self._sheet.cells:
            former = self.cells[cell.id]
            if former.cell == cell:
                former.rest()
            else:
                said.append(self._replace(former).words)
        announce(self, " ".join(said))

    def _replace(self, former: CellCard) -> CellCard:
        """Draw a cell as it is now; the keyboard and what was unfolded stay with it."""
        focused = QApplication.focusWidget()
        held = focused is not None and former.isAncestorOf(focused)
        unfolded = former.why is not None and former.why.button.isChecked()
        card = self._cell(former.cell.id)
        self._tried.insertWidget(self._tried.indexOf(former), card)
        if unfolded and card.why is not None:
            card.why.open()
        card.show()
        if held:
            card.take_focus()
        _remove(self._tried, former)
        return card

    def _cell(self, name: str) -> CellCard:
        cell = next(cell for cell in self._sheet.cells if cell.id == name)
        card = CellCard(self.theme, cell, self._reading)
        card.acted.connect(self.acted)
        card.changing.connect(self.changing)
        self.cells[name] = card
        return card

    def _put_document(self, document: Document) -> None:
        """Draw the document; parts of it that are the same keep what was unfolded in them."""
        opened = set()
        if self._reading_part.count():
            opened = {fold.button.text() for fold in self.document.findChildren(Fold) if fold.button.isChecked()}
            _remove(self._reading_part, self.document)
        self.document = DocumentView(self.theme, document)
        self._reading_part.addWidget(self.document)
        self.document.show()
        for fold in self.document.findChildren(Fold):
            if fold.button.text() in opened:
                fold.open()

    def _put_retry(self) -> None:
        if self.countdown is not None:
            _remove(self._retry, self.countdown)
            self.countdown = None
        retry, at = self._sheet.retry, self._sheet.retry_at
        if retry is None:
            return
        if at is None:
            self._retry.addLayout(alone(self.button_of(retry)))
            return
        self.countdown = Countdown(self.theme, text("sheet.retrying"), until=at, clock=self._clock)
        self.countdown.column.addSpacing(self.theme.tokens.units(1))
        self.countdown.column.addLayout(alone(self.button_of(retry)))
        self.countdown.ended.connect(lambda: self.due.emit(retry.name))
        self._retry.addWidget(self.countdown)


def _remove(place: QVBoxLayout, widget: QWidget) -> None:
    place.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


def _frame(screen: Sheet) -> tuple[object, ...]:
    """Return what has to be the same for a page to be kept."""
    fields = tuple(replace(field, value="") for field in screen.fields)
    return screen.step, bool(screen.lead), screen.submit, screen.without_submit, fields
