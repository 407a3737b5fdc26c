"""What a backend in a process of its own needs to send through the simulated Microsoft 365."""

from typing import Any

import msgspec
from tests.end2end.trusting_backend import put_in_force
from tests.servers.microsoft import refresh_token

from sendwright.handoff.client import HttpBackend
from sendwright.practice.microsoft.contoso import CLIENT_ID
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.profile import SenderProfile
from sendwright.senders.credentials import REFRESH_TOKEN
from sendwright.senders.graph.settings import GraphSettings, Route, Way


def places_of(microsoft: SimulatedMicrosoft) -> str:
    """Return the microsoft.toml of a backend that brings tokens to the simulated Microsoft."""
    return f'login = "{microsoft.login}"\ngraph = "{microsoft.graph}"\n'


def profile_of(address: str, microsoft: SimulatedMicrosoft, **changes: Any) -> SenderProfile:  # noqa: ANN401 - GraphSettings
    """Return the profile of an account that sends from its own mailbox. changes: other settings."""
    tenant = microsoft.tenant
    person = tenant.people.get(address)
    settings = GraphSettings(
        client_id=CLIENT_ID,
        tenant=tenant.id,
        mailbox=address,
        way=Way.ACCOUNT,
        route=Route.ME,
        account=address,
        account_id=person.oid if person else "",
        login=microsoft.login,
        graph=microsoft.graph,
    )
    settings = msgspec.structs.replace(settings, **changes)
    return SenderProfile(
        provider="microsoft365",
        sender="graph",
        address=settings.mailbox,
        alias="Contoso",
        settings=msgspec.to_builtins(settings),
    )


async def sign_in_of(client: HttpBackend, microsoft: SimulatedMicrosoft, address: str, *, contact: str = "") -> int:
    """Hand a fresh sign-in of `address` over and put it in force; return the version."""
    token = refresh_token(microsoft, address)
    credentials = {REFRESH_TOKEN: token}
    key = token.reveal()[-20:]
    return await put_in_force(client, profile_of(address, microsoft), credentials, key=key, contact=contact)
