"""Prepares a world in the background, then shows the wizard in it; changes over to practice when asked."""

from collections.abc import Callable, Coroutine

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from sendwright.deployment import Deployment
from sendwright.desktop.conductor import Conductor
from sendwright.desktop.engine import Engine
from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.window import Window
from sendwright.storage import folders
from sendwright.surroundings import real_world
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Wizard


class Opening(QObject):
    """Owns the window that is open, and what it needs behind it."""

    def __init__(self, theme: Theme, engine: Engine, deployment: Deployment) -> None:
        super().__init__()
        self._theme = theme
        self._engine = engine
        self._deployment = deployment
        self.window: Window | None = None
        self.conductor: Conductor | None = None
        self._inbox: PracticeInbox | None = None

    def open(self, *, practice: str | None) -> None:
        """Open the real wizard, or a practice with the scenario of that name."""
        if practice is None:
            self._run(self._real(), self._show)
        else:
            self._inbox = PracticeInbox(self._theme, self._engine, self._deployment)
            self._run(self._inbox.start(practice), self._show)

    def close(self) -> None:
        """End what stands behind the window."""
        if self._inbox is not None:
            self._inbox.stop()
            self._inbox = None

    async def _real(self) -> Wizard:
        world = await real_world(self._deployment)
        return await open_wizard(world, StoredDrafts(folders().configuration))

    def _run(self, coroutine: Coroutine[object, object, Wizard], then: Callable[[Wizard], None]) -> None:
        self._engine.run(coroutine, owner=self, then=then, failed=self._failed)

    def _show(self, wizard: Wizard) -> None:
        former = self.window
        beside: QWidget | None = self._inbox
        self.conductor = Conductor(wizard, self._engine, self)
        self.conductor.practise.connect(lambda: self.open(practice=""))
        self.conductor.failed.connect(self._failed)
        title = self._deployment.platform.name if self._deployment.source else text("window.title")
        self.window = Window(self._theme, self.conductor, title=title, beside=beside)
        self.window.show()
        self.conductor.begin()
        if former is not None:
            former.close()
            former.deleteLater()

    def _failed(self, error: BaseException) -> None:
        """A fault of ours: say so plainly, keep the window and everything typed."""
        self._engine.log(error)
        box = QMessageBox(QMessageBox.Icon.Warning, text("window.fault-title"), text("window.fault"))
        box.exec()
        if self.window is None:
            QApplication.exit(3)
