"""Consent is what Microsoft says by a token: granted with its roles, missing, or refused with a problem."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.servers.microsoft import listening

from sendwright.handoff.wire import ConsentQuestion, ConsentState
from sendwright.network.network import Network
from sendwright.network.system import system_network
from sendwright.practice.microsoft.contoso import CLIENT_ID, TENANT_ID, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET
from sendwright.service.application_credentials import make_key_pair
from sendwright.service.consent import ask_for_consent, settings_of
from sendwright.service.microsoft_file import PlatformApplication
from sendwright.service.own_credentials import OwnCredential

SECRET = "canary-secret"
NOW = datetime.now(UTC)


def credential(name: str, value: str) -> OwnCredential:
    return OwnCredential(id="x", credentials={name: Secret(value)})


@pytest.fixture
async def microsoft() -> AsyncIterator[SimulatedMicrosoft]:
    tenant = contoso()
    registration = tenant.registrations[CLIENT_ID]
    registration.public = False
    registration.secrets[SECRET] = NOW + timedelta(days=90)
    async with listening(tenant) as server:
        yield server.microsoft


@pytest.fixture
def network(microsoft: SimulatedMicrosoft) -> Network:
    return system_network(authorities_pem=microsoft.authority_pem)


async def asked(
    microsoft: SimulatedMicrosoft,
    network: Network,
    *,
    tenant: str = TENANT_ID,
    by: OwnCredential | None = None,
) -> ConsentState:
    question = ConsentQuestion(tenant=tenant, client_id=CLIENT_ID, login=microsoft.login, graph=microsoft.graph)
    settings = settings_of(question, PlatformApplication())
    by = by or credential(CLIENT_SECRET, SECRET)
    return await ask_for_consent(settings, by, network=network, clock=lambda: datetime.now(UTC))


async def test_nobody_consented_yet(microsoft: SimulatedMicrosoft, network: Network) -> None:
    found = await asked(microsoft, network)
    assert found == ConsentState(state="missing", problem="application-not-in-tenant")


async def test_a_consent_is_noticed_with_what_it_allows(microsoft: SimulatedMicrosoft, network: Network) -> None:
    microsoft.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    found = await asked(microsoft, network)
    assert found == ConsentState(state="granted", roles=("Mail.Send",), tenant=TENANT_ID)


async def test_the_organisation_may_be_named_by_its_domain(microsoft: SimulatedMicrosoft, network: Network) -> None:
    microsoft.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    assert (await asked(microsoft, network, tenant="contoso.com")).tenant == TENANT_ID


async def test_the_consent_counts_for_a_certificate_too(microsoft: SimulatedMicrosoft, network: Network) -> None:
    pair = make_key_pair("Contoso", now=NOW)
    microsoft.tenant.registrations[CLIENT_ID].upload(pair.certificate)
    microsoft.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    mine = credential(CLIENT_CERTIFICATE, pair.private_key.reveal() + pair.certificate)
    assert (await asked(microsoft, network, by=mine)).state == "granted"
    other = make_key_pair("Contoso", now=NOW)
    theirs = credential(CLIENT_CERTIFICATE, other.private_key.reveal() + other.certificate)
    found = await asked(microsoft, network, by=theirs)
    assert (found.state, found.problem) == ("refused", "client-certificate-refused")


@pytest.mark.parametrize(
    ("secret", "problem"),
    [("wrong", "client-secret-wrong"), ("", "client-credential-unreadable")],
)
async def test_a_proof_that_is_not_accepted_is_refused_by_name(
    microsoft: SimulatedMicrosoft, network: Network, secret: str, problem: str
) -> None:
    found = await asked(microsoft, network, by=credential(CLIENT_SECRET, secret))
    assert (found.state, found.problem, found.roles) == ("refused", problem, ())


async def test_an_expired_secret_is_refused_by_name(microsoft: SimulatedMicrosoft, network: Network) -> None:
    microsoft.tenant.registrations[CLIENT_ID].secrets[SECRET] = NOW - timedelta(days=1)
    assert (await asked(microsoft, network)).problem == "client-secret-expired"


async def test_an_organisation_that_is_not_there_is_refused_by_name(
    microsoft: SimulatedMicrosoft, network: Network
) -> None:
    found = await asked(microsoft, network, tenant="fabrikam.com")
    assert (found.state, found.problem) == ("refused", "tenant-not-found")


async def test_a_sign_in_service_that_is_not_reached_is_said_so(
    microsoft: SimulatedMicrosoft, network: Network
) -> None:
    await microsoft.stop()
    found = await asked(microsoft, network)
    assert found.state == "refused"
    assert found.problem is not None
    assert "connection" in found.problem


async def test_a_stranger_in_its_place_is_not_told_the_secret(microsoft: SimulatedMicrosoft) -> None:
    found = await asked(microsoft, system_network())
    assert (found.state, found.problem) == ("refused", "tls-certificate-unknown-issuer")
    assert microsoft.log == []
