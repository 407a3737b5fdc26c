"""One place where all mail ends: Postfix's smtp-sink behind TLS, and a way to it for a client without TLS."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import Certificates
from tests.servers.ports import free_port
from tests.servers.processes import Daemon, accepts, server_directory

HOST = "127.0.0.1"
BACKLOG = "100"

# The last service encrypts for a client that cannot, so that its mail takes the same way.
STUNNEL = """\
foreground = yes
pid =
debug = 4
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
[tls]
accept = {host}:{tls}
connect = {host}:{sink}
cert = {certificate.chain}
key = {certificate.key}
[encrypting]
client = yes
accept = {host}:{encrypting}
connect = {host}:{tls}
CAfile = {authority}
verifyChain = yes
checkIP = {host}
"""


@dataclass(frozen=True, kw_only=True)
class MailSink:
    """tls: port with TLS from the start. encrypting: port in clear that leads through TLS to the same sink."""

    tls: int
    encrypting: int
    authority: Path


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """Start the sink and what encrypts before it."""
    with ExitStack() as stack:
        folder = stack.enter_context(server_directory("bench-sink"))
        certificates = Certificates(folder)
        sink, tls, encrypting = (free_port() for _ in range(3))
        as_user = ("-u", "nobody") if os.geteuid() == 0 else ()
        _start(stack, ("smtp-sink", *as_user, "-8", f"{HOST}:{sink}", BACKLOG), folder / "sink.log", sink)
        configuration = folder / "stunnel.conf"
        configuration.write_text(
            STUNNEL.format(
                host=HOST,
                sink=sink,
                tls=tls,
                encrypting=encrypting,
                certificate=certificates.good,
                authority=certificates.ca_file,
            )
        )
        _start(stack, ("stunnel4", str(configuration)), folder / "stunnel.log", tls, encrypting)
        yield MailSink(tls=tls, encrypting=encrypting, authority=certificates.ca_file)


def _start(stack: ExitStack, command: tuple[str, ...], log: Path, *ports: int) -> None:
    daemon = stack.enter_context(Daemon(command, log=log))
    daemon.wait_until(lambda: all(accepts(HOST, port) for port in ports), what=command[0])
