"""Tries whether a mail server answers at a port, and how it protects the connection; never signs in."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.network.network import Network
from sendwright.problems.evidence import Failure
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings

Door = tuple[int, Security]

DOORS: tuple[Door, ...] = (
    (465, Security.TLS),
    (587, Security.STARTTLS),
    (2525, Security.STARTTLS),
    (25, Security.STARTTLS),
)
"""The ports at which mail is submitted, best first (RFC 8314 section 3.3, RFC 6409)."""

RELAY_PORT = 25
PATIENCE_S = 4.0
STEPS_PER_DOOR = 2  # a door may take this many times the patience for one step, all steps together


class Reach(StrEnum):
    """What was found behind a port.

    SECURE: a mail server with a certificate that verifies. UNTRUSTED: one whose certificate does not.
    PLAINTEXT: one that offers no encryption. CLOSED: nobody listens. SILENT: no answer in time. NO_HOST:
    the name leads nowhere. OTHER: something else answers, or it broke off.
    """

    SECURE = "secure"
    UNTRUSTED = "untrusted"
    PLAINTEXT = "plaintext"
    CLOSED = "closed"
    SILENT = "silent"
    NO_HOST = "no-host"
    OTHER = "other"


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome at one port. condition: of the evidence, empty when it went well."""

    host: str
    port: int
    security: Security
    reach: Reach
    condition: str = ""

    @property
    def usable(self) -> bool:
        """Whether it may be proposed: encrypted, and at worst with a certificate that wants an authority."""
        return self.reach in {Reach.SECURE, Reach.UNTRUSTED}


class Prober(Protocol):
    """Tries the ports of a host."""

    async def doors(self, host: str, doors: Sequence[Door] = DOORS) -> tuple[Probed, ...]:
        """Return one outcome per door, in their order; never raises for what it meets."""
        ...


_OTHER = {Security.TLS: Security.STARTTLS, Security.STARTTLS: Security.TLS}

_REACH: dict[str, Reach] = {
    NetworkCondition.DNS_NAME_NOT_FOUND: Reach.NO_HOST,
    NetworkCondition.DNS_NO_ADDRESS: Reach.NO_HOST,
    NetworkCondition.DNS_RESOLVER_FAILED: Reach.NO_HOST,
    NetworkCondition.CONNECTION_REFUSED: Reach.CLOSED,
    NetworkCondition.CONNECTION_TIMED_OUT: Reach.SILENT,
    NetworkCondition.NETWORK_UNREACHABLE: Reach.SILENT,
    NetworkCondition.TLS_CERTIFICATE_REFUSED: Reach.UNTRUSTED,
    SmtpCondition.NO_GREETING: Reach.SILENT,
    SmtpCondition.STARTTLS_NOT_OFFERED: Reach.PLAINTEXT,
}


class SmtpProber:
    """Opens a connection per door side by side, up to the encrypted EHLO, and says QUIT.

    ca_pem: authorities trusted in addition. patience_s: seconds for one step; a door takes at most twice
    that.
    """

    def __init__(self, network: Network, *, ca_pem: str | None = None, patience_s: float = PATIENCE_S) -> None:
        self._network = replace(network, timeout_s=min(patience_s, network.timeout_s))
        self._ca_pem = ca_pem

    async def doors(self, host: str, doors: Sequence[Door] = DOORS) -> tuple[Probed, ...]:
        """Return one outcome per door, in their order; never raises for what it meets.

        A port that is protected the other way round is tried that way too; its outcome says so.
        """
        outcomes = await asyncio.gather(*(self._door(host, port, security) for port, security in doors))
        return tuple(outcomes)

    async def _door(self, host: str, port: int, security: Security) -> Probed:
        outcome = await self._try(host, port, security)
        if outcome.condition != SmtpCondition.WRONG_SECURITY_MODE:
            return outcome
        return await self._try(host, port, _OTHER[security])

    async def _try(self, host: str, port: int, security: Security) -> Probed:
        settings = SmtpSettings(host=host, port=port, security=security, ca_pem=self._ca_pem)
        session = SmtpSession(settings, self._network)
        condition = ""
        reach = Reach.SECURE
        try:
            async with asyncio.timeout(self._network.timeout_s * STEPS_PER_DOOR):
                await _walk(session, settings)
                await session.quit()
        except Failure as failure:
            condition = failure.evidence.condition or failure.evidence.code
            reach = _REACH.get(condition, Reach.OTHER)
        except TimeoutError:
            condition = NetworkCondition.CONNECTION_TIMED_OUT.value
            reach = Reach.SILENT
        finally:
            await session.close()
        return Probed(host=host, port=port, security=security, reach=reach, condition=condition)


async def _walk(session: SmtpSession, settings: SmtpSettings) -> None:
    stages = {
        "resolve": session.resolve,
        "connect": session.connect,
        "greet": session.greet,
        "secure": session.secure,
    }
    for stage in session.order(settings):
        if stage not in stages:
            return
        await stages[stage]()
