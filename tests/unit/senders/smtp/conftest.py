"""Fixtures of the SMTP tests: sessions that are surely closed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.loopback import LoopbackResolver
from tests.unit.senders.smtp.walking import Walk

from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings

MakeSettings = Callable[..., SmtpSettings]
StartWalk = Callable[..., Walk]


@pytest.fixture
def network() -> Network:
    return Network(resolver=LoopbackResolver(timeout_s=5), tls=client_context, timeout_s=5)


@pytest.fixture
def settings(certificates: Certificates) -> MakeSettings:
    def make(port: int, security: Security = Security.STARTTLS, **changes: object) -> SmtpSettings:
        usual = {"host": "localhost", "username": ANNA.address, "ca_pem": certificates.ca_file.read_text()}
        return SmtpSettings(port=port, security=security, **{**usual, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
async def walk(settings: MakeSettings, network: Network) -> AsyncIterator[StartWalk]:
    """Start a walk: port, security, the session's limits, and changed settings."""
    walks: list[Walk] = []

    def start(
        port: int,
        security: Security = Security.STARTTLS,
        *,
        timeout_s: float = 5,
        submit_timeout_s: float = 5,
        **changes: object,
    ) -> Walk:
        chosen = settings(port, security, **changes)
        session = SmtpSession(chosen, replace(network, timeout_s=timeout_s), submit_timeout_s=submit_timeout_s)
        walks.append(Walk(session, chosen))
        return walks[-1]

    yield start
    for each in walks:
        await each.session.close()
