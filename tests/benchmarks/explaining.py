"""How long it takes to say what a text means, per kilobyte of it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.line import Line

from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted import understand

LOG = """\
Mar  3 09:14:07 mail postfix/smtp[2101]: 4F1C2: to=<ana@example.org>, relay=mx.example.org[192.0.2.7]:25, delay=0.9,
 status=bounced (host mx.example.org[192.0.2.7] said: 550 5.1.1 <ana@example.org>: Recipient address rejected)
Mar  3 09:14:08 mail postfix/smtp[2101]: connect to mx.example.com[192.0.2.9]:25: Connection timed out
Mar  3 09:14:09 mail postfix/smtp[2101]: SASL authentication failed; server said: 535 5.7.8 Error: authentication failed
"""
REPORTS = Path(__file__).parent.parent / "explanations" / "reports"
REFUSED = Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8", text="authentication failed")
SHORT_KB, LONG_KB = 10, 1000
ROUND_S = 0.3


def measure(runs: int) -> Iterator[Line]:
    """Explain long and short texts of several kinds in turns; then a report as it comes, and classify one reply."""
    for what, text in _kinds():
        yield _constant(what, text, runs)
    report = (REPORTS / "exchange-online.eml").read_bytes()
    yield Line(
        what="explain a delivery report of 3 kB",
        unit="ms",
        ours=tuple(_each_us(lambda: understand(report)) / 1000 for _ in range(runs)),
    )
    yield Line(
        what="classify one reply", unit="µs", ours=tuple(_each_us(lambda: classify(REFUSED)) for _ in range(runs))
    )


def _kinds() -> Iterator[tuple[str, Callable[[int], str]]]:
    yield "a log", lambda size: (LOG * (size // len(LOG) + 1))[:size]
    yield "different refusals", lambda size: "".join(_refusals(size))[:size]
    yield "JSON that never ends", lambda size: ('{"error":' * (size // 9 + 1))[:size]
    yield "nested parts", lambda size: "".join(_nested(size))[:size]


def _constant(what: str, text: Callable[[int], str], runs: int) -> Line:
    short, long = text(SHORT_KB * 1000), text(LONG_KB * 1000)
    turns = [
        (_each_us(lambda: understand(long)) / LONG_KB, _each_us(lambda: understand(short)) / SHORT_KB)
        for _ in range(runs + 1)
    ]
    ours, theirs = zip(*turns[1:], strict=True)
    return Line(
        what=f"explain {what} of {LONG_KB} kB, per kB",
        unit="µs",
        ours=ours,
        against=f"{SHORT_KB} kB of it",
        theirs=theirs,
        aim="about 1 or less",
        note="no more per kB of a long text than of a short one: nobody can make it slow by pasting more",
    )


def _refusals(size: int) -> Iterator[str]:
    """Yield lines of which no two are the same, as somebody would write them who wants it to be slow."""
    for number in range(size // 20):
        yield f"{400 + number % 158} {4 + number % 2}.{number % 8}.{number % 700} mail refused {number}\n"


def _nested(size: int) -> Iterator[str]:
    for number in range(size // 40):
        yield f"Content-Type: multipart/mixed; boundary=b{number}\nMIME-Version: 1.0\n\n--b{number}\n"


def _each_us(work: Callable[[], object]) -> float:
    """Repeat `work` for a while; return microseconds for one."""
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < ROUND_S:
        work()
        count += 1
    return took / count * 1e6
