"""A form: proposals on top, fields, a live preview."""

from PySide6.QtWidgets import QVBoxLayout

from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.pages.proposals import Proposals
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.inbox import InboxPreview
from sendwright.desktop.widgets.note import Note
from sendwright.providers.provider import Advice
from sendwright.screens import Form, Preview, Proposal, Rejected
from sendwright.texts import text


class FormPage(Page):
    """Typed answers; choosing a proposal fills the fields, typing over it takes the choice back."""

    def __init__(self, theme: Theme, screen: Form) -> None:
        super().__init__(theme, screen)
        self._proposals = Proposals(theme)
        self._proposals.put(screen.proposals, chosen=_fitting(screen))
        self.column.addWidget(self._proposals)
        self._fields = Fields(theme, screen.fields)
        self._fields.show_notices(screen.notices)
        self._fields.edited.connect(self._edited)
        self._proposals.filled.connect(self._fill)
        self.column.addWidget(self._fields)
        self._remarks = QVBoxLayout()
        self.column.addLayout(self._remarks)
        self._preview = InboxPreview(theme) if screen.preview is Preview.INBOX else None
        if self._preview is not None:
            self.column.addWidget(self._preview)
            self._draw_preview()
        self.add_actions()
        self.finish()

    def answer(self) -> dict[str, str]:
        """What stands in the fields."""
        return self._fields.values()

    def take_focus(self) -> None:
        """Begin at the first empty field."""
        self._fields.take_focus()

    def focus_field(self, name: str) -> None:
        """Go to a field."""
        if name in self._fields.rows:
            self._fields.focus_row(self._fields.rows[name])

    def show_rejection(self, rejected: Rejected) -> None:
        """Mark the wrong fields."""
        self._remark(self._fields.show_rejection(rejected), tone="failed")

    def show_advice(self, advice: Advice) -> None:
        """Show remarks and, where there are any, proposals for what was typed."""
        self._fields.show_notices(advice.notices)
        general = tuple(text(notice.key, **notice.values) for notice in advice.notices if not notice.field)
        self._remark(general, tone="info")
        if advice.proposals:
            self._proposals.put(advice.proposals, chosen=-1)

    def _remark(self, words: tuple[str, ...], *, tone: str) -> None:
        while (item := self._remarks.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for sentence in words:
            self._remarks.addWidget(Note(self.theme, sentence, tone=tone))

    def _fill(self, proposal: Proposal) -> None:
        self._fields.put(proposal.values)
        self._draw_preview()
        self.edited.emit()

    def _edited(self) -> None:
        self._proposals.release()
        self._draw_preview()
        self.edited.emit()

    def _draw_preview(self) -> None:
        if self._preview is not None:
            values = self._fields.values()
            self._preview.put(alias=values.get("alias", ""), address=values.get("address", ""))


def _fitting(screen: Form) -> int:
    """Return the place of the proposal whose values stand in the fields already, -1 where none does."""
    values = {field.name: field.value for field in screen.fields}
    for place, proposal in enumerate(screen.proposals):
        if all(values.get(name) == value for name, value in proposal.values.items()):
            return place
    return -1
