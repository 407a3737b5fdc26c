"""A real authoritative nameserver (Knot) that serves the zones a test writes."""

import contextlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.zone
from tests.servers.ports import Address, free_port
from tests.servers.processes import Daemon, retried, server_directory, tail

HOST = "127.0.0.1"

CONFIGURATION = """\
server:
    rundir: "{directory}/run"
    listen: {host}@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{directory}/database"
    journal-db-max-size: 1M
log:
  - target: stdout
    any: info
template:
  - id: default
    storage: "{directory}/zones"
    journal-content: none
    zonefile-load: whole
    semantic-checks: off
zone:
"""

HEAD = """\
$ORIGIN {zone}.
$TTL 60
@ SOA ns.{zone}. hostmaster.{zone}. 1 3600 600 86400 5
@ NS ns.{zone}.
ns A 127.0.0.1
"""


class DnsServer:
    """A running Knot; zones it does not hold are REFUSED, names they lack are NXDOMAIN."""

    def __init__(self, directory: Path, *, port: int) -> None:
        self.address = Address(HOST, port)
        self._directory = directory

    @property
    def host(self) -> str:
        """Address of the nameserver."""
        return self.address.host

    @property
    def port(self) -> int:
        """Port of the nameserver, UDP and TCP."""
        return self.address.port

    @contextlib.contextmanager
    def running(self, zones: Mapping[str, str | None]) -> Iterator[None]:
        """Serve until the block ends; returns as soon as every zone is loaded."""
        directory = self._directory
        for name in ("run", "database", "zones"):
            (directory / name).mkdir()
        configuration = CONFIGURATION.format(directory=directory, host=HOST, port=self.port)
        for zone, records in zones.items():
            configuration += f'  - domain: "{zone}."\n    file: "{zone}.zone"\n'
            if records is not None:
                text = HEAD.format(zone=zone) + records + "\n"
                dns.zone.from_text(text, origin=f"{zone}.")
                (directory / "zones" / f"{zone}.zone").write_text(text)
        (directory / "knot.conf").write_text(configuration)
        command = ("knotd", "-c", directory / "knot.conf")
        with Daemon(command, log=directory / "knot.log", grace=0.3) as daemon:
            for zone, records in zones.items():
                expected = dns.rcode.SERVFAIL if records is None else dns.rcode.NOERROR
                daemon.wait_until(partial(self._answers, zone, expected), what=f"zone {zone}")
            yield

    def log_text(self) -> str:
        """Give the end of the log."""
        return tail(self._directory / "knot.log")

    def _answers(self, zone: str, expected: dns.rcode.Rcode) -> bool:
        question = dns.message.make_query(f"{zone}.", "SOA")
        try:
            return dns.query.tcp(question, HOST, port=self.port, timeout=1).rcode() == expected
        except (OSError, dns.exception.DNSException):
            return False


@contextlib.contextmanager
def _start_once(zones: Mapping[str, str | None]) -> Iterator[DnsServer]:
    with server_directory("dns") as directory:
        server = DnsServer(directory, port=free_port(HOST))
        with server.running(zones):
            yield server


def start_dns(zones: Mapping[str, str | None]) -> contextlib.AbstractContextManager[DnsServer]:
    """Serve zones given as {"example.org": "mail A 127.0.0.1\\n…"}, relative names, SOA and NS added.

    A zone given as None is configured without data, so that every question about it ends in SERVFAIL.
    Raises dns.exception.DNSException for a record that does not parse, ServerFailedError with Knot's log.
    """
    return retried(lambda: _start_once(zones))
