"""Opens the window, loads the rest of the program behind it, and keeps it until it is closed."""

import asyncio
import importlib
import sys
from types import ModuleType, TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from sendwright.deployment import Deployment
from sendwright.desktop.endings import close_when_asked
from sendwright.desktop.engine import Engine
from sendwright.desktop.faults import show_fault
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.waiting import WaitingView
from sendwright.desktop.window import Window
from sendwright.faults import write_log
from sendwright.practice.scenarios import scenario
from sendwright.texts import language, text


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
    window = Window(theme, title=deployment.platform.name if deployment.source else text("window.title"))
    window.closed.connect(lambda: application.exit(0))
    waiting = WaitingView(theme, text("window.opening"))
    waiting.cancelled.connect(window.close)
    window.show_view(waiting, waiting)
    window.show()

    def fault(error: BaseException) -> None:
        show_fault(error, window, log=write_log(error))

    def loaded(parts: ModuleType) -> None:
        opening = parts.real_opening(theme, engine, deployment, window=window)
        opening.ended.connect(application.exit)
        opening.open(practice=practice)

    former_hook = sys.excepthook

    def in_the_gui(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Tell the person of a fault in a slot: Qt goes on, so it is not told to the terminal."""
        if isinstance(error, Exception):
            fault(error)
        else:
            former_hook(kind, error, trace)

    sys.excepthook = in_the_gui
    try:
        with close_when_asked(window):
            # The window stands before the greater part of the program is read from the disk.
            rest = asyncio.to_thread(importlib.import_module, "sendwright.desktop.opening")
            engine.run(rest, owner=window, then=loaded, failed=fault)
            return application.exec()
    finally:
        sys.excepthook = former_hook
        engine.stop()


def make_application(arguments: list[str]) -> QApplication:
    """Return the Qt application, with Qt's own words in the language of ours."""
    # A browser that is loaded later shares what is drawn with; Qt has to know that before there is an application.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
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
