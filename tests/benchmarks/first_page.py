"""How long until the wizard's first page is painted, and how much memory that takes."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from tests.benchmarks.line import Line
from tests.benchmarks.whole_process import PROGRAMS, own_home, run

BARE = "bare window"
BARE_PROGRAM = "bare_window"
WIZARD = (("wizard_window", "window"), ("wizard_window", "page"))
AIM = "≤ 1.3"
NOTE = (
    "whole processes, offscreen, first start of a new person, no keychain; against: a window of PySide6 with a label"
    " and a button"
)


def measure(runs: int) -> Iterator[Line]:
    """Start both windows in turns, once each uncounted."""
    with own_home() as environment:
        turns = [
            tuple(_painted(*words, environment=environment) for words in (*WIZARD, (BARE_PROGRAM,)))
            for _ in range(runs + 1)
        ]
    window, wizard, bare = zip(*turns[1:], strict=True)
    yield _line("first painted window", "ms", window, bare, field="ms", note=NOTE)
    yield _line("memory then, PSS", "MB", window, bare, field="pss_mb")
    yield _line("first painted page", "ms", wizard, bare, field="ms")
    yield _line("memory then, RSS", "MB", wizard, bare, field="rss_mb")
    yield _line("memory then, PSS", "MB", wizard, bare, field="pss_mb")
    yield _line("modules imported then", "", wizard, bare, field="modules", aim="")
    loaded = "yes" if any(each["web_engine"] for each in wizard) else "no"
    yield Line(what=f"QtWebEngine loaded then: {loaded}", unit="", aim="no")


def _line(
    what: str,
    unit: str,
    wizard: tuple[dict[str, Any], ...],
    bare: tuple[dict[str, Any], ...],
    *,
    field: str,
    aim: str = AIM,
    note: str = "",
) -> Line:
    ours, theirs = (tuple(float(each[field]) for each in those) for those in (wizard, bare))
    return Line(what=what, unit=unit, ours=ours, against=BARE, theirs=theirs, aim=aim, note=note)


def _painted(program: str, *words: str, environment: Mapping[str, str]) -> dict[str, Any]:
    began = time.monotonic_ns()
    ran = run((sys.executable, str(PROGRAMS / f"{program}.py"), *words), environment)
    if not ran.printed.strip():
        raise RuntimeError(f"{program} ended before it painted anything")
    report: dict[str, Any] = json.loads(ran.printed.splitlines()[-1])
    return {**report, "ms": (report["painted_at"] - began) / 1e6}
