"""Opens the window and keeps it until it is closed."""

import sys
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from sendwright.deployment import Deployment
from sendwright.desktop.endings import close_when_asked
from sendwright.desktop.engine import Engine
from sendwright.desktop.opening import Opening
from sendwright.desktop.theme.theme import Theme
from sendwright.practice.scenarios import scenario
from sendwright.storage import folders
from sendwright.surroundings import real_world
from sendwright.texts import language
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Wizard


def open_window(deployment: Deployment, *, practice: str | None) -> int:
    """Open the wizard and return the exit code when its window is closed.

    practice: name of the scenario of the simulated servers; None is real, an empty name the usual course.
    Raises ScenarioUnknown.
    """
    if practice is not None:
        scenario(practice)
    application = make_application(sys.argv[:1])
    theme = Theme(application, accent=deployment.platform.accent)
    engine = Engine()

    async def real() -> Wizard:
        return await open_wizard(await real_world(deployment), StoredDrafts(folders().configuration))

    opening = Opening(theme, engine, deployment, real=real)
    opening.ended.connect(application.exit)
    former_hook = sys.excepthook

    def in_the_gui(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A fault in a slot: Qt goes on, so the person is told instead of the terminal."""
        if isinstance(error, Exception):
            opening.fault(error)
        else:
            former_hook(kind, error, trace)

    sys.excepthook = in_the_gui
    try:
        with close_when_asked(opening.window):
            opening.open(practice=practice)
            return application.exec()
    finally:
        sys.excepthook = former_hook
        engine.stop()


def make_application(arguments: list[str]) -> QApplication:
    """Return the Qt application, with Qt's own words in the language of ours."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(arguments)
    application.setApplicationName("sendwright")
    application.setApplicationDisplayName("Sendwright")
    application.setDesktopFileName("sendwright")
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)  # the window hides first and goes when everything is kept
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language()), "qtbase", "_", folder):
        application.installTranslator(translator)
    return application
