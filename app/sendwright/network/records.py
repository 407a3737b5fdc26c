"""Asks for records by dnspython; the part that both resolvers share."""

import time
from collections.abc import Callable
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from sendwright.network.failures import ResolveFailed, observe_resolver
from sendwright.network.names import a_labels
from sendwright.network.resolver import MailExchanger, Service
from sendwright.recording.event import Layer
from sendwright.recording.recorder import SILENCE, Recorder


class Records:
    """Answers questions for MX, SRV, TXT, A and AAAA.

    engine: makes the dnspython resolver of one question, so that a changed network configuration counts at
    once. recorder: is told of questions and answers.
    """

    def __init__(
        self,
        engine: Callable[[], dns.asyncresolver.Resolver],
        *,
        timeout_s: float,
        recorder: Recorder = SILENCE,
    ) -> None:
        self._recorder = recorder
        self._engine = engine
        self._timeout_s = timeout_s

    async def mail_exchangers(self, domain: str) -> tuple[MailExchanger, ...]:
        """Return the MX records of `domain`, best first; host `.` means: takes no mail (RFC 7505)."""
        answer = await self.ask(domain, dns.rdatatype.MX)
        return tuple(sorted(MailExchanger(record.preference, _host(record.exchange)) for record in answer))

    async def services(self, name: str) -> tuple[Service, ...]:
        """Return the SRV records of `name`: lowest priority first, in it the greatest weight.

        RFC 2782 draws lots by weight; a person who sets up mail is better served by the same answer each
        time.
        """
        answer = await self.ask(name, dns.rdatatype.SRV)
        services = (Service(record.priority, record.weight, _host(record.target), record.port) for record in answer)
        return tuple(sorted(services, key=lambda service: (service.priority, -service.weight, service.host)))

    async def texts(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of `name`, each with its strings joined; what is no UTF-8 stands as hex."""
        answer = await self.ask(name, dns.rdatatype.TXT)
        return tuple(sorted(b"".join(record.strings).decode("utf-8", "backslashreplace") for record in answer))

    async def ask(self, name: str, kind: dns.rdatatype.RdataType) -> tuple[Any, ...]:
        """Return the records of `name`, empty where it exists without that kind. Raises ResolveFailed."""
        asked = a_labels(name)
        question = {"host": asked, "type": dns.rdatatype.to_text(kind)}
        self._recorder.note(Layer.DNS, "asked", **question)
        begun = time.monotonic()
        try:
            answer = await self._engine().resolve(
                dns.name.from_text(asked), kind, lifetime=self._timeout_s, raise_on_no_answer=False
            )
        except (dns.exception.DNSException, OSError) as error:
            seen = observe_resolver(error, values=question)
            self._recorder.note(
                Layer.DNS, "failed", text=seen.text, condition=seen.condition or "", took_ms=_since(begun), **question
            )
            raise ResolveFailed(seen) from error
        records = tuple(answer.rrset or ())
        self._recorder.note(
            Layer.DNS,
            "answered",
            text="\n".join(map(str, records)),
            server=str(answer.nameserver or ""),
            took_ms=_since(begun),
            **question,
        )
        return records


def _since(begun: float) -> str:
    return f"{(time.monotonic() - begun) * 1000:.1f}"


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
