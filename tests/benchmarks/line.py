"""One line of the table: what was measured, again and again, and what it is compared with."""

import statistics
from typing import NamedTuple

import msgspec


class Spread(NamedTuple):
    """Several measurements of one thing."""

    median: float
    least: float
    most: float


def spread(values: tuple[float, ...]) -> Spread | None:
    """Return median, least and most; None where nothing was measured."""
    return Spread(statistics.median(values), min(values), max(values)) if values else None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    ours: one value per run, in `unit`. against, theirs: what it is compared with, measured in turns with ours.
    aim: what was hoped for, in words; nothing passes or fails. note: what a reader must know to judge it.
    """

    what: str
    unit: str
    ours: tuple[float, ...] = ()
    against: str = ""
    theirs: tuple[float, ...] = ()
    aim: str = ""
    note: str = ""

    @property
    def ratio(self) -> Spread | None:
        """Ours divided by theirs, run by run: a machine that slows down slows both."""
        pairs = zip(self.ours, self.theirs, strict=False)
        return spread(tuple(ours / theirs for ours, theirs in pairs if theirs))
