"""Opens the window and keeps it until it is closed."""

import sys

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from sendwright.deployment import Deployment
from sendwright.desktop.engine import Engine
from sendwright.desktop.opening import Opening
from sendwright.desktop.theme.theme import Theme
from sendwright.texts import language


def open_window(deployment: Deployment, *, practice: str | None) -> int:
    """Open the wizard and return the exit code when its window is closed.

    practice: name of the scenario of the simulated servers; None is real, an empty name the usual course.
    """
    application = make_application(sys.argv[:1])
    theme = Theme(application, accent=deployment.platform.accent)
    engine = Engine()
    opening = Opening(theme, engine, deployment)
    opening.open(practice=practice)
    try:
        return application.exec()
    finally:
        opening.close()
        engine.stop()


def make_application(arguments: list[str]) -> QApplication:
    """Return the Qt application, with Qt's own words in the language of ours."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(arguments)
    application.setApplicationName("sendwright")
    application.setStyle("Fusion")
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language()), "qtbase", "_", folder):
        application.installTranslator(translator)
    return application
