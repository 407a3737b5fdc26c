"""What every page has: a column with title, lead and remarks, and a way to tell what the person did."""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.document.reader import DocumentButton
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.note import Note, put_notes
from sendwright.desktop.widgets.scrolling import bring_up
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import Words, label
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Action, Base, Notice, Rejected
from sendwright.texts import text


class Page(QWidget):
    """A column of at most 560 px, or wide.

    edited: something was typed. acted: an action's name. submitting: as if the primary button was pressed.
    changing: a field's name, and what to put into it where that is known. due: an action's name whose time has come.
    answered: what happened elsewhere, as an answer.
    below: the buttons of documents and actions.
    """

    wide: ClassVar = False
    """Whether the page takes all the room there is, and not the width that is good to read."""

    edited = Signal()
    acted = Signal(str)
    submitting = Signal()
    changing = Signal(str, str)
    due = Signal(str)
    answered = Signal(object)

    def __init__(
        self, theme: Theme, screen: Base, *, title: str = "", above: str = "", mark: tuple[str, str] | None = None
    ) -> None:
        """Take another title than the screen's, words above it, and a drawing with its colour before it."""
        super().__init__()
        self.theme = theme
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tokens = theme.tokens
        side = tokens.size("side")
        outer = QHBoxLayout(self)
        above_and_below = tokens.units(2 if self.wide else 4)
        outer.setContentsMargins(side, above_and_below, side, above_and_below)
        holder = QWidget()
        if not self.wide:
            holder.setMaximumWidth(tokens.size("column"))
        outer.addWidget(holder, 1)
        outer.addStretch(0)
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(tokens.units(2))
        head = QVBoxLayout()
        head.setSpacing(tokens.units(1))
        if above:
            head.addWidget(label(above, role="muted"))
        self.title = label(title or text(screen.title, **screen.values), role="title")
        row = QHBoxLayout()
        row.setSpacing(tokens.units(1.5))
        if mark is not None:
            row.addWidget(Drawing(theme, *mark, size="title-mark"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.title, 1)
        head.addLayout(row)
        self.lead: Words | None = None
        if screen.lead:
            self.lead = label(text(screen.lead, **screen.values), role="lead")
            head.addWidget(self.lead)
        self.column.addLayout(head)
        self.column.addSpacing(tokens.units(0.5))
        self._notices = QVBoxLayout()
        self._notices.setSpacing(tokens.units(2))
        self.column.addLayout(self._notices)
        self.put_notices(screen.notices)
        self.setAccessibleName(self.title.text())
        self._screen = screen
        self._to_read, self._below = QVBoxLayout(), QVBoxLayout()
        for place in (self._to_read, self._below):
            place.setSpacing(tokens.units(2))
        self.below: tuple[Button, ...] = ()
        self._alerts, self._remarks = QVBoxLayout(), QVBoxLayout()
        for place in (self._alerts, self._remarks):
            place.setSpacing(tokens.units(1))
        self.column.addLayout(self._alerts)

    @property
    def primary(self) -> str:
        """Words of the primary button; empty hides it."""
        return text(self._screen.submit)

    @property
    def asks(self) -> bool:
        """Whether there is something to answer, which is to be kept."""
        return False

    def answer(self) -> dict[str, str]:
        """What the person answered so far."""
        return {}

    def take_focus(self) -> None:
        """Move the keyboard to where the person begins."""

    def show_rejection(self, rejected: Rejected) -> None:
        """Mark what is to be corrected; the default says it."""
        self.complain(tuple(text(key, **rejected.values) for key in rejected.fields.values()))

    def show_advice(self, advice: Advice) -> None:
        """Show what helps with what is typed."""

    def show_progress(self, result: StageResult) -> None:
        """Show a stage that ended."""

    def begin(self) -> None:
        """Begin what the page does by itself; called once it stands in the window."""

    def rest(self) -> None:
        """Show that nothing is being done any more."""

    def focus_field(self, name: str, proposal: str = "") -> None:
        """Move the keyboard to a field, where there is one of that name, and put `proposal` into it."""

    def remark(self, sentences: tuple[str, ...]) -> None:
        """Show remarks below the content in place of the former ones, and let new ones be read aloud."""
        if put_notes(self._remarks, [Note(self.theme, sentence) for sentence in sentences]):
            announce(self, " ".join(sentences))

    def complain(self, sentences: tuple[str, ...]) -> None:
        """Say above the content what is wrong with the answer as a whole, and let it be read aloud at once."""
        put_notes(self._alerts, [Note(self.theme, sentence, tone="failed") for sentence in sentences])
        announce(self, " ".join(sentences), urgent=True)

    def refuse(self, sentence: str) -> None:
        """Complain of what no field is to blame for: it is brought into sight, wherever the page was scrolled to."""
        self.complain((sentence,))
        for note in self.findChildren(Note):
            if note.words.text() == sentence:
                bring_up(note)

    def add_above(self, widget: QWidget) -> None:
        """Put `widget` above everything; it becomes a part of the page."""
        self.column.insertWidget(0, widget)

    def finish(self) -> None:
        """Add what stands below the content of every page; called once by each, after its last widget."""
        self.column.addLayout(self._remarks)
        if self._to_read.parent() is None:
            self.column.addLayout(self._to_read)
        self.column.addLayout(self._below)
        self.put_below()
        self.column.addStretch(1)

    @property
    def foot_actions(self) -> tuple[Action, ...]:
        """The screen's actions that stand in the foot bar, in sight all the time."""
        return ()

    @property
    def actions_below(self) -> tuple[Action, ...]:
        """The screen's actions that stand below the content."""
        return self._screen.actions

    def put_below(self) -> None:
        """Show the documents and actions of the screen, in place of the former ones.

        A page may have a place of its own for the documents.
        """
        for former in self.below:
            (self._to_read if isinstance(former, DocumentButton) else self._below).removeWidget(former)
            former.hide()
            former.deleteLater()
        documents = [DocumentButton(self.theme, document) for document in self._screen.documents]
        actions = [self.button_of(action) for action in self.actions_below]
        self.below = (*documents, *actions)
        for place, buttons in ((self._to_read, documents), (self._below, actions)):
            for button in buttons:
                place.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def button_of(self, action: Action) -> Button:
        """Return a button for `action`, of less weight where it is quiet."""
        role = "quiet" if action.quiet else ""
        button = Button(self.theme, text(action.label, **action.values), role=role)
        button.setObjectName(f"action-{action.name}")
        button.clicked.connect(lambda _=False: self.acted.emit(action.name))
        return button

    def put_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show the calm remarks that belong to no field, in place of the former ones."""
        notes = [
            Note(self.theme, text(notice.key, **notice.values), tone="warning" if notice.warning else "info")
            for notice in notices
            if not notice.field
        ]
        put_notes(self._notices, notes)
