"""A scroll area that is as high as the words in it need at its width, and no higher."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from typing_extensions import override

from sendwright.desktop.widgets.field import FieldRow


class Column(QScrollArea):
    """Scrolls up and down only, and to whatever the keyboard reaches.

    (QScrollArea takes the height of wrapped labels at their narrowest for needed.)
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._begun_with: QWidget | None = None
        self._held = False
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    @override
    def setWidget(self, widget: QWidget) -> None:
        self._begun_with = None
        super().setWidget(widget)
        self.verticalScrollBar().setValue(0)
        widget.installEventFilter(self)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def begin_with(self, focused: QWidget) -> None:
        """Show the beginning, although the keyboard stands at `focused` already; its first key shows that."""
        focused.installEventFilter(self)
        self._begun_with = focused
        self.verticalScrollBar().setValue(0)

    def hold(self) -> None:
        """Stay at this place while parts of the page are drawn anew, wherever the keyboard goes in doing so."""
        self._held = True
        QTimer.singleShot(0, self, self._let_go)

    def _let_go(self) -> None:
        self._held = False

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
            self._show_error()
        elif watched is self._begun_with and event.type() == QEvent.Type.KeyPress:
            begun_with, self._begun_with = self._begun_with, None
            self._follow(None, begun_with)
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        widget = self.widget()
        if widget is None or (layout := widget.layout()) is None:
            return
        width = self.viewport().width()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        widget.setFixedHeight(max(height, self.viewport().height()))

    def _show_error(self) -> None:
        """Show what is said below a wrong field that has the keyboard: those words came after it."""
        row = now = QApplication.focusWidget()
        widget = self.widget()
        if now is None or widget is None or not now.property("invalid") or not widget.isAncestorOf(now):
            return
        while row is not None and not isinstance(row, FieldRow):
            row = row.parentWidget()
        layout = widget.layout()
        if row is not None and layout is not None:
            layout.activate()
            self.ensureWidgetVisible(row)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        widget = self.widget()
        if self._held or now is None or now is self._begun_with or widget is None or not widget.isAncestorOf(now):
            return
        self._begun_with = None
        room = self.viewport().rect()
        beginning = now.mapTo(self.viewport(), QPoint(0, 0)).y()
        if now.height() >= room.height() / 2:  # its beginning counts
            self.ensureVisible(0, now.mapTo(widget, QPoint(0, 0)).y())
        elif beginning < 0 or beginning + now.height() > room.height():
            self.ensureWidgetVisible(now)
