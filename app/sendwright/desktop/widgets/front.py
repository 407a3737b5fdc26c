"""Brings the window back to whoever was sent away to another one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def come_back(window: QWidget) -> None:
    """Ask for `window` to stand in front with the keyboard; where the desktop forbids that, it calls for attention.

    Windows and Wayland let no program take the keyboard from another one: there its entry lights up.
    """
    if not window.isVisible() or window.isActiveWindow():
        return
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
