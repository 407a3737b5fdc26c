"""What a benchmark is: a name, what it measures, and how."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.benchmarks.line import Line


class UnmeasurableError(Exception):
    """This machine lacks what the benchmark needs; the text says what."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A benchmark that can be run alone.

    measure: takes how many times to repeat and yields lines. needs: programs without which it cannot run. runs: how
    many times it is repeated when nothing else is asked for.
    """

    name: str
    says: str
    measure: Callable[[int], Iterable[Line]]
    needs: tuple[str, ...] = ()
    runs: int = 5

    def lines(self, runs: int | None) -> tuple[Line, ...]:
        """Measure. Raises UnmeasurableError."""
        missing = [program for program in self.needs if shutil.which(program) is None]
        if missing:
            raise UnmeasurableError(f"not installed: {', '.join(missing)}")
        return tuple(self.measure(runs or self.runs))
