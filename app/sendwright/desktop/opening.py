"""Prepares a world in the background, then shows the wizard in it; changes over to practice and back when asked."""

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from sendwright.deployment import Deployment
from sendwright.desktop.conductor import SHOW_WAITING_AFTER_MS, Conductor
from sendwright.desktop.engine import Engine, Work
from sendwright.desktop.faults import show_fault
from sendwright.desktop.opened_file import Opened, choose_file, read_file
from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.preferences import PassingPreferences, Preferences, StoredPreferences
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.view import WizardView
from sendwright.desktop.waiting import WaitingView
from sendwright.desktop.window import Window
from sendwright.diagnosis_file import DiagnosisFile, FileRefused
from sendwright.diagnosis_file.wording import told_refusal
from sendwright.faults import write_log
from sendwright.practice.scenarios import scenario
from sendwright.problems.level import Level
from sendwright.storage import folders
from sendwright.surroundings import real_world
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.replay import CLOSE, COMPARE, replay
from sendwright.wizard.start import OPEN, StartStep
from sendwright.wizard.store import NoDrafts, StoredDrafts
from sendwright.wizard.wizard import Wizard
from sendwright.world import World

if TYPE_CHECKING:
    from sendwright.practice.rehearsal import Rehearsal

OpenWizard = Callable[[], Coroutine[object, object, Wizard]]
"""Opens the real wizard, in the real world."""


class Opening(QObject):
    """Owns the window, and what stands behind it. ended: all of it is gone; the exit code."""

    ended = Signal(int)

    def __init__(
        self,
        theme: Theme,
        engine: Engine,
        deployment: Deployment,
        *,
        real: OpenWizard,
        preferences: Preferences,
        window: Window | None = None,
    ) -> None:
        super().__init__()
        self._reading = Reading(engine, preferences, self)
        self._theme = theme
        self._engine = engine
        self._deployment = deployment
        self._real = real
        self._work: Work | None = None
        self._rehearsal: Rehearsal | None = None
        self._ending: Callable[[], None] | None = None
        self.dialog: QFileDialog | None = None
        self.inbox: PracticeInbox | None = None
        self.conductor: Conductor | None = None
        self.view: WizardView | None = None
        platform = deployment.platform
        self._name = platform.name if deployment.source else text("window.title")
        self.window = window or Window(theme, title=self._name)
        self.window.leaving = self._leave
        self.window.closed.connect(lambda: self.ended.emit(0))
        self.window.banner.ending.connect(lambda: self._change_over(None))
        self._patience = QTimer(self, singleShot=True, interval=SHOW_WAITING_AFTER_MS)
        self._patience.timeout.connect(self._show_waiting)
        self._waiting_for = ""
        self._file_patience = QTimer(self, singleShot=True, interval=SHOW_WAITING_AFTER_MS)
        self._file_patience.timeout.connect(lambda: self._remark(text("window.sent.looking")))

    def open(self, *, practice: str | None) -> None:
        """Open the real wizard, or a practice with the scenario of that name."""
        if practice is None:
            self._waiting_for = text("window.opening")
            self._prepare(self._real())
        else:
            from sendwright.practice.mail_server import PASSWORD  # noqa: PLC0415 - loaded only to practise
            from sendwright.practice.rehearsal import Rehearsal  # noqa: PLC0415 - as above

            self._waiting_for = text("window.opening-practice")
            self.inbox = PracticeInbox(
                self._theme, password=PASSWORD, expect=text(f"practice.{scenario(practice).name}")
            )
            self._rehearsal = Rehearsal(self._deployment, self._engine.relay(self.inbox.add))
            self._prepare(_rehearse(self._rehearsal, practice))

    def _prepare(self, opening: Coroutine[object, object, Wizard]) -> None:
        self._patience.start()
        self._work = self._engine.run(opening, owner=self, then=self._show, failed=self._not_opened)

    def _show(self, wizard: Wizard) -> None:
        self._work = None
        if self._ending is not None:
            self._end(self._ending)
            return
        self._patience.stop()
        self.conductor = Conductor(wizard, self._engine, self)
        self.conductor.practise.connect(lambda: self._change_over(""))
        self.conductor.outside = self._carry_out
        self.conductor.failed.connect(self.fault)
        self.view = self._draw(self.conductor, self._reading)
        self.view.finished.connect(self.window.close)
        self.window.show_view(self.view, self.view, beside=self.inbox)
        self.window.show()
        self.conductor.begin()

    def _draw(self, conductor: Conductor, reading: Reading) -> WizardView:
        return WizardView(self._theme, conductor, name=self._name, platform=self._deployment.platform, reading=reading)

    def choose_file(self) -> None:
        """Let the person choose a diagnosis file to look at; the wizard stays as it is until one could be read."""
        self.dialog = choose_file(self.window, self.open_file, title=text("replay.choose.file"))

    def open_file(self, place: Path, against: DiagnosisFile | None = None) -> None:
        """Show the diagnosis file at `place`, or what changed from `against` to it; say why where it is refused."""
        self._file_patience.start()
        read_file(self._engine, place, owner=self, then=self._show_file, failed=self._refused, against=against)

    def _remark(self, *sentences: str) -> None:
        if self.view is not None and self.view.page is not None:
            self.view.page.remark(sentences)

    def _refused(self, error: BaseException) -> None:
        self._file_patience.stop()
        self._remark()
        if not isinstance(error, FileRefused):
            self.fault(error)
        elif self.view is not None and self.view.page is not None:
            self.view.page.refuse(told_refusal(error))

    def _show_file(self, opened: Opened) -> None:
        """Replay the file in place of the wizard, whose place is kept; the end of the file leads back to it."""
        self._file_patience.stop()
        if self.conductor is not None:
            world = self.conductor.world
            self._end(lambda: self._replay(opened, world))

    def _replay(self, opened: Opened, world: World) -> None:
        self.conductor = Conductor(replay(opened.file, world, comparison=opened.comparison), self._engine, self)
        self.conductor.failed.connect(self.fault)
        self.conductor.outside = lambda _step, answer: self._leaf(opened.file, answer)
        reading = Reading(self._engine, PassingPreferences(Level.SUPPORT), self)
        self.view = self._draw(self.conductor, reading)
        self.view.finished.connect(lambda: self._change_over(None))
        self.window.show_view(self.view, self.view)
        self.window.show()
        self.conductor.begin()

    def _carry_out(self, step: str, answer: Mapping[str, str]) -> bool:
        """Open a file where the person came for that; everything else is the wizard's."""
        if step != StartStep.id or answer.get("choice") != OPEN:
            return False
        self.choose_file()
        return True

    def _leaf(self, file: DiagnosisFile, answer: Mapping[str, str]) -> bool:
        """Carry out what a page of an opened file offers beside going on."""
        if answer.get("action") == COMPARE:
            title = text("replay.choose.compare")
            self.dialog = choose_file(self.window, lambda place: self.open_file(place, against=file), title=title)
        elif answer.get("action") == CLOSE:
            self._change_over(None)
        else:
            return False
        return True

    def _show_waiting(self) -> None:
        waiting = WaitingView(self._theme, self._waiting_for)
        waiting.cancelled.connect(self._give_up)
        self.window.show_view(waiting, waiting)
        self.window.show()
        waiting.take_focus()

    def _give_up(self) -> None:
        """Do not wait any longer: out of a practice that was just asked for into the real wizard, else out."""
        if self._rehearsal is not None:
            self._change_over(None)
        else:
            self.window.close()

    def _not_opened(self, error: BaseException) -> None:
        self._work = None
        if self._ending is not None:
            self._end(self._ending)
            return
        self._patience.stop()
        box = self.fault(error)
        if self._rehearsal is not None:
            self._change_over(None)
        else:
            box.finished.connect(lambda _: self.ended.emit(3))

    def fault(self, error: BaseException) -> QMessageBox:
        """A fault of ours: log it, say so plainly, keep the window and everything typed."""
        return show_fault(error, self.window, log=write_log(error))

    def _change_over(self, practice: str | None) -> None:
        """End what is open, then open the other."""
        self._waiting_for = text("window.opening" if practice is None else "window.opening-practice")
        self._patience.start()
        self._end(lambda: self.open(practice=practice))

    def _leave(self, then: Callable[[], None]) -> None:
        self._patience.stop()
        self._end(then)

    def _end(self, then: Callable[[], None]) -> None:
        """Keep what is typed, end the simulated servers, then call `then`."""
        self._ending = then
        if self._work is not None and self._rehearsal is not None:
            return  # half a server could not be ended: as soon as all of it stands
        if self._work is not None:
            self._work.abandon()
            self._work = None
        self._ending = None
        conductor, view = self.conductor, self.view
        self.conductor = self.view = None

        def end_practice() -> None:
            if conductor is not None:
                conductor.deleteLater()
            rehearsal, self._rehearsal, self.inbox = self._rehearsal, None, None
            if rehearsal is None:
                then()
                return

            def failed(error: BaseException) -> None:
                write_log(error)
                then()

            self._engine.run(rehearsal.stop(), owner=self, then=lambda _: then(), failed=failed)

        if conductor is None or view is None:
            end_practice()
        else:
            conductor.leave(view.typed, then=end_practice)


def real_opening(theme: Theme, engine: Engine, deployment: Deployment, *, window: Window) -> Opening:
    """Return the opening of the wizard on this computer, for a window that stands already; it lives with the window."""

    async def real() -> Wizard:
        return await open_wizard(await real_world(deployment), StoredDrafts(folders().configuration))

    preferences = StoredPreferences(folders().configuration)
    opening = Opening(theme, engine, deployment, real=real, preferences=preferences, window=window)
    opening.setParent(window)
    return opening


async def _rehearse(rehearsal: "Rehearsal", scenario: str) -> Wizard:
    world = await rehearsal.start(scenario)
    return await open_wizard(world, NoDrafts())
