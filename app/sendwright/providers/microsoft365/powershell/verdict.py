"""What is said of a line of output, and what a whole output shows."""

from enum import StrEnum

import msgspec

from sendwright.document.blocks import Line, Mark


class Shown(StrEnum):
    """What output shows of what was wished for."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTLY = "partly"  # nothing is wrong, but something could not be read, or has to be looked at
    NOTHING = "nothing"  # none of the known cmdlets printed it


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A remark on one line. name: its words are `microsoft365.powershell.findings.<name>`."""

    line: int
    mark: Mark
    name: str
    values: dict[str, str] = {}


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What some records show. rights: by name, whether they are there; what cannot be known is absent."""

    findings: tuple[Finding, ...] = ()
    rights: dict[str, bool] = {}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What pasted output shows.

    lines: all of it, marked, with a sentence why. shown: in a word. rights: `send-as`, `send-on-behalf`, `full-access`,
    `scope` (the application may send as the mailbox), `limited` (and not as the control mailbox), `copies`, `smtp`.
    shortened: not all of it was read.
    """

    lines: tuple[Line, ...] = ()
    shown: Shown = Shown.NOTHING
    rights: dict[str, bool] = {}
    shortened: bool = False


def good(line: int, name: str, **values: str) -> Finding:
    """Return a remark on something that is as it should be."""
    return Finding(line=line, mark=Mark.GOOD, name=name, values=values)


def attention(line: int, name: str, **values: str) -> Finding:
    """Return a remark on something to be looked at."""
    return Finding(line=line, mark=Mark.ATTENTION, name=name, values=values)


def wrong(line: int, name: str, **values: str) -> Finding:
    """Return a remark on something that has to be changed."""
    return Finding(line=line, mark=Mark.WRONG, name=name, values=values)
