"""How much longer than one connect timeout it takes to find out that a host is behind a filter."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from tests.benchmarks.line import Line
from tests.benchmarks.whole_process import SENDWRIGHT, own_home, run
from tests.servers.ports import Address, black_hole

from sendwright.network.network import Network
from sendwright.network.resolver import MailExchanger, Service
from sendwright.network.trust import client_context
from sendwright.providers.custom_smtp.probe import SmtpProber
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings

TIMEOUT_S = 2.0
DOCTOR_TIMEOUT_S = 15.0  # the usual one of `sendwright doctor`
HOST = "mail.example.org"
AIM = "≤ 1.1"
BETWEEN_STARTS_S = 1.0  # whole programs that start side by side would slow each other down
FOUND_A_PROBLEM = 1


@dataclass(frozen=True)
class Known:
    """A resolver that knows the addresses of one host."""

    hosts: tuple[str, ...]

    async def addresses(self, host: str) -> tuple[str, ...]:
        return self.hosts

    async def mail_exchangers(self, domain: str) -> tuple[MailExchanger, ...]:
        return ()

    async def services(self, name: str) -> tuple[Service, ...]:
        return ()

    async def texts(self, name: str) -> tuple[str, ...]:
        return ()


def measure(runs: int) -> Iterator[Line]:
    """Knock at ports that answer nothing; runs only wait, so those of one line run side by side."""
    with ExitStack() as stack:
        environment = stack.enter_context(own_home())
        holes = [stack.enter_context(black_hole()) for _ in range(4)]
        also = stack.enter_context(black_hole("::1", holes[0].port))
        hole = holes[0]
        yield _against_bare("connect, one address", lambda: _connect([hole]), runs=runs)
        yield _against_bare("connect, IPv4 and IPv6", lambda: _connect([also, hole]), runs=runs)
        yield _against_bare("probe of four ports", lambda: _probe(holes), runs=runs)

        async def doctor() -> None:
            words = (*SENDWRIGHT, "doctor", "smtp", f"127.0.0.1:{hole.port}", "--json")
            await asyncio.to_thread(run, words, environment, codes=(FOUND_A_PROBLEM,))

        yield _against_bare("sendwright doctor smtp, whole process", doctor, runs=runs, timeout_s=DOCTOR_TIMEOUT_S)


def _against_bare(what: str, work: Callable[[], Awaitable[None]], *, runs: int, timeout_s: float = TIMEOUT_S) -> Line:
    async def both() -> tuple[list[float], list[float]]:
        with black_hole() as hole:
            starts = [number * BETWEEN_STARTS_S for number in range(runs)]
            ours = asyncio.gather(*(_timed(work, after_s=start) for start in starts))
            theirs = asyncio.gather(*(_timed(lambda: _bare(hole, timeout_s), after_s=start) for start in starts))
            return await ours, await theirs

    ours, theirs = asyncio.run(both())
    note = "against: one bare connect that runs into the timeout"
    against = f"one connect, {timeout_s:g} s"
    return Line(what=what, unit="s", ours=tuple(ours), against=against, theirs=tuple(theirs), aim=AIM, note=note)


async def _timed(work: Callable[[], Awaitable[None]], *, after_s: float) -> float:
    await asyncio.sleep(after_s)
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _bare(hole: Address, timeout_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await asyncio.open_connection(*hole)


def _network(hosts: Sequence[str]) -> Network:
    return Network(resolver=Known(tuple(hosts)), tls=client_context, timeout_s=TIMEOUT_S)


async def _connect(holes: Sequence[Address]) -> None:
    settings = SmtpSettings(host=HOST, port=holes[0].port, security=Security.STARTTLS)
    session = SmtpSession(settings, _network([hole.host for hole in holes]))
    await session.resolve()
    with suppress(SendFailed):
        await session.connect()
        sys.exit("the filtered host answered")


async def _probe(holes: Sequence[Address]) -> None:
    prober = SmtpProber(_network(["127.0.0.1"]), patience_s=TIMEOUT_S)
    await prober.doors(HOST, [(hole.port, Security.STARTTLS) for hole in holes])
