"""Searches plain text for clues: names first, then line by line what servers, sockets and certificates say."""

from collections.abc import Iterator
from dataclasses import dataclass

from sendwright.problems.pasted.below_mail import WordReader
from sendwright.problems.pasted.clue import Clue, Clues
from sendwright.problems.pasted.lines import Line, lines_of
from sendwright.problems.pasted.names import find_names
from sendwright.problems.pasted.replies import ReplyReader
from sendwright.problems.pasted.success import went_well


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
    replies, words = ReplyReader(low=low), WordReader(low=low)
    well = 0
    for line in lines_of(text):
        web = words.web(line)
        found = list(_in_line(line, replies, words)) if web is None else [clue for clue in (web[1],) if clue]
        clues.extend(found)
        well += not found and (web is not None or went_well(line.text))
    return Found(clues=clues.all(), went_well=well)


def _in_line(line: Line, replies: ReplyReader, words: WordReader) -> Iterator[Clue]:
    placed = list(replies.read(line))
    until = min((place for place, clue in placed if clue.evidence.reply is not None), default=None)
    below = list(words.read(line, until=until))
    # `dsn=4.4.1 … (connect to mx: Connection refused)`: the mail program's own code only sums up the cause.
    yield from (clue for _, clue in placed if clue.evidence.reply is not None or not below)
    yield from below
