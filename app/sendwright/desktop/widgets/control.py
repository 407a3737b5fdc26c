"""The control of each kind of field, with one way to read, write and watch it."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.screens import Field


class Watch(QObject):
    """Tells that the person changed a value."""

    changed = Signal()


class Control(Protocol):
    """Holds one value as a str. widget: what is laid out; focus: what the keyboard goes to."""

    widget: QWidget
    focus: QWidget

    def value(self) -> str:
        """Return what stands in it."""
        ...

    def put(self, value: str) -> None:
        """Put `value` into it; this is no change by the person."""
        ...


class MakeControl(Protocol):
    """Makes the control of a field."""

    def __call__(self, theme: Theme, field: Field, watch: Watch) -> Control:
        """Return a control that holds the field's value."""
        ...
