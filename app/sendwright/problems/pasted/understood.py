"""What a pasted text turned out to be, and what it speaks of."""

from enum import StrEnum

import msgspec

from sendwright.errors import SendwrightError
from sendwright.problems.problem import Problem


class PasteKind(StrEnum):
    """The form of a pasted text.

    code: a bare code or one short answer. log: lines that programs wrote. report: a non-delivery report (RFC 3464, or
    the words of a server that writes none). json: the body of an answer. url: the address of a browser.
    """

    CODE = "code"
    LOG = "log"
    REPORT = "report"
    JSON = "json"
    URL = "url"


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A problem and the piece of the text that it was recognised by."""

    problem: Problem
    matched: str


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """What a text means.

    matches: best first, each problem once; one `unrecognised` where nothing means anything to us; empty where the text
    is healthy. healthy: it tells of success and of nothing else. about: key of a label's text, and value, such as the
    server that reported. original: names and values of the header of the message that could not be delivered;
    they are never searched for problems.
    """

    kind: PasteKind
    matches: tuple[Match, ...] = ()
    healthy: bool = False
    about: tuple[tuple[str, str], ...] = ()
    original: tuple[tuple[str, str], ...] = ()


class PasteRefused(SendwrightError):
    """What was pasted cannot be read; `code` names why, and `explain.refused.<code>` says it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
