"""The fields of a screen as a column, with what is advanced folded away."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.field import FieldRow
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.scrolling import bring_up
from sendwright.screens import Field, Notice, Rejected
from sendwright.texts import text

_UNUSED = {"", "false"}


class Fields(QWidget):
    """Rows by name, in reading order."""

    edited = Signal()

    def __init__(
        self, theme: Theme, fields: tuple[Field, ...], reading: Reading, notices: tuple[Notice, ...] = ()
    ) -> None:
        super().__init__()
        self._reading = reading
        self.rows: dict[str, FieldRow] = {}
        gap = theme.tokens.units(2.5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        self._fold: Fold | None = None
        advanced = [field for field in fields if field.advanced]
        for field in fields:
            if not field.advanced:
                layout.addWidget(self._row(theme, field))
        if advanced:
            folded = QWidget()
            below = QVBoxLayout(folded)
            below.setContentsMargins(0, 0, 0, 0)
            below.setSpacing(gap)
            for field in advanced:
                below.addWidget(self._row(theme, field))
            used = any(_is_used(field) for field in advanced)
            self._fold = Fold(theme, text("window.advanced"), folded, opened=used)
            layout.addWidget(self._fold)
        if not fields:
            self.hide()
        self.show_notices(notices)

    def values(self) -> dict[str, str]:
        """Return what stands in the fields."""
        return {name: row.value for name, row in self.rows.items()}

    def put(self, values: Mapping[str, str]) -> None:
        """Fill fields by name."""
        for name, value in values.items():
            if name in self.rows:
                self.rows[name].put(value)
                self.rows[name].show_error("")

    def show_rejection(self, rejected: Rejected) -> tuple[str, ...]:
        """Mark the wrong fields and go to the first, with its reason in sight.

        Return the words of what belongs to no field here.
        """
        wrong = {name: text(key, **rejected.values) for name, key in rejected.fields.items()}
        for name, row in self.rows.items():
            row.show_error(wrong.get(name, ""))
        first = next((name for name in self.rows if name in wrong), None)
        if first is not None:
            self.focus_field(first)
            bring_up(self.rows[first])
        return tuple(words for name, words in wrong.items() if name not in self.rows)

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show remarks at their fields."""
        for name, row in self.rows.items():
            row.show_notices(tuple(notice for notice in notices if notice.field == name))

    def focus_field(self, name: str) -> None:
        """Move the keyboard to the field, unfolding it where needed; nothing where there is none of that name."""
        row = self.rows.get(name)
        if row is None:
            return
        if row.field.advanced and self._fold is not None:
            self._fold.open()
        row.take_focus()

    def take_focus(self) -> None:
        """Move the keyboard to the first empty field, else to the first."""
        rows = [row for row in self.rows.values() if not row.field.advanced]
        empty = next((row for row in rows if not row.value and not row.field.kept), None)
        target = empty or next(iter(rows), None)
        if target is not None:
            target.take_focus()

    def _row(self, theme: Theme, field: Field) -> FieldRow:
        row = FieldRow(theme, field, self._reading)
        row.edited.connect(self.edited)
        self.rows[field.name] = row
        return row


def _is_used(field: Field) -> bool:
    """Whether something else than the usual stands in a field; of a choice that is its first option."""
    usual = {option.value for option in field.options[:1]}
    return field.value not in _UNUSED | usual
