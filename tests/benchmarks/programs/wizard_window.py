"""Starts the wizard as `sendwright` without words does, and watches its window or its first page."""

import sys

from painted import FirstPaint
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from sendwright.__main__ import main
from sendwright.desktop import app


class Sight(QObject):
    """Sees every paint of the program. page: wait for the first page of the wizard, not for the window alone."""

    def __init__(self, parent: QObject, *, page: bool) -> None:
        super().__init__(parent)
        self._page = page
        self._hook = FirstPaint(parent)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and isinstance(widget, QWidget) and widget.objectName() == "page":
            wanted = hasattr(widget, "answer") or not self._page
            if wanted:
                self._hook.eventFilter(widget, event)
                self._page = True
        return False


def watched(*, page: bool) -> None:
    """Let the application be watched from its making; what is looked for ends the program when it is painted."""
    make = app.make_application

    def make_and_watch(arguments: list[str]) -> object:
        application = make(arguments)
        application.installEventFilter(Sight(application, page=page))
        return application

    app.make_application = make_and_watch  # type: ignore[assignment]


if __name__ == "__main__":
    watched(page=sys.argv[1:] == ["page"])
    sys.argv = ["sendwright"]
    sys.exit(main())
