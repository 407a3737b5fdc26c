"""The map of the ways out of the network: a row for each port, a column for each route, and what it means."""

from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.words import label
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import Route, Verdict, Way
from sendwright.network.wall.words import concerns_firewall, firewall_request, headline, remarks, row_name, state, sure
from sendwright.problems.explanation import explain
from sendwright.texts import text

LOOKS: Final = MappingProxyType(
    {
        Verdict.OPEN: ("passed", "passed"),
        Verdict.REFUSED: ("failed", "failed"),
        Verdict.SILENT: ("failed", "failed"),
        Verdict.UNREACHABLE: ("failed", "failed"),
        Verdict.ALTERED: ("warning", "warning"),
        Verdict.NOT_TRIED: ("not-reached", "muted"),
    }
)
"""Drawing and colour of each verdict; its word always stands beside it."""


class WallCard(QFrame):
    """One sentence, the table, what was found, and the text for the firewall team folded below.

    told: code of the problem that the page is about already.
    """

    def __init__(self, theme: Theme, wall: Wall, *, told: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.spoken = headline(wall)
        self.setAccessibleName(text("wall.title"))
        self.setAccessibleDescription(self.spoken)
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(2), tokens.units(2), tokens.units(2))
        layout.setSpacing(tokens.units(1.5))
        layout.addWidget(label(self.spoken, role="label"))
        for problem in wall.problems:
            if problem.code != told:
                note = Note(theme, sure(problem), tone="warning")
                note.below.addWidget(label(explain(problem).what))
                layout.addWidget(note)
        layout.addLayout(self._table(wall))
        said = QVBoxLayout()
        said.setSpacing(tokens.units(0.5))
        for remark in remarks(wall):
            said.addWidget(label(remark, role="muted"))
        layout.addLayout(said)
        self.request: Fold | None = None
        if concerns_firewall(wall):
            box = CopyBox(theme, firewall_request(wall), what=text("wall.firewall-what"))
            self.request = Fold(theme, text("wall.firewall-title"), box)
            layout.addWidget(self.request)

    def _table(self, wall: Wall) -> QGridLayout:
        tokens = self._theme.tokens
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.units(1))
        grid.setVerticalSpacing(tokens.units(1))
        headings = (text("wall.port"), *(text(f"wall.routes.{route}") for route in Route))
        for column, heading in enumerate(headings):
            grid.addWidget(label(heading, role="small"), 0, column, Qt.AlignmentFlag.AlignBottom)
            grid.setColumnStretch(column, 3 if column else 2)
        for number, (host, port) in enumerate(wall.rows, start=1):
            asked = (host, port) == (wall.host, wall.port)
            name = row_name(wall, host, port)
            grid.addWidget(label(name, role="label" if asked else "body"), number, 0, Qt.AlignmentFlag.AlignTop)
            ways = {way.route: way for way in wall.ways if (way.host, way.port) == (host, port)}
            for column, route in enumerate(Route, start=1):
                if route in ways:
                    grid.addWidget(self._cell(name, ways[route], wall), number, column, Qt.AlignmentFlag.AlignTop)
        return grid

    def _cell(self, port: str, way: Way, wall: Wall) -> QWidget:
        cell = QWidget()
        across = QHBoxLayout(cell)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(self._theme.tokens.units(0.5))
        across.addWidget(Drawing(self._theme, *_look(way, wall)), 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(label(text(f"wall.verdicts.{way.verdict}"), role="muted"), 1)
        route = text(f"wall.routes.{way.route}")
        cell.setAccessibleName(text("wall.cell", port=port, route=route, state=state(way)))
        return cell


def _look(way: Way, wall: Wall) -> tuple[str, str]:
    """Return drawing and colour: red is only what shows a problem, or is in question and open nowhere."""
    drawing, colour = LOOKS[way.verdict]
    alike = [other for other in wall.ways if (other.host, other.port) == (way.host, way.port)]
    in_question = (way.host, way.port) == (wall.host, wall.port) and not any(other.connected for other in alike)
    if colour == "failed" and not in_question and way.problem not in {problem.code for problem in wall.problems}:
        return drawing, "muted"
    return drawing, colour
