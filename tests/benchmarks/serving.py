"""A notification backend in a process of its own, and a device that may hand notifications to it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.mail_sink import HOST, MailSink
from tests.benchmarks.whole_process import SENDWRIGHT, run
from tests.servers.processes import Daemon

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.handoff.runtime_file import RunningBackend, read_runtime_file
from sendwright.secret import Secret

SENDER = "notifications@example.org"

AT_ONCE = 4
"""Connections to the mail server: the usual limit of the backend, and what the others are given too."""

QUEUE = f"""\
[limits.smtp]
at_once = {AT_ONCE}
starts = 1000000
period_s = 1.0
"""
"""As usual but for the limit of 600 messages a minute, which would be all that one measures."""

DEFAULT_SENDER = """\
address = "{sender}"
alias = "Example"
[smtp]
host = "{host}"
port = {port}
security = "tls"
ca_file = "authority.pem"
"""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A running backend; token: of an enrolled device."""

    address: BackendAddress
    pid: int
    token: str

    @property
    def port(self) -> int:
        return int(self.address.url.rpartition(":")[2])

    def client(self) -> HttpBackend:
        """Return the product's own client; close it."""
        return HttpBackend(self.address, token=Secret(self.token))


@contextmanager
def serving(environment: Mapping[str, str], sink: MailSink | None) -> Iterator[Serving]:
    """Start `sendwright serve`, by default with its usual numbers; with `sink` it sends there, unhurried by limits."""
    folder = Path(environment["HOME"]) / "backend"
    folder.mkdir(mode=0o700)
    if sink is not None:
        (folder / "authority.pem").write_bytes(sink.authority.read_bytes())
        (folder / "default-sender.toml").write_text(DEFAULT_SENDER.format(sender=SENDER, host=HOST, port=sink.tls))
        (folder / "queue.toml").write_text(QUEUE)
    words = (*SENDWRIGHT, "serve", "--data", str(folder))
    with Daemon(words, log=folder.with_suffix(".log"), environment=environment, grace=20) as daemon:
        daemon.wait_until(lambda: read_runtime_file(folder) is not None, what="serve")
        running = read_runtime_file(folder)
        if running is None:
            raise RuntimeError("the backend is gone")
        yield _enrolled(running, folder, environment)


def _enrolled(running: RunningBackend, folder: Path, environment: Mapping[str, str]) -> Serving:
    printed = run((*SENDWRIGHT, "connection-code", "--data", str(folder)), environment).printed
    code = parse_connection_code(printed.strip())

    async def enrol() -> str:
        newcomer = HttpBackend(code.address, token=None)
        enrolment = await newcomer.enrol(code.secret, device="benchmark")
        await newcomer.close()
        return enrolment.token

    return Serving(address=code.address, pid=running.pid, token=asyncio.run(enrol()))
