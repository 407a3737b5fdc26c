"""A form: proposals on top, fields, a live preview."""

from typing_extensions import override

from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.pages.proposals import Proposals
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.inbox import InboxPreview
from sendwright.providers.provider import Advice
from sendwright.screens import Form, Preview, Proposal, Rejected
from sendwright.texts import text


class FormPage(Page):
    """Typed answers; choosing a proposal fills the fields, typing over it takes the choice back.

    What is found while somebody types appears below the fields, so that nothing moves under the hands.
    """

    def __init__(self, theme: Theme, screen: Form, reading: Reading) -> None:
        super().__init__(theme, screen)
        self.proposals = Proposals(theme)
        self.column.addWidget(self.proposals)
        self.proposals.put(screen.proposals, chosen=_fitting(screen))
        self.fields = Fields(theme, screen.fields, reading, screen.notices)
        self.column.addWidget(self.fields)
        self.found = Proposals(theme)
        self.column.addWidget(self.found)
        self.preview = InboxPreview(theme) if screen.preview is Preview.INBOX else None
        if self.preview is not None:
            self.column.addWidget(self.preview)
            self._draw_preview()
        self.fields.edited.connect(self._edited)
        self.proposals.filled.connect(self._fill)
        self.found.filled.connect(self._fill)
        self.finish()

    @property
    @override
    def asks(self) -> bool:
        return True

    @override
    def answer(self) -> dict[str, str]:
        return self.fields.values()

    @override
    def take_focus(self) -> None:
        if self.proposals.cards:
            self.proposals.take_focus()
        else:
            self.fields.take_focus()

    @override
    def focus_field(self, name: str, proposal: str = "") -> None:
        if proposal and name in self.fields.rows:
            self.fields.put({name: proposal})
            self._edited()
        self.fields.focus_field(name)

    @override
    def show_rejection(self, rejected: Rejected) -> None:
        self.complain(self.fields.show_rejection(rejected))

    @override
    def show_advice(self, advice: Advice) -> None:
        """Show remarks and proposals for what was typed, in place of the former ones."""
        self.fields.show_notices(advice.notices)
        self.remark(tuple(text(notice.key, **notice.values) for notice in advice.notices if not notice.field))
        self.found.put(advice.proposals)

    def _fill(self, proposal: Proposal) -> None:
        self.fields.put(proposal.values)
        self._draw_preview()
        self.edited.emit()

    def _edited(self) -> None:
        self.proposals.release()
        self.found.release()
        self._draw_preview()
        self.edited.emit()

    def _draw_preview(self) -> None:
        if self.preview is not None:
            values = self.fields.values()
            self.preview.put(alias=values.get("alias", ""), address=values.get("address", ""))


def _fitting(screen: Form) -> int:
    """Return the place of the proposal whose values stand in the fields already, -1 where none does."""
    values = {field.name: field.value for field in screen.fields}
    for place, proposal in enumerate(screen.proposals):
        if all(values.get(name) == value for name, value in proposal.values.items()):
            return place
    return -1
