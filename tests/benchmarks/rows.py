"""The benchmarks there are, in the order of the table."""

from collections.abc import Sequence

from tests.benchmarks import command_start, explaining, filtered_host, first_page, idling, notifications
from tests.benchmarks.row import Row

ROWS = (
    Row(
        name="first-page",
        says="the wizard's first painted page and its memory, against a bare PySide6 window",
        measure=first_page.measure,
    ),
    Row(
        name="filtered-host",
        says="finding out that a host is behind a filter, against one connect timeout",
        measure=filtered_host.measure,
        runs=3,
    ),
    Row(
        name="notifications",
        says="notifications through the backend, against aiosmtplib and smtp-source into the same sink",
        measure=notifications.measure,
        needs=("smtp-sink", "smtp-source", "stunnel4"),
        runs=3,
    ),
    Row(name="idle", says="what the backend costs while it has nothing to do", measure=idling.measure),
    Row(name="explain", says="what a text means, per kilobyte", measure=explaining.measure),
    Row(
        name="start",
        says="start of the command line, against an interpreter that does nothing",
        measure=command_start.measure,
    ),
)


def chosen(names: Sequence[str], rows: Sequence[Row] = ROWS) -> tuple[Row, ...]:
    """Return the rows called `names`, all where there are none. Raises KeyError with an unknown name."""
    known = {row.name: row for row in rows}
    return tuple(known[name] for name in names) if names else tuple(rows)
