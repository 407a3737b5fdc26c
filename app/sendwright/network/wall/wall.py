"""The map of the ways out, as data and as the JSON object `sendwright.network/1`."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from sendwright.network.wall.way import Way
from sendwright.problems.explanation import Explanation, explain
from sendwright.problems.problem import Problem

SCHEMA: Final = "sendwright.network/1"


class Outcome(StrEnum):
    """What the map says of the whole: mail can leave, it can with a remark, or it cannot as it should."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


class Wall(msgspec.Struct, frozen=True, kw_only=True):
    """What a network lets through to one mail server.

    at: aware, when it was drawn. port: the one in question, 0 where none is. addresses: of the host. own: addresses of
    this computer on the way there. proxy: place of the proxy without its login, empty without one. problems: the one to
    act on first comes first.
    """

    host: str
    at: datetime
    outcome: Outcome
    ways: tuple[Way, ...]
    problems: tuple[Problem, ...] = ()
    port: int = 0
    addresses: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    proxy: str = ""

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each row of the map, in order."""
        return tuple(dict.fromkeys((way.host, way.port) for way in self.ways))


class WallReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `doctor network --json`; findings are problems as `doctor smtp --json` has them."""

    schema: str = SCHEMA
    host: str
    port: int
    verdict: Outcome
    at: datetime
    addresses: tuple[str, ...]
    proxy: str
    ways: tuple[Way, ...]
    findings: tuple[Explanation, ...]


def wall_report(wall: Wall) -> WallReport:
    """Return the map in the language in use."""
    return WallReport(
        host=wall.host,
        port=wall.port,
        verdict=wall.outcome,
        at=wall.at,
        addresses=wall.addresses,
        proxy=wall.proxy,
        ways=wall.ways,
        findings=tuple(explain(problem) for problem in wall.problems),
    )


def wall_from(report: object) -> Wall | None:
    """Return the map that a `wall_report` was made of, but for its problems; None for what is no such report.

    report: plain builtins, such as a diagnosis file holds.
    """
    try:
        read = msgspec.convert(report, WallReport)
    except msgspec.ValidationError:
        return None
    return Wall(
        host=read.host,
        at=read.at,
        outcome=read.verdict,
        ways=read.ways,
        port=read.port,
        addresses=read.addresses,
        proxy=read.proxy,
    )
