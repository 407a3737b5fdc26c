"""A simulated Microsoft that listens, asked over TLS."""

import ssl
from collections.abc import AsyncIterator

import pytest
from tests.servers.microsoft import listening
from tests.unit.oauth.entra.simulated import Place

from sendwright.practice.microsoft.contoso import contoso
from sendwright.practice.microsoft.tenant import Person, Tenant

OTHER = "77777777-5d0e-4b83-9a66-0c3d5b1e8f20"


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    tenant = contoso(redirect_uris=frozenset({"http://localhost"}))
    tenant.registrations[next(iter(tenant.registrations))].application.add("Mail.Send")
    guest = Person(username="guest@fabrikam.com", password="pw-of-the-guest", name="Guest", oid="g-1", home=OTHER)
    tenant.people[guest.username] = guest
    dora = Person(username="dora@fabrikam.com", password="pw-of-dora", name="Dora", oid="d-1")
    fabrikam = Tenant(id=OTHER, domain="fabrikam.com", name="Fabrikam", people={dora.username: dora})
    async with listening(tenant, fabrikam) as server:
        context = ssl.create_default_context(cadata=server.microsoft.authority_pem)
        yield Place(microsoft=server.microsoft, tenant=tenant, context=context)
