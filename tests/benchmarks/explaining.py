"""How long it takes to say what a text means, per kilobyte of it."""

import time
from collections.abc import Callable, Iterator

from tests.benchmarks.line import Line

from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted import LONGEST, explain_text

LOG = """\
Mar  3 09:14:07 mail postfix/smtp[2101]: 4F1C2: to=<ana@example.org>, relay=mx.example.org[192.0.2.7]:25, delay=0.9,
 status=bounced (host mx.example.org[192.0.2.7] said: 550 5.1.1 <ana@example.org>: Recipient address rejected)
Mar  3 09:14:08 mail postfix/smtp[2101]: connect to mx.example.com[192.0.2.9]:25: Connection timed out
Mar  3 09:14:09 mail postfix/smtp[2101]: SASL authentication failed; server said: 535 5.7.8 Error: authentication failed
"""
REFUSED = Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8", text="authentication failed")
SHORT_KB, LONG_KB = 1, LONGEST // 1000
ROUND_S = 0.3


def measure(runs: int) -> Iterator[Line]:
    """Explain a short and a long log in turns; then classify one reply."""
    short, long = (_text(kilobytes * 1000) for kilobytes in (SHORT_KB, LONG_KB))
    turns = [
        (_each_us(lambda: explain_text(long)) / LONG_KB, _each_us(lambda: explain_text(short)) / SHORT_KB)
        for _ in range(runs + 1)
    ]
    ours, theirs = zip(*turns[1:], strict=True)
    yield Line(
        what=f"explain a log of {LONG_KB} kB, per kB",
        unit="µs",
        ours=ours,
        against=f"a log of {SHORT_KB} kB",
        theirs=theirs,
        aim="about 1",
        note="constant per kB means that nobody can make it slow by pasting more",
    )
    yield Line(
        what="classify one reply", unit="µs", ours=tuple(_each_us(lambda: classify(REFUSED)) for _ in range(runs))
    )


def _text(size: int) -> str:
    return (LOG * (size // len(LOG) + 1))[:size]


def _each_us(work: Callable[[], object]) -> float:
    """Repeat `work` for a while; return microseconds for one."""
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < ROUND_S:
        work()
        count += 1
    return took / count * 1e6
