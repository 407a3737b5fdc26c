"""The fields of a screen as a column, with what is advanced folded away."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.field import FieldRow
from sendwright.desktop.widgets.fold import Fold
from sendwright.screens import Field, Notice, Rejected
from sendwright.texts import text


class Fields(QWidget):
    """Rows by name, in reading order."""

    edited = Signal()

    def __init__(self, theme: Theme, fields: tuple[Field, ...]) -> None:
        super().__init__()
        self.rows: dict[str, FieldRow] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.tokens.units(2))
        folded = QWidget()
        below = QVBoxLayout(folded)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.tokens.units(2))
        self._fold: Fold | None = None
        for field in fields:
            row = FieldRow(theme, field)
            row.edited.connect(self.edited)
            self.rows[field.name] = row
            (below if field.advanced else layout).addWidget(row)
        advanced = [field for field in fields if field.advanced]
        if advanced:
            used = any(field.value not in {"", "false"} for field in advanced)
            self._fold = Fold(theme, text("window.advanced"), folded, opened=used)
            layout.addWidget(self._fold)
        else:
            folded.deleteLater()

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
        """Mark the wrong fields and go to the first; return the words of what belongs to no field here."""
        others = []
        first: FieldRow | None = None
        for name, row in self.rows.items():
            key = rejected.fields.get(name)
            row.show_error(text(key, **rejected.values) if key else "")
            if key and first is None:
                first = row
        for name, key in rejected.fields.items():
            if name not in self.rows:
                others.append(text(key, **rejected.values))
        if first is not None:
            self.focus_row(first)
        return tuple(others)

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show remarks at their fields."""
        for name, row in self.rows.items():
            row.show_notices(tuple(notice for notice in notices if notice.field == name))

    def focus_row(self, row: FieldRow) -> None:
        """Move the keyboard to a row, unfolding it where needed."""
        if row.field.advanced and self._fold is not None:
            self._fold.button.setChecked(True)
        row.take_focus()

    def take_focus(self) -> None:
        """Move the keyboard to the first empty field, else to the first."""
        rows = [row for row in self.rows.values() if not row.field.advanced]
        empty = next((row for row in rows if not row.value and not row.field.kept), None)
        target = empty or (rows[0] if rows else None)
        if target is not None:
            target.take_focus()
