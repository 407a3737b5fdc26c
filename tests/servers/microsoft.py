"""A simulated Microsoft that listens for one test, what it took, and what somebody's sign-in there left behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, contoso
from sendwright.practice.microsoft.grants import Family
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Tenant
from sendwright.secret import Secret


@dataclass(frozen=True)
class Listening:
    """inbox: the messages that it took, whoever they were for."""

    microsoft: SimulatedMicrosoft
    inbox: list[Received] = field(default_factory=list)


@asynccontextmanager
async def listening(tenant: Tenant | None = None, *others: Tenant) -> AsyncIterator[Listening]:
    """Serve `tenant`, Contoso where none is given, and `others`; whatever becomes of the test, it stops."""
    inbox: list[Received] = []
    microsoft = SimulatedMicrosoft(tenant or contoso(), inbox.append, *others)
    await microsoft.start()
    try:
        yield Listening(microsoft, inbox)
    finally:
        await microsoft.stop()


def refresh_token(microsoft: SimulatedMicrosoft, username: str = BEN) -> Secret:
    """Return the refresh token of a sign-in of `username`'s that has just been made."""
    tenant = microsoft.tenant
    family = Family(client_id=CLIENT_ID, tenant=tenant, username=username, signed_in_at=tenant.now())
    return Secret(microsoft._grants.refresh_token(family))
