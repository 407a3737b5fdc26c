"""Takes PowerShell apart as its own tokenizer does, as far as strings, comments and separators go.

Source: PowerShell/PowerShell, src/System.Management.Automation/engine/parser/tokenizer.cs and CharTraits.cs: which
signs are quotes, dashes and blanks, how strings end, where comments begin.
"""

from dataclasses import dataclass

SINGLE = "'\u2018\u2019\u201a\u201b"
DOUBLE = '"\u201c\u201d\u201e'
LINE_ENDS = "\r\n"
BREAKS_A_WORD = ";|&(){},"


@dataclass(frozen=True)
class Token:
    """kind: string, expandable, word, sign, comment, end-of-line, broken."""

    kind: str
    text: str


def tokens(line: str) -> list[Token]:
    """Return the tokens of a script."""
    found = []
    place = 0
    while place < len(line):
        sign = line[place]
        if sign in " \t\u00a0\u0085":
            place += 1
        elif sign in LINE_ENDS:
            found.append(Token("end-of-line", sign))
            place += 1
        elif sign == "#":
            end = _line_end(line, place)
            found.append(Token("comment", line[place:end]))
            place = end
        elif line.startswith("<#", place):
            end = line.find("#>", place)
            found.append(Token("comment", line[place:]))
            place = len(line) if end < 0 else end + 2
        elif sign in SINGLE:
            text, place, closed = _single(line, place + 1)
            found.append(Token("string" if closed else "broken", text))
        elif sign in DOUBLE:
            text, place, closed = _double(line, place + 1)
            found.append(Token("expandable" if closed else "broken", text))
        elif sign in BREAKS_A_WORD:
            found.append(Token("sign", sign))
            place += 1
        else:
            end = _word_end(line, place)
            found.append(Token("word", line[place:end]))
            place = end
    return found


def _single(line: str, place: int) -> tuple[str, int, bool]:
    """Two quotes in a row are one, the second of them; any of the quotes ends the string."""
    text = ""
    while place < len(line):
        if line[place] in SINGLE:
            if place + 1 < len(line) and line[place + 1] in SINGLE:
                text += line[place + 1]
                place += 2
                continue
            return text, place + 1, True
        text += line[place]
        place += 1
    return text, place, False


def _double(line: str, place: int) -> tuple[str, int, bool]:
    text = ""
    while place < len(line):
        if line[place] == "`":
            text += line[place : place + 2]
            place += 2
        elif line[place] in DOUBLE:
            return text, place + 1, True
        else:
            text += line[place]
            place += 1
    return text, place, False


def _word_end(line: str, place: int) -> int:
    while place < len(line) and line[place] not in f" \t\u00a0{LINE_ENDS}{BREAKS_A_WORD}{SINGLE}{DOUBLE}":
        place += 2 if line[place] == "`" else 1
    return min(place, len(line))


def _line_end(line: str, place: int) -> int:
    ends = [found for end in LINE_ENDS if (found := line.find(end, place)) >= 0]
    return min(ends, default=len(line))
