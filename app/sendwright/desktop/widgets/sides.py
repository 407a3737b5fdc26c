"""The same test from two places, side by side: what differs stands on top."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.stages import LOOKS, duration
from sendwright.desktop.widgets.words import label, line
from sendwright.diagnosis.stage import Verdict
from sendwright.diagnosis.two_sides import Finding, Row, TwoSides
from sendwright.texts import has, text

_STAGE, _DESK, _BACKEND = range(3)


class SidesTable(QFrame):
    """One sentence that says where the places part, then a row for each stage with what either place saw.

    told: the sentence stands elsewhere on the page already.
    """

    def __init__(self, theme: Theme, sides: TwoSides, *, told: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text("two_sides.title"))
        self.setAccessibleDescription(sides.sentence)
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(2), tokens.units(2), tokens.units(2))
        layout.setSpacing(tokens.units(1.5))
        layout.addWidget(label(text("two_sides.title") if told else sides.sentence, role="label"))
        for difference in sides.differences:
            words = text(f"two_sides.differs.{difference.fact}")
            seen = text("two_sides.seen", what=words, desk=difference.desk, backend=difference.backend)
            layout.addWidget(Note(theme, seen, tone="warning"))
        layout.addLayout(self._table(sides))
        if sides.finding is not Finding.NOTHING_COMPARED and sides.desk_went_less_far:
            layout.addWidget(label(text("two_sides.no-password"), role="muted"))

    def _table(self, sides: TwoSides) -> QGridLayout:
        tokens = self._theme.tokens
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.units(1))
        grid.setVerticalSpacing(tokens.units(1))
        for column, name in ((_DESK, "two_sides.desk"), (_BACKEND, "two_sides.backend")):
            grid.addWidget(label(text(name), role="small"), 0, column)
        number = 1
        differing = [row for row in sides.rows if row.differs]
        alike = [row for row in sides.rows if not row.differs]
        for row in (*differing, None, *alike) if differing and alike else sides.rows:
            if row is None:
                grid.addWidget(line(), number, _STAGE, 1, _BACKEND + 1)
            else:
                self._add(grid, number, row)
            number += 1
        for column in (_STAGE, _DESK, _BACKEND):
            grid.setColumnStretch(column, 1)
        return grid

    def _add(self, grid: QGridLayout, number: int, row: Row) -> None:
        key = f"stages.{row.stage}.label"
        name = text(key) if has(key) else row.stage
        grid.addWidget(label(name, role="label" if row.differs else "body"), number, _STAGE)
        grid.addWidget(self._cell(name, row.desk, row.desk_ms, text("two_sides.desk")), number, _DESK)
        grid.addWidget(self._cell(name, row.backend, row.backend_ms, text("two_sides.backend")), number, _BACKEND)

    def _cell(self, stage: str, verdict: Verdict, took_ms: float, place: str) -> QWidget:
        cell = QWidget()
        across = QHBoxLayout(cell)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(self._theme.tokens.units(0.5))
        words = text(f"window.state.{verdict}")
        if verdict is not Verdict.NOT_REACHED:
            words = text("window.state-took", state=words, took=duration(took_ms))
        across.addWidget(Drawing(self._theme, *LOOKS[verdict]), 0, Qt.AlignmentFlag.AlignTop)
        said = label(words, role="muted")
        said.setAlignment(Qt.AlignmentFlag.AlignTop)
        across.addWidget(said, 1)
        cell.setAccessibleName(text("two_sides.cell", stage=stage, place=place, state=words))
        return cell
