"""Finds what can be seen in a widget."""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def words_of(widget: QWidget) -> list[str]:
    return [found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget)]


def button(widget: QWidget, words: str) -> QPushButton:
    return next(found for found in widget.findChildren(QPushButton) if found.text() == words)
