"""How long the command line takes to start."""

import sys
from collections.abc import Iterator

from tests.benchmarks.line import Line
from tests.benchmarks.whole_process import SENDWRIGHT, own_home, run

BARE = "python -c pass"
COMMANDS = {
    "sendwright --version": ("--version",),
    "sendwright --help": ("--help",),
    "sendwright explain 550": ("explain", "550 5.1.1 no such user"),
}


def measure(runs: int) -> Iterator[Line]:
    """Start each command in turns with an interpreter that does nothing, once each uncounted."""
    with own_home() as environment:
        for name, words in COMMANDS.items():
            turns = [
                (run((*SENDWRIGHT, *words), environment), run((sys.executable, "-c", "pass"), environment))
                for _ in range(runs + 1)
            ]
            ours, theirs = (tuple(each.wall_s * 1000 for each in those) for those in zip(*turns[1:], strict=True))
            yield Line(what=name, unit="ms", ours=ours, against=BARE, theirs=theirs)
