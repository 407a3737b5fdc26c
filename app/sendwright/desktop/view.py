"""The wizard in the window: rail, page and foot, drawn from the wizard's state and from nothing else."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.deployment import Platform
from sendwright.desktop.conductor import Conductor, Waiting
from sendwright.desktop.pages.consent import ConsentPage
from sendwright.desktop.pages.factory import page_for
from sendwright.desktop.pages.page import Page
from sendwright.desktop.pages.sheet import SheetPage
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.reading_order import set_reading_order
from sendwright.desktop.running import leads_away, runs
from sendwright.desktop.scene import Scene
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.column import Column
from sendwright.desktop.widgets.foot import Foot
from sendwright.desktop.widgets.front import come_back
from sendwright.desktop.widgets.option import OptionCard
from sendwright.desktop.widgets.rail import Rail
from sendwright.desktop.widgets.resumed import ResumedNote
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Rejected, Sheet, Stopped
from sendwright.texts import has, text

_SHARE_OF_COLUMN = 0.8


class WizardView(QWidget):
    """Rail on the left, the page in a scroll area, the foot bar below. finished: the last button was pressed."""

    finished = Signal()

    def __init__(self, theme: Theme, conductor: Conductor, *, name: str, platform: Platform, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        self._theme = theme
        self._conductor = conductor
        self._scene: Scene | None = None
        self._results: list[StageResult] = []
        self._wanted: tuple[str, str] | None = None
        self._focus_before: QWidget | None = None
        self._due = ""
        self._in_place = False  # what runs leads to no other page
        self.page: Page | None = None
        self._ways_of: Page | None = None
        self.rail = Rail(theme, name=name, platform=platform)
        self.foot = Foot(theme)
        self.place = label("", role="label")
        self.column = Column()
        self.resumed: ResumedNote | None = None
        self._resumed_at = conductor.scene.screen.step if conductor.scene.resumed else ""
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        margin = self._theme.tokens.size("side")
        self.place.setContentsMargins(margin, self._theme.tokens.units(2), margin, 0)
        right.addWidget(self.place)
        right.addWidget(self.column, 1)
        right.addWidget(self.foot)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        conductor, foot = self._conductor, self.foot
        conductor.moved.connect(self.draw)
        conductor.rejected.connect(self._reject)
        conductor.progressed.connect(self._progress)
        conductor.advised.connect(self._advise)
        conductor.waiting.connect(self._wait)
        foot.primary.connect(self.submit)
        foot.back.connect(lambda: conductor.back(self.typed))
        foot.cancel.connect(conductor.cancel)
        self.rail.chosen.connect(lambda stop: conductor.return_to(stop, self.typed))

    @property
    def typed(self) -> dict[str, str] | None:
        """What stands in the form, None where there is no form."""
        return self.page.answer() if self.page is not None and self.page.asks else None

    def draw(self, scene: Scene) -> None:
        """Show another scene."""
        screen = scene.screen
        if runs(screen):
            self._results.clear()
        if self._scene is not None and leads_away(self._scene.screen) and not leads_away(screen):
            come_back(self.window())
        self._scene = scene
        if isinstance(screen, Sheet) and isinstance(self.page, SheetPage) and self._follow(self.page, screen):
            self._put_ways(self.page)
            self._draw_around(scene)
            return
        self.setFocus()  # a page that goes with the keyboard in it would take the window's with it
        clock = self._conductor.world.clock
        self.page = page_for(self._theme, screen, reading=self._reading, results=self._results, clock=clock)
        if isinstance(self.page, StoppedPage):
            self.page.card.date(clock())
            self.page.offer_saving(self._conductor.saving(self._results))
            if (ways := self._conductor.ways()) is not None:
                self.page.offer_ways(ways)
        self._listen(self.page)
        self._remind(scene, self.page)
        self.column.setWidget(self.page)  # the former page ends here
        self._due = ""
        self._put_ways(self.page)
        self._draw_around(scene)
        self._focus_before = None
        self._begin(self.page)
        self.page.begin()

    def _put_ways(self, page: Page) -> None:
        """Show the page's own buttons of the foot; those that are there already keep the keyboard."""
        wanted = [(f"action-{action.name}", text(action.label, **action.values)) for action in page.foot_actions]
        if wanted != [(button.objectName(), button.text()) for button in self.foot.ways] or self._ways_of is not page:
            self._ways_of = page
            self.foot.put_ways([page.button_of(action) for action in page.foot_actions])

    def _draw_around(self, scene: Scene) -> None:
        self._draw_rail(scene)
        self._draw_foot(Waiting.NO)
        self._order()

    def submit(self) -> None:
        """Press the primary button."""
        if self._scene is None or self.page is None or not self.foot.primary_button.isVisible():
            return
        self._in_place = self._in_place and self._conductor.busy
        if isinstance(self.page, StoppedPage) and self.page.leading is not None:
            self._act(self.page.leading.name)
        elif isinstance(self.page, StoppedPage):
            self.page.try_again()
        elif self._scene.is_last:
            self.finished.emit()
        else:
            self._conductor.submit(self.page.answer())

    def enter(self) -> None:
        """Press the button or choose the card that has the keyboard, else press the primary button."""
        focused = self.focusWidget()
        if focused is self.foot.cancel_button:
            return  # the keyboard came here by itself while something was waited for: nobody cancels by going on
        if isinstance(focused, OptionCard) and not focused.isChecked():
            focused.setChecked(True)  # and seen to be chosen: nobody answers by pressing Enter page after page
        elif isinstance(focused, QPushButton) and focused.isVisible():
            focused.click()
        elif self.foot.primary_button.isEnabled():
            self.submit()

    def go_back(self) -> None:
        """Press Back where it stands."""
        if self.foot.back_button.isVisible():
            self.foot.back_button.click()

    def cancel(self) -> None:
        """Stop what runs; from a sign-in page that is shown here, go back."""
        if isinstance(self.page, ConsentPage) and not self._conductor.busy:
            self.go_back()
        else:
            self._conductor.cancel()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page the room of the rail where it needs it; one line says the same."""
        super().resizeEvent(event)
        tokens = self._theme.tokens
        narrow = self.width() < tokens.size("rail") + tokens.size("column") * _SHARE_OF_COLUMN
        self.rail.setVisible(not narrow)
        self.place.setVisible(narrow)
        self.foot.narrow = narrow

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Parts that appear later take their place in the reading order."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.page:
            self._order()
        return super().eventFilter(watched, event)

    def _listen(self, page: Page) -> None:
        page.edited.connect(lambda: self._conductor.typing(page.answer()))
        page.acted.connect(self._act)
        page.due.connect(self._try_again)
        page.answered.connect(self._conductor.submit)
        page.submitting.connect(self.submit)
        page.changing.connect(self._change)
        page.installEventFilter(self)

    def _act(self, name: str) -> None:
        if self.page is not None:
            if not self._conductor.busy:
                self._in_place = isinstance(self.page, SheetPage) and self.page.stays(name)
            self._conductor.submit({**self.page.answer(), "action": name})

    def _try_again(self, name: str) -> None:
        """Do what a clock ran down for; as soon as nothing else is being done."""
        self._due = name if self._conductor.busy else ""
        if not self._due:
            self._act(name)

    def _catch_up(self) -> None:
        """Do what came due meanwhile, unless what is shown by now knows nothing of it."""
        if self._due:
            self._try_again(self._due)

    def _follow(self, page: SheetPage, screen: Sheet) -> bool:
        former = page.countdown
        self.column.hold()
        followed = page.follow(screen)
        if page.countdown is not former:
            self._due = ""
        return followed

    def _remind(self, scene: Scene, page: Page) -> None:
        """Say on the first page that an earlier draft goes on; whoever went on knows."""
        if not scene.resumed or scene.screen.step != self._resumed_at:
            self._resumed_at = ""
            self.resumed = None
            return
        self.resumed = ResumedNote(self._theme)
        self.resumed.starting_over.connect(self._conductor.start_over)
        page.add_above(self.resumed)

    def _begin(self, page: Page) -> None:
        """Put the keyboard where the person begins, and let a screen reader say where that is."""
        wanted, self._wanted = self._wanted, None
        page.take_focus()
        if wanted is not None:
            page.focus_field(*wanted)
        focused = self.focusWidget()
        foot = self.foot
        if not page.isAncestorOf(focused) and focused not in foot.ways:
            buttons: tuple[QAbstractButton, ...] = (foot.primary_button, foot.cancel_button, *foot.ways)
            first = next((button for button in buttons if button.isVisible()), foot.back_button)
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif wanted is None:
            self.column.begin_with(focused)
        announce(page, page.title.text())

    def _draw_foot(self, waiting: Waiting) -> None:
        if self._scene is None:
            return
        screen = self._scene.screen
        working = runs(screen)
        back = ""
        if self._scene.can_go_back and not working:
            back = text("wizard.change-settings" if isinstance(screen, Stopped) else "wizard.back")
        elif isinstance(screen, Stopped) and not working:
            back = text("wizard.back")
        self.foot.show_state(
            back=back,
            primary=self.page.primary if self.page is not None else "",
            waiting=_words(waiting, screen.step, working=working),
            cancellable=working or waiting in {Waiting.CANCELLABLE, Waiting.ENDING},
        )

    def _draw_rail(self, scene: Scene) -> None:
        self.rail.show_stops(scene.rail)
        number = next((place for place, entry in enumerate(scene.rail, start=1) if entry.state == "current"), 1)
        stop = text(f"rail.{scene.rail[number - 1].stop}")
        self.place.setText(text("window.place", number=number, total=len(scene.rail), stop=stop))

    def _order(self) -> None:
        set_reading_order(self.window(), (self.rail, self.page, self.foot))

    def _change(self, field: str, proposal: str) -> None:
        self._wanted = (field, proposal)
        self._conductor.change(field)

    def _reject(self, rejected: Rejected) -> None:
        if self.page is not None:
            self.page.show_rejection(rejected)

    def _progress(self, result: StageResult) -> None:
        self._results.append(result)
        if self.page is not None:
            self.page.show_progress(result)

    def _advise(self, advice: Advice) -> None:
        if self.page is not None:
            self.page.show_advice(advice)

    def _wait(self, waiting: Waiting) -> None:
        """Show a wait. What stands on the page of a long one is being used, so it cannot be changed meanwhile.

        What is only tried on a page leaves it as it is: there is enough to read and to type.
        """
        if self.page is None:
            return
        if waiting is Waiting.NO:
            self._set_usable(usable=True)
            if self._focus_before is not None:
                self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
                self._focus_before = None
            self.page.rest()
            self._in_place = False
            if self._due:
                QTimer.singleShot(0, self, self._catch_up)
        self._draw_foot(waiting)
        if waiting is Waiting.CANCELLABLE and not self._working and not self._in_place:
            self._focus_before = self.focusWidget()
            self.foot.cancel_button.setFocus(
                Qt.FocusReason.OtherFocusReason
            )  # before its place cannot be used any more
            self._set_usable(usable=False)

    def _set_usable(self, *, usable: bool) -> None:
        for part in (self.page, self.rail, self.foot.back_button, self.foot.primary_button, *self.foot.ways):
            if part is not None:
                part.setEnabled(usable)

    @property
    def _working(self) -> bool:
        return self._scene is not None and runs(self._scene.screen)


def _words(waiting: Waiting, step: str, *, working: bool) -> str:
    """Return what is being waited for; a working page says so itself."""
    if waiting is Waiting.ENDING:
        return text("window.ending")
    if waiting is Waiting.NO or working:
        return ""
    return text(f"waiting.{step}") if has(f"waiting.{step}") else text("window.waiting")
