"""Asks one given nameserver for everything: for tests, and for `--nameserver`."""

import asyncio

import dns.asyncresolver
import dns.nameserver
import dns.rdatatype

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import ResolveFailed
from sendwright.network.names import literal
from sendwright.network.records import Records
from sendwright.recording.recorder import SILENCE, Recorder


class NameserverResolver(Records):
    """A resolver (`network.resolver.Resolver`) that knows neither hosts file nor system configuration."""

    def __init__(self, address: str, *, port: int = 53, timeout_s: float = 15.0, recorder: Recorder = SILENCE) -> None:
        self._server = dns.nameserver.Do53Nameserver(address, port)
        super().__init__(self._make, timeout_s=timeout_s, recorder=recorder)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return IPv6, then IPv4 addresses; one family's failure is passed over when the other has some."""
        address = literal(host)
        if address is not None:
            return (address,)
        answers = await asyncio.gather(
            self.ask(host, dns.rdatatype.AAAA), self.ask(host, dns.rdatatype.A), return_exceptions=True
        )
        failures = [answer for answer in answers if isinstance(answer, BaseException)]
        found = tuple(
            str(record.address) for answer in answers if not isinstance(answer, BaseException) for record in answer
        )
        if failures and not found:
            raise min(failures, key=_clarity)
        return found

    def _make(self) -> dns.asyncresolver.Resolver:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [self._server]
        return resolver


def _clarity(failure: BaseException) -> int:
    """Put what says least first: while one family has no answer, the other's "not found" is not believed."""
    unsure = NetworkCondition.DNS_RESOLVER_FAILED.value
    return int(isinstance(failure, ResolveFailed) and failure.evidence.condition != unsure)
