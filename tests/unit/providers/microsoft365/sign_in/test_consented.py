"""Whether an application may act: only a token with the permission in it says so."""

import base64
import json
from collections.abc import Callable

import httpx
import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import (
    APPLICATION,
    ASKED,
    CLIENT,
    OTHER_TENANT,
    OWN_CLIENT,
    TENANT,
    Answering,
    flow_world,
)

from sendwright.handoff.wire import ConsentState
from sendwright.providers.microsoft365.sign_in.consented import ask, is_granted
from sendwright.providers.microsoft365.sign_in.prepare_step import connected_as_application
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef

APP_ONLY = replace(ASKED, way=Way.APPLICATION)
SECRET = SecretRef("microsoft-client-secret", "s")
BY_SECRET = replace(APP_ONLY, own=True, credential="secret", client_id=OWN_CLIENT, client_secret=SECRET)


@pytest.mark.parametrize(
    ("state", "roles", "granted"),
    [
        ("granted", ("Mail.Send",), True),
        ("granted", ("User.Read.All", "Mail.Send"), True),
        ("granted", (), False),
        ("granted", ("Mail.Read",), False),
        ("missing", ("Mail.Send",), False),
        ("refused", (), False),
    ],
)
def test_a_token_without_the_permission_is_no_consent(state: str, roles: tuple[str, ...], *, granted: bool) -> None:
    assert is_granted(ConsentState(state=state, roles=roles)) is granted  # type: ignore[arg-type] # table of texts


@pytest.mark.parametrize(("own", "client_id", "certificate"), [(False, "", ""), (True, OWN_CLIENT, "c1")])
async def test_the_backend_is_asked_about_the_right_application(client_id: str, certificate: str, *, own: bool) -> None:
    backend = Answering(consents=[ConsentState(state="missing", tenant=TENANT)])
    state = replace(
        APP_ONLY, own=own, client_id=client_id or CLIENT, certificate=certificate, graph="https://localhost:2"
    )
    assert (await ask(state, flow_world(platform=backend.access()))).state == "missing"
    (question,) = backend.asked
    assert (question.tenant, question.client_id, question.certificate) == (TENANT, client_id, certificate)
    assert (question.cloud, question.graph) == ("global", "https://localhost:2")


async def test_a_refused_credential_is_a_stop_with_its_name() -> None:
    backend = Answering(consents=[ConsentState(state="refused", problem="client-certificate-refused", tenant=TENANT)])
    with pytest.raises(Halted) as halted:
        await ask(replace(APP_ONLY, own=True), flow_world(platform=backend.access()))
    assert halted.value.problem.code == "client-certificate-refused"
    assert halted.value.problem.values["registration"] == "own"


@pytest.mark.parametrize("problem", [None, "of-a-newer-backend"])
async def test_a_refusal_that_nobody_knows_stays_unrecognised(problem: str | None) -> None:
    backend = Answering(consents=[ConsentState(state="refused", problem=problem)])
    with pytest.raises(Halted) as halted:
        await ask(APP_ONLY, flow_world(platform=backend.access()))
    assert halted.value.problem.code == "unrecognised"


async def test_a_token_of_another_organisation_is_refused() -> None:
    backend = Answering(consents=[ConsentState(state="granted", roles=("Mail.Send",), tenant=OTHER_TENANT)])
    with pytest.raises(Halted) as halted:
        await ask(APP_ONLY, flow_world(platform=backend.access()))
    assert halted.value.problem.evidence.condition == "other-tenant"


async def test_without_a_backend_nobody_can_say() -> None:
    with pytest.raises(Halted) as halted:
        await ask(APP_ONLY, flow_world())
    assert halted.value.problem.code == "backend-unreachable"


def token(roles: list[str], tenant: str = TENANT) -> str:
    parts = ({"alg": "none"}, {"roles": roles, "tid": tenant})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"{encoded[0]}.{encoded[1]}.sig"


def entra(answer: dict[str, object], status: int = 200) -> Callable[[], httpx.AsyncClient]:
    """A sign-in service that publishes itself and answers one thing to requests for tokens."""
    base = f"https://login.microsoftonline.com/{TENANT}"
    metadata = {
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
    }

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json=metadata)
        return httpx.Response(status, json=answer)

    return lambda: httpx.AsyncClient(transport=httpx.MockTransport(reply))


async def asked_by_secret(answer: dict[str, object], status: int = 200) -> ConsentState:
    vault = MemoryVault()
    await vault.keep(SECRET, Secret("typed~value"))
    return await ask(BY_SECRET, flow_world(vault=vault, http=entra(answer, status)))


@pytest.mark.parametrize("roles", [["Mail.Send"], []])
async def test_a_typed_secret_is_tried_here(roles: list[str]) -> None:
    given = {"token_type": "Bearer", "expires_in": 3599, "access_token": token(roles)}
    seen = await asked_by_secret(given)
    assert (seen.state, seen.roles, seen.tenant) == ("granted", tuple(roles), TENANT)
    assert is_granted(seen) is bool(roles)


@pytest.mark.parametrize("number", [700016, 7000229])
async def test_an_application_that_is_not_there_yet_is_missing(number: int) -> None:
    refusal = {"error": "unauthorized_client", "error_codes": [number], "error_description": f"AADSTS{number}: no."}
    assert (await asked_by_secret(refusal, 400)).state == "missing"


@pytest.mark.parametrize(("number", "code"), [(7000215, "client-secret-wrong"), (7000222, "client-secret-expired")])
async def test_a_wrong_secret_is_no_missing_consent(number: int, code: str) -> None:
    refusal = {"error": "invalid_client", "error_codes": [number], "error_description": f"AADSTS{number}: no."}
    with pytest.raises(Halted) as halted:
        await asked_by_secret(refusal, 401)
    assert halted.value.problem.code == code
    assert "typed~value" not in repr(halted.value.problem)


async def test_a_secret_that_is_gone_is_a_keychains_problem() -> None:
    with pytest.raises(Halted) as halted:
        await ask(BY_SECRET, flow_world())
    assert halted.value.problem.evidence.condition == "not-kept"


def test_the_application_is_connected_by_what_was_seen() -> None:
    state = connected_as_application(replace(APP_ONLY, tenant_id="", attempt="a"), ("Mail.Send",), TENANT)
    assert state == replace(APPLICATION, tenant_id=TENANT)
    assert connected_as_application(APP_ONLY, (), "").tenant_id == TENANT
