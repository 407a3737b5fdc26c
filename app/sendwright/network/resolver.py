"""What the program asks the Domain Name System, whoever answers."""

from typing import Protocol

import msgspec


class MailExchanger(msgspec.Struct, frozen=True, order=True):
    """An MX record (RFC 5321 section 5.1): lowest preference first.

    host: without the final dot, in lower case; `.` alone means that the domain takes no mail (RFC 7505).
    """

    preference: int
    host: str


class Service(msgspec.Struct, frozen=True, order=True):
    """An SRV record (RFC 2782); host `.` means that the service is decidedly not offered."""

    priority: int
    weight: int
    host: str
    port: int


class Resolver(Protocol):
    """Answers questions about names.

    An answer that exists and is empty is an empty tuple. Every method raises
    `network.failures.ResolveFailed`; its evidence carries the condition `dns-name-not-found` (NXDOMAIN) or
    `dns-resolver-failed` (no usable answer).
    """

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IPv4 and IPv6 addresses of `host` in the order to try them; a literal is its own."""
        ...

    async def mail_exchangers(self, domain: str) -> tuple[MailExchanger, ...]:
        """Return the MX records of `domain`, best first."""
        ...

    async def services(self, name: str) -> tuple[Service, ...]:
        """Return the SRV records of `name`, such as `_submissions._tcp.example.org`, best first."""
        ...

    async def texts(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of `name`, each with its strings joined."""
        ...
