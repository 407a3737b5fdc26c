"""How many notifications the backend accepts and delivers, and what one costs, against programs that only send."""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from tests.benchmarks.handing_over import hand_over, one_sent_s, sent, until_sent
from tests.benchmarks.line import Line
from tests.benchmarks.mail_sink import HOST, MailSink, mail_sink
from tests.benchmarks.serving import AT_ONCE, SENDER, Serving, serving
from tests.benchmarks.whole_process import PROGRAMS, cpu_s, own_home, run

from sendwright.handoff.wire import NotificationRequest
from sendwright.message import compose_notification, encode

OURS, THEIRS, UNCOUNTED = 150, 1_000, 20
CLIENTS = 8
PAUSE_S = 12.0
LOOP, SOURCE = "aiosmtplib loop", "smtp-source"
WANTED = NotificationRequest(
    kind="comment",
    to="ana@example.com",
    subject="A comment on “Budget”",
    text="Could you look at the third table before Friday?\n\n" * 12,
    html="<p>Could you look at the <b>third table</b> before Friday?</p>\n" * 30,
)
NOTE = (
    f"all through TLS into one smtp-sink on this machine, {AT_ONCE} connections each, messages of one size; smtp-source"
    " knows no TLS, stunnel encrypts for it and is not counted; only the backend stores what it sends; its limit of"
    " 600 a minute is lifted"
)


class Rate(NamedTuple):
    """What one run came to; accepted: 0 where nothing is accepted before it is sent."""

    each_s: float
    cpu_ms: float
    accepted_each_s: float = 0.0


def measure(runs: int) -> Iterator[Line]:
    """Let the three send in turns."""
    with own_home() as environment, mail_sink() as sink, serving(environment, sink) as backend:
        content = _content()
        asyncio.run(_through_backend(backend, count=UNCOUNTED))
        turns = [
            (
                asyncio.run(_through_backend(backend, count=OURS)),
                _through_loop(sink, environment, content),
                _through_source(sink, environment, len(content)),
            )
            for _ in range(runs)
        ]
        ours, loop, source = zip(*turns, strict=True)
        accepted = tuple(rate.accepted_each_s for rate in ours)
        yield Line(what="accepted, durable (202)", unit="/s", ours=accepted, note=NOTE)
        for name, theirs in ((LOOP, loop), (SOURCE, source)):
            yield _line("delivered", "/s", ours, theirs, against=name, field="each_s")
        for name, theirs in ((LOOP, loop), (SOURCE, source)):
            yield _line("processor time for one", "ms", ours, theirs, against=name, field="cpu_ms")
        yield Line(
            what="one alone, from request to mail server",
            unit="ms",
            ours=tuple(asyncio.run(_alone(backend)) * 1000 for _ in range(runs)),
            note=f"after {PAUSE_S:g} s without any",
        )


def _line(what: str, unit: str, ours: tuple[Rate, ...], theirs: tuple[Rate, ...], *, against: str, field: str) -> Line:
    values = (tuple(getattr(rate, field) for rate in those) for those in (ours, theirs))
    return Line(what=what, unit=unit, against=against, **dict(zip(("ours", "theirs"), values, strict=True)))


async def _through_backend(backend: Serving, *, count: int) -> Rate:
    before, cpu_before = await sent(backend), cpu_s(backend.pid)
    began = asyncio.get_running_loop().time()
    accepted_s = await hand_over(backend, WANTED, count=count, at_once=CLIENTS)
    await until_sent(backend, before + count)
    took_s = asyncio.get_running_loop().time() - began
    return Rate(count / took_s, (cpu_s(backend.pid) - cpu_before) / count * 1000, count / accepted_s)


async def _alone(backend: Serving) -> float:
    await asyncio.sleep(PAUSE_S)
    return await one_sent_s(backend, WANTED)


def _through_loop(sink: MailSink, environment: Mapping[str, str], content: bytes) -> Rate:
    words = (str(sink.tls), str(sink.authority), SENDER, WANTED.to, str(THEIRS), str(AT_ONCE))
    ran = run((sys.executable, str(PROGRAMS / "smtp_loop.py"), *words), environment, given=content)
    report = json.loads(ran.printed)
    return Rate(THEIRS / report["wall_s"], report["cpu_s"] / THEIRS * 1000)


def _through_source(sink: MailSink, environment: Mapping[str, str], size: int) -> Rate:
    words = ("-d", "-s", str(AT_ONCE), "-m", str(THEIRS), "-l", str(size), "-f", SENDER, "-t", WANTED.to)
    ran = run(("smtp-source", *words, f"{HOST}:{sink.encrypting}"), environment)
    return Rate(THEIRS / ran.wall_s, ran.cpu_s / THEIRS * 1000)


def _content() -> bytes:
    """Return the message as the backend sends it."""
    message = compose_notification(
        sender=SENDER,
        alias="Example",
        recipient=WANTED.to,
        kind=WANTED.kind,
        kind_label=WANTED.kind,
        subject=WANTED.subject,
        message_id="<00000000-0000-4000-8000-000000000000@example.org>",
        written_at=datetime.now(UTC),
        platform_name="Example",
        text=WANTED.text,
        html=WANTED.html,
    )
    return encode(message, smtputf8=False)
