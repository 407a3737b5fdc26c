"""The table of a two-sided test for a terminal: what differs stands on top."""

from collections.abc import Callable

from rich.table import Table
from rich.text import Text

from sendwright.cli.render import stage_label
from sendwright.diagnosis.stage import Verdict
from sendwright.diagnosis.two_sides import TwoSides
from sendwright.texts import text

Cell = Callable[[Verdict, float, str | None], Text]
"""Draws what one place saw of a stage: its verdict, the milliseconds it took, the code of its problem."""


def sides_table(sides: TwoSides, cell: Cell) -> Table:
    """Return one row for each stage, with a `cell` for the desk and one for the backend."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", text("two_sides.desk"), text("two_sides.backend")):
        table.add_column(heading)
    for row in sides.differences_first:
        table.add_row(
            Text(stage_label(row.stage), style="bold" if row.differs else ""),
            cell(row.desk, row.desk_ms, row.desk_problem),
            cell(row.backend, row.backend_ms, row.backend_problem),
        )
    return table
