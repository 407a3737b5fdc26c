"""Searches plain text for clues: names first, then line by line what servers, sockets and certificates say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.below_mail import WordReader
from sendwright.problems.pasted.clue import Clue, Clues
from sendwright.problems.pasted.google_words import find_google_words
from sendwright.problems.pasted.lines import Line, lines_of
from sendwright.problems.pasted.names import find_names
from sendwright.problems.pasted.pages import find_page
from sendwright.problems.pasted.phrases import REFUSED_WORDS, present
from sendwright.problems.pasted.replies import ReplyReader
from sendwright.problems.pasted.success import went_well

_OF_RECIPIENT = re.compile(r"\b([0-9A-Za-z]{5,20}): to=<([^<>\s]{1,320})>")
_SENT, _DEFERRED = ("status=sent", "stat=sent"), ("status=deferred", "stat=deferred")


@dataclass(frozen=True, kw_only=True)
class Found:
    """clues: what may tell of problems, in the order of the text. went_well: how many lines tell of success."""

    clues: tuple[Clue, ...] = ()
    went_well: int = 0


def search(text: str) -> Found:
    """Return what stands in `text`, which is lines of printable characters. Time grows with its length, no faster."""
    low = text.casefold()
    clues = Clues()
    clues.extend(find_names(text))
    clues.extend(find_page(text))
    replies, words = ReplyReader(low=low), WordReader(low=low)
    well = 0
    lines = tuple(lines_of(text))
    sent = _sent(lines) if any(sign in low for sign in _SENT) else {}
    for line in lines:
        if sent and _passed(line, sent):
            well += 1
            continue
        web = words.web(line)
        found = list(_in_line(line, replies, words)) if web is None else [clue for clue in (web[1],) if clue]
        clues.extend(found)
        well += not found and (web is not None or went_well(line.text))
    told = clues.all() or tuple(find_google_words(text)) or tuple(_refused(low))
    return Found(clues=told, went_well=well)


def _refused(low: str) -> Iterator[Clue]:
    """Yield what a client says of a refusal whose own words are not there: with them it would say nothing new."""
    for words in present(REFUSED_WORDS, low):
        seen = Evidence(stage="sign-in", system=System.SMTP, condition=REFUSED_WORDS[words])
        yield Clue(evidence=seen, place=low.find(words), matched=words)


def _in_line(line: Line, replies: ReplyReader, words: WordReader) -> Iterator[Clue]:
    placed = list(replies.read(line))
    until = min((place for place, clue in placed if clue.evidence.reply is not None), default=None)
    below = list(words.read(line, until=until))
    # `dsn=4.4.1 … (connect to mx: Connection refused)`: the mail program's own code only sums up the cause.
    yield from (clue for _, clue in placed if clue.evidence.reply is not None or not below)
    yield from below


def _sent(lines: Iterable[Line]) -> Mapping[tuple[str, str], int]:
    """Return queue number and recipient of what a log says was delivered in the end, and where it says so."""
    found = ((_OF_RECIPIENT.search(line.text), line) for line in lines if _says(line, _SENT))
    return {(match[1], match[2]): line.place for match, line in found if match}


def _passed(line: Line, sent: Mapping[tuple[str, str], int]) -> bool:
    """Tell whether `line` is a deferral of what was delivered later: it has passed by itself."""
    match = _OF_RECIPIENT.search(line.text) if _says(line, _DEFERRED) else None
    return match is not None and sent.get((match[1], match[2]), -1) > line.place


def _says(line: Line, signs: tuple[str, ...]) -> bool:
    low = line.text.casefold()
    return any(sign in low for sign in signs)
