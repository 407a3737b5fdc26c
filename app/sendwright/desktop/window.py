"""The wizard's window, drawn from the wizard's state and from nothing else."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.conductor import Conductor
from sendwright.desktop.pages.factory import page_for
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.column import Column
from sendwright.desktop.widgets.foot import Foot
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.rail import Rail
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Base, Rejected, Stopped, Working
from sendwright.texts import text

WIDTH, HEIGHT = 960, 680
NARROWEST, LOWEST = 640, 480
_SHARE_OF_COLUMN = 0.8


class Window(QWidget):
    """Rail on the left, the page in a scroll area, the foot bar below. closed: the person closed it."""

    closed = Signal()

    def __init__(self, theme: Theme, conductor: Conductor, *, title: str, beside: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title)
        self._theme = theme
        self._conductor = conductor
        self._page: Page | None = None
        self._results: list[StageResult] = []
        self._pending_focus = ""
        self._rail = Rail(theme, name=title)
        self._foot = Foot(theme)
        self._progress_line = label("", role="label")
        self._scroll = Column()
        self._lay_out(beside)
        self._connect()
        self.setMinimumSize(NARROWEST, LOWEST)
        self._fit(wide=beside is not None)

    def _lay_out(self, beside: QWidget | None) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if self._conductor.wizard.world.practice:
            outer.addWidget(Note(self._theme, text("wizard.practice"), tone="practice"))
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._progress_line)
        right.addWidget(self._scroll, 1)
        right.addWidget(self._foot)
        row.addLayout(right, 1)
        if beside is not None:
            row.addWidget(beside)
        outer.addLayout(row, 1)

    def _connect(self) -> None:
        conductor, foot = self._conductor, self._foot
        conductor.moved.connect(self.draw)
        conductor.rejected.connect(self._reject)
        conductor.progressed.connect(self._progress)
        conductor.advised.connect(self._advise)
        conductor.waiting.connect(self._wait)
        foot.primary.connect(self._submit)
        foot.back.connect(lambda: conductor.back(self._typed()))
        foot.cancel.connect(conductor.cancel)
        self._rail.chosen.connect(lambda stop: conductor.return_to(stop, self._typed()))
        self._theme.changed.connect(self._redraw)
        QShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Left), self, foot.back_button.click)
        QShortcut(QKeySequence(Qt.Key.Key_Return), self, self._enter)
        QShortcut(QKeySequence(Qt.Key.Key_Enter), self, self._enter)

    def draw(self) -> None:
        """Show the wizard's current screen."""
        screen = self._conductor.screen
        if isinstance(screen, Working):
            self._results.clear()
        page = page_for(self._theme, screen, results=self._results)
        page.edited.connect(lambda: self._conductor.typing(page.answer()))
        page.acted.connect(lambda name: self._conductor.submit({**page.answer(), "action": name}))
        page.submitting.connect(self._submit)
        page.changing.connect(self._change)
        former = self._page
        self._page = page
        self._scroll.setWidget(page)
        if former is not None:
            former.deleteLater()
        self._draw_rail()
        self._draw_foot(screen, waiting=False)
        page.take_focus()
        if self._pending_focus:
            page.focus_field(self._pending_focus)
            self._pending_focus = ""

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self._page

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what is typed; the next start begins here."""
        self._conductor.keep(self._typed())
        self._conductor.cancel()
        self.closed.emit()
        super().closeEvent(event)

    def _draw_foot(self, screen: Base, *, waiting: bool) -> None:
        wizard = self._conductor.wizard
        words = self._page.primary if self._page is not None else ""
        working = isinstance(screen, Working)
        self._foot.show_state(
            back=wizard.can_go_back and not working,
            primary="" if working else words,
            waiting=text("window.waiting") if waiting and not working else "",
            cancellable=waiting,
        )
        self._foot.primary_button.setEnabled(not waiting)
        self._foot.back_button.setText(
            text("wizard.change-settings") if isinstance(screen, Stopped) else text("wizard.back")
        )

    def _draw_rail(self) -> None:
        """Show the rail, or one line instead of it where the window is too narrow for both."""
        entries = self._conductor.wizard.rail
        self._rail.show_stops(entries)
        place = next((number for number, entry in enumerate(entries, start=1) if entry.state == "current"), 1)
        stop = text(f"rail.{entries[place - 1].stop}")
        self._progress_line.setText(text("window.place", number=place, count=len(entries), stop=stop))
        margin = self._theme.tokens.units(5)
        self._progress_line.setContentsMargins(margin, self._theme.tokens.units(2), margin, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the page the room of the rail where it needs it."""
        super().resizeEvent(event)
        tokens = self._theme.tokens
        narrow = self.width() < tokens.size("rail") + tokens.size("column") * _SHARE_OF_COLUMN
        self._rail.setVisible(not narrow)
        self._progress_line.setVisible(narrow)

    def _submit(self) -> None:
        screen = self._conductor.screen
        if self._conductor.wizard.is_last and not isinstance(screen, Stopped):
            self.close()
        elif self._page is not None:
            self._conductor.submit({} if isinstance(screen, Stopped) else self._page.answer())

    def _enter(self) -> None:
        focused = self.focusWidget()
        if focused is not None and hasattr(focused, "click") and focused.property("role") not in {"option", "primary"}:
            focused.click()
        elif self._foot.primary_button.isVisible() and self._foot.primary_button.isEnabled():
            self._submit()

    def _change(self, field: str) -> None:
        self._pending_focus = field
        self._conductor.back()

    def _reject(self, rejected: Rejected) -> None:
        if self._page is not None:
            self._page.show_rejection(rejected)

    def _progress(self, result: StageResult) -> None:
        self._results.append(result)
        if self._page is not None:
            self._page.show_progress(result)

    def _advise(self, advice: Advice) -> None:
        if self._page is not None:
            self._page.show_advice(advice)

    def _wait(self, waiting: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._draw_foot(self._conductor.screen, waiting=waiting)

    def _redraw(self) -> None:
        self._conductor.keep(self._typed())
        self.draw()

    def _typed(self) -> dict[str, str]:
        return self._page.answer() if self._page is not None else {}

    def _fit(self, *, wide: bool) -> None:
        """Open at the usual size, but never larger than the screen."""
        tokens = self._theme.tokens
        width = WIDTH + (tokens.size("rail") + tokens.units(10) if wide else 0)
        available = self.screen().availableGeometry() if self.screen() else QRect(0, 0, WIDTH, HEIGHT)
        self.resize(min(width, available.width()), min(HEIGHT, available.height()))
