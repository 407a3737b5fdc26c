"""One thing in a text that may tell of a problem."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.rule import normalise

MOST_FINAL, MOST_DEFERRED = 200, 100
"""Different clues that are followed up: what a text costs must not depend on how many it holds."""

_TEMPORARY = 4
_COMPARED = 160


@dataclass(frozen=True, kw_only=True)
class Clue:
    """What was seen, and where.

    place: its order in the text; later is larger. others: systems that may have said it too, tried in this order
    where the first means nothing. matched: how it stands in the text, the evidence's own code when empty.
    """

    evidence: Evidence
    place: int
    others: tuple[System, ...] = field(default=())
    matched: str = ""

    @property
    def deferred(self) -> bool:
        """Whether a server said that it may pass by itself."""
        reply, enhanced = self.evidence.reply, self.evidence.enhanced
        return reply // 100 == _TEMPORARY if reply is not None else (enhanced or "").startswith("4.")


class Clues:
    """Collects different clues, each once, and no more than can be followed up."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Clue] = {}
        self._deferred = 0

    def add(self, clue: Clue) -> bool:
        """Keep `clue` unless its like is kept already; tell whether it was new and is kept."""
        seen = clue.evidence
        said = normalise(seen.text[:_COMPARED])
        key = (
            seen.system, seen.stage, seen.code, seen.reply, seen.enhanced, seen.number, seen.error, seen.reason,
            seen.condition, said,
        )  # fmt: skip
        if key in self._kept:
            self._kept[key] = replace(self._kept[key], place=clue.place)  # the last time counts
            return False
        deferred, most = (self._deferred, MOST_DEFERRED) if clue.deferred else (self._final, MOST_FINAL)
        if deferred >= most:
            return False
        self._kept[key] = clue
        self._deferred += clue.deferred
        return True

    def extend(self, clues: Iterable[Clue]) -> None:
        """Add all of `clues`."""
        for clue in clues:
            self.add(clue)

    def all(self) -> tuple[Clue, ...]:
        """Return what was kept, in the order of the text."""
        return tuple(sorted(self._kept.values(), key=lambda clue: clue.place))

    @property
    def _final(self) -> int:
        return len(self._kept) - self._deferred
