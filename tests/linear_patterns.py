"""Proves of a regular expression, by its structure, that no text makes it look twice at much of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from re import _constants as c  # type: ignore[attr-defined]  # the parse tree has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Node = Any
"""A part of the parse tree, which has no type of its own."""

WIDE = 64
"""A repeat that may go on for at least so long counts as endless beside another one."""

_BEYOND = 128
_SPACES, _LETTERS, _OTHERS = _BEYOND, _BEYOND + 1, _BEYOND + 2
"""Stand for the characters that are not ASCII: blanks, letters and digits, the rest."""

ALL = frozenset(range(_OTHERS + 1))
_FOREIGN = frozenset({_SPACES, _LETTERS, _OTHERS})
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
_CATEGORIES = {
    c.CATEGORY_DIGIT: frozenset(map(ord, "0123456789")) | {_LETTERS},
    c.CATEGORY_SPACE: frozenset(map(ord, " \t\n\r\f\v\x1c\x1d\x1e\x1f")) | {_SPACES},
    c.CATEGORY_WORD: frozenset(code for code in range(_BEYOND) if chr(code).isalnum() or code == ord("_")) | {_LETTERS},
}
_PARTLY = {c.CATEGORY_DIGIT}
_CATEGORIES |= {
    getattr(c, str(name).replace("CATEGORY_", "CATEGORY_NOT_")): ALL
    - (found - (_FOREIGN if name in _PARTLY else set()))
    for name, found in _CATEGORIES.items()
}


@dataclass(frozen=True)
class Piece:
    """A part of an expression.

    begins: what it may begin with. holds: all it may hold. longest: turns of its widest repeat. tested: it may fail
    without holding anything.
    """

    begins: frozenset[int]
    holds: frozenset[int]
    nullable: bool
    longest: int
    endless: bool
    anchored: bool = False
    tested: bool = False


NOTHING = Piece(frozenset(), frozenset(), nullable=True, longest=0, endless=False, tested=True)


def complaints(pattern: re.Pattern[str], *, searched: bool) -> Iterator[str]:
    """Yield why `pattern` is not proven to take time linear in the text.

    searched: it is looked for anywhere (search, sub, finditer …), and not held against one place (match, fullmatch).
    Proven is what has no two wide repeats in a row of which the second could begin with what the first holds, no repeat
    whose next turn could begin with what ended the turn before, and, when searched, no endless repeat inside which the
    search could begin anew, unless nothing can fail behind it.
    """
    tree = list(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    yield from _rows(tree)
    if searched:
        yield from _restarts(tree)


def _rows(tree: Iterable[Any]) -> Iterator[str]:
    items = list(_flat(tree))
    for op, value in items:
        if op in _REPEATS:
            yield from _rows(value[2])
            if int(value[1]) > 1 and _alternates_with_itself(value[2]):
                yield "a repeat can share its characters with its own next turn"
        else:
            for inside in _inside(op, value):
                yield from _rows(inside)
    pieces = [_piece(item) for item in items]
    for position, piece in enumerate(pieces):
        if piece.longest < WIDE:
            continue
        for following in pieces[position + 1 :]:
            if following.longest >= WIDE and piece.holds & following.begins:
                yield "two wide repeats in a row can share characters"
                break
            if not following.nullable and not (following.begins & piece.holds):
                break


def _alternates_with_itself(tree: Iterable[Any]) -> bool:
    """Tell whether one turn of a repeat ends with a wide repeat that the next turn could go on with."""
    pieces = [_piece(item) for item in _flat(tree)]
    whole = _row(pieces)
    return bool(pieces) and any(
        piece.longest >= WIDE
        and piece.holds & whole.begins
        and all(later.nullable or later.begins & piece.holds for later in pieces[number + 1 :])
        for number, piece in enumerate(pieces)
    )


def _restarts(tree: Iterable[Any]) -> Iterator[str]:
    pieces = [_piece(item) for item in _flat(tree)]
    if pieces and pieces[0].anchored:
        return
    begins = _row(pieces).begins
    for number, piece in enumerate(pieces):
        last = all(later.nullable and not later.tested for later in pieces[number + 1 :])
        if piece.endless and piece.holds & begins and not last:
            yield "the search can begin anew inside an endless repeat"


def _flat(tree: Iterable[Any]) -> Iterator[Any]:
    """Yield the parts of a sequence, groups opened."""
    for op, value in tree:
        if op is c.SUBPATTERN:
            yield from _flat(value[3])
        elif op is c.ATOMIC_GROUP:
            yield from _flat(value)
        else:
            yield op, value


def _inside(op: Node, value: Node) -> Iterator[Any]:
    if op is c.SUBPATTERN:
        yield value[3]
    elif op is c.BRANCH:
        yield from value[1]
    elif op in (c.ASSERT, c.ASSERT_NOT):
        yield value[1]
    elif op is c.ATOMIC_GROUP:
        yield value
    elif op is c.GROUPREF_EXISTS:
        yield from filter(None, value[1:])


def _piece(item: Node) -> Piece:
    op, value = item
    if op in _REPEATS:
        inner = _row([_piece(part) for part in _flat(value[2])])
        least, most = int(value[0]), int(value[1])
        endless = value[1] is c.MAXREPEAT or inner.endless
        return Piece(inner.begins, inner.holds, least == 0 or inner.nullable, max(most, inner.longest), endless)
    if op is c.BRANCH:
        rows = [_row([_piece(part) for part in _flat(branch)]) for branch in value[1]]
        return Piece(
            frozenset().union(*(row.begins for row in rows)),
            frozenset().union(*(row.holds for row in rows)),
            nullable=any(row.nullable for row in rows),
            longest=max(row.longest for row in rows),
            endless=any(row.endless for row in rows),
            anchored=all(row.anchored for row in rows),
        )
    if op is c.AT:
        return replace(NOTHING, anchored=value in (c.AT_BEGINNING, c.AT_BEGINNING_STRING))
    if op in (c.ASSERT, c.ASSERT_NOT):
        return NOTHING
    if op in (c.GROUPREF, c.GROUPREF_EXISTS):
        return Piece(ALL, ALL, True, WIDE, True)
    found = _characters(op, value)
    return Piece(found, found, nullable=False, longest=1, endless=False)


def _row(pieces: Iterable[Piece]) -> Piece:
    """Return what a sequence is as one piece."""
    begins: frozenset[int] = frozenset()
    holds: frozenset[int] = frozenset()
    nullable, longest, endless, anchored = True, 0, False, False
    for piece in pieces:
        anchored = anchored or (nullable and piece.anchored and not holds)
        begins = begins | piece.begins if nullable else begins
        holds |= piece.holds
        nullable, longest, endless = nullable and piece.nullable, max(longest, piece.longest), endless or piece.endless
    return Piece(begins, holds, nullable, longest, endless, anchored)


def _characters(op: Node, value: Node) -> frozenset[int]:
    """Return the characters that a part can stand for, upper and lower case taken as the same."""
    if op is c.LITERAL:
        return _of_code(value)
    if op is c.NOT_LITERAL:
        return ALL - {value}
    if op is c.ANY:
        return ALL - {ord("\n")}
    found: set[int] = set()
    whole: set[int] = set()  # of what is not ASCII, the kinds that are meant altogether
    negated = False
    for part, inner in value:
        if part is c.NEGATE:
            negated = True
        elif part is c.LITERAL:
            found |= _of_code(inner)
        elif part is c.RANGE:
            found |= set(range(inner[0], min(inner[1], _BEYOND - 1) + 1))
            found |= _FOREIGN if inner[1] >= _BEYOND else set()
        elif part is c.CATEGORY:
            found |= _CATEGORIES[inner]
            whole |= _CATEGORIES[inner] & _FOREIGN if inner not in _PARTLY else set()
    return ALL - ((found - _FOREIGN) | whole) if negated else _both_cases(found)


def _of_code(code: int) -> frozenset[int]:
    return _both_cases({code}) if code < _BEYOND else _FOREIGN


def _both_cases(found: set[int]) -> frozenset[int]:
    letters = {code for code in found if code < _BEYOND and chr(code).isalpha()}
    return frozenset(found | {ord(chr(code).swapcase()) for code in letters})
