"""Shows in a terminal what is being waited for, and each stage as it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from rich.console import Console

from sendwright.cli.render import stage_label, stage_line
from sendwright.diagnosis.stage import StageResult
from sendwright.screens import Base, Stopped, Working
from sendwright.texts import has, text
from sendwright.world import Progress


@contextmanager
def waiting(out: Console, screen: Base) -> Iterator[Progress]:
    """Show what the answer to `screen` leads to while it is used; a file or a pipe gets the stages alone."""
    stages = screen.stages if isinstance(screen, Working | Stopped) else ()
    first = _words(screen.step, stages)
    if not first or not out.is_terminal:
        yield lambda result: out.print(stage_line(result))
        return
    following = dict(pairwise(stages))
    with out.status(first) as status:

        def show(result: StageResult) -> None:
            out.print(stage_line(result))
            if result.id in following:
                status.update(stage_label(following[result.id]))

        yield show


def _words(step: str, stages: tuple[str, ...]) -> str:
    if stages:
        return stage_label(stages[0])
    key = f"waiting.{step}"
    return text(key) if has(key) else ""
