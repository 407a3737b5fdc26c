"""A sign-in page of somebody else, in a browser inside the window."""

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sendwright.desktop.consent.availability import obstacle
from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.widgets.words import label
from sendwright.oauth.error_pages import ShowsError, reader_of
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.problems.explanation import explain
from sendwright.screens import Action, Consent, Rejected
from sendwright.texts import text

if TYPE_CHECKING:  # a browser is loaded when one is shown, and not with the window
    from sendwright.desktop.consent.browser import Browser

_ALL_OF_IT = 1000
"""Share of the room that is left, against that below the page."""

_ROOMY = 80
"""Units of the window's height from which on there is room for words above a browser."""


class ConsentPage(Page):
    """The browser takes the room of the page; other ways stand in the foot bar all the time.

    browser: None where none is shown: before the page begins, where there can be none, and once all is over.
    shows_error: tells what a page that leads nowhere says; usually what knows the service.
    """

    wide: ClassVar = True

    def __init__(
        self, theme: Theme, screen: Consent, reading: Reading, *, shows_error: ShowsError | None = None
    ) -> None:
        super().__init__(theme, screen)
        self._consent, self._reading, self._shows_error = screen, reading, shows_error or reader_of(screen.system)
        self._over = False
        self.obstacle = obstacle()
        self.browser: Browser | None = None
        self.standing: list[QWidget] = []
        if not screen.url:
            self._stand(label(text("consent.recorded"), role="muted"))
        elif self.obstacle:
            self._stand(Note(theme, text(f"consent.unavailable.{self.obstacle}")))
        self.column.addLayout(self._quiet_ways())
        self.finish()

    @property
    @override
    def primary(self) -> str:
        return ""

    @property
    @override
    def foot_actions(self) -> tuple[Action, ...]:
        """The ways of most weight; the quiet ones stand in a row below the browser."""
        return () if self.obstacle else tuple(action for action in self._consent.actions if not action.quiet)

    @property
    @override
    def actions_below(self) -> tuple[Action, ...]:
        """Where there is no browser here, the other ways are what the page is about."""
        return self._consent.actions if self.obstacle else ()

    def _quiet_ways(self) -> Flow:
        row = Flow(gap=self.theme.tokens.units(1))
        for action in self._consent.actions:
            if action.quiet and not self.obstacle:
                row.addWidget(self.button_of(action))
        return row

    @override
    def take_focus(self) -> None:
        if self.below:
            self.below[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def begin(self) -> None:
        """Show the sign-in page."""
        if not self._consent.url or self.obstacle:
            return
        try:
            from sendwright.desktop.consent.browser import Browser  # noqa: PLC0415 - as above
        except ImportError:  # a library of the system's is missing
            self._stand(Note(self.theme, text("consent.unavailable.missing")))
            return
        self._over = False
        self.browser = browser = Browser(self.theme, self._consent)
        browser.called_back.connect(lambda address: self._finish({"callback": address}))
        browser.seen.connect(self._read)
        browser.refused.connect(self._refused)
        browser.stopped.connect(self._stopped)
        browser.crashed.connect(lambda: self._halt(Note(self.theme, text("consent.crashed"), tone="warning")))
        browser.leaving.connect(lambda back: self.focusPreviousChild() if back else self.focusNextChild())
        self._stand(browser, stretch=_ALL_OF_IT)
        browser.begin()
        browser.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def show_rejection(self, rejected: Rejected) -> None:
        """What came back could not be used: the page can be opened again."""
        super().show_rejection(rejected)
        self._over = False
        self._halt()

    def _read(self, words: str, at: str) -> None:
        if self._shows_error(words) is not None:
            self._finish({"shown": words, "at": at})

    def _finish(self, answer: dict[str, str]) -> None:
        """Answer, once; the browser ends here, with everything that it knows."""
        if self._over:
            return
        self._over = True
        self._stand(label(text("consent.back"), role="lead"))
        self.answered.emit(answer)

    def _refused(self, reason: str) -> None:
        """Say what the page was not let do; the same again is not said again."""
        words = text(f"consent.refused.{reason}")
        if reason == "dialogs":
            self._halt(Note(self.theme, words, tone="warning"))
        else:
            self.remark((words,))

    def _stopped(self, evidence: Evidence) -> None:
        problem = classify(evidence)
        card = ProblemCard(self.theme, problem, explain(problem), self._reading, taken=True)
        card.retrying.connect(self.begin)
        heading = label(explain(problem).title, role="heading")
        self._halt(heading, card)

    def _halt(self, *told: QWidget) -> None:
        """Nothing is shown any more; it can be begun again."""
        if self._over:
            return
        again = Button(self.theme, text("consent.again"), icon="retry")
        again.clicked.connect(lambda _=False: self.begin())
        holder = QWidget()
        row = alone(again)
        row.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(row)
        self._stand(*told, holder)
        again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stand(self, *widgets: QWidget, stretch: int = 0) -> None:
        """Show `widgets` in place of what stood there."""
        self.remark(())
        for former in self.standing:
            self.column.removeWidget(former)
            former.hide()
            former.deleteLater()
        if self.browser is not None and self.browser not in widgets:
            self.browser = None
        place = self.column.indexOf(self._alerts) + 1
        for number, widget in enumerate(widgets):
            self.column.insertWidget(place + number, widget, stretch)
            widget.show()
        self.standing = list(widgets)
        self._make_room()

    def _make_room(self) -> None:
        """Let the words above the browser go where it would be too low to be used; its host says where one is."""
        if self.lead is not None:
            high = self.window().height() >= self.theme.tokens.units(_ROOMY)
            self.lead.setVisible(high or self.browser is None)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
