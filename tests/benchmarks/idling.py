"""What the backend costs while it has nothing to do."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from tests.benchmarks.line import Line
from tests.benchmarks.serving import Serving, serving
from tests.benchmarks.whole_process import cpu_s, memory_mb, own_home, wakeups

SETTLE_S = 15.0
WATCH_S = 4.0


class Idle(NamedTuple):
    """One look: processor time in per cent of a core, wake-ups of its threads a second, resident memory in MB."""

    cpu: float
    wakeups: float
    memory: float


def measure(runs: int) -> Iterator[Line]:
    """Start a backend, leave it alone, and watch it."""
    with own_home() as environment, serving(environment, None) as backend:
        time.sleep(SETTLE_S)
        looks = [_look(backend) for _ in range(runs)]
    cpu, woken, memory = zip(*looks, strict=True)
    yield Line(what="processor while idle", unit="% of a core", ours=cpu)
    yield Line(what="wake-ups while idle", unit="/s", ours=woken)
    yield Line(what="memory while idle, RSS", unit="MB", ours=memory)


def _look(backend: Serving) -> Idle:
    began, cpu_before, woken_before = time.perf_counter(), cpu_s(backend.pid), wakeups(backend.pid)
    time.sleep(WATCH_S)
    took_s = time.perf_counter() - began
    return Idle(
        cpu=(cpu_s(backend.pid) - cpu_before) / took_s * 100,
        wakeups=(wakeups(backend.pid) - woken_before) / took_s,
        memory=memory_mb(backend.pid),
    )
