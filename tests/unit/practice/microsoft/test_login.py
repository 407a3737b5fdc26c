"""Metadata, keys and the small pages of the simulated sign-in host."""

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from tests.unit.practice.microsoft.visiting import EMBEDDED, REDIRECT, Start, World

from sendwright.oauth.entra.registration import CONSUMERS
from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, TENANT_ID, contoso
from sendwright.practice.microsoft.tenant import Tenant

CONFIGURATION = "v2.0/.well-known/openid-configuration"


@pytest.mark.parametrize("segment", [TENANT_ID, TENANT_ID.upper(), "contoso.com", "Contoso.COM"])
async def test_a_tenant_is_found_by_its_id_and_by_its_domain(world: World, segment: str) -> None:
    found = (await world.http().get(f"{world.microsoft.login}/{segment}/{CONFIGURATION}")).json()
    base = f"{world.microsoft.login}/{TENANT_ID}"
    assert found["issuer"] == f"{base}/v2.0"
    assert found["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    assert found["authorization_endpoint"] == f"{base}/oauth2/v2.0/authorize"
    assert found["device_authorization_endpoint"] == f"{base}/oauth2/v2.0/devicecode"


@pytest.mark.parametrize("segment", ["organizations", "common", "consumers"])
async def test_an_address_for_several_organisations_has_a_pattern_for_issuer(world: World, segment: str) -> None:
    found = (await world.http().get(f"{world.microsoft.login}/{segment}/{CONFIGURATION}")).json()
    assert found["issuer"] == f"{world.microsoft.login}/{{tenantid}}/v2.0"
    assert found["token_endpoint"].startswith(f"{world.microsoft.login}/{segment}/")


async def test_an_unknown_tenant_is_refused_by_its_number(world: World) -> None:
    response = await world.http().get(f"{world.microsoft.login}/nowhere.example/{CONFIGURATION}")
    assert response.status_code == 400
    body = response.json()
    assert body["error"] == "invalid_tenant"
    assert body["error_codes"] == [90002]
    assert body["error_description"].startswith("AADSTS90002: ")
    assert set(body) >= {"timestamp", "trace_id", "correlation_id", "error_uri"}
    assert body["error_uri"].endswith("90002")


async def test_the_published_key_verifies_an_id_token_and_keeps_its_secret(world: World) -> None:
    found = await world.tokens()
    published = (await world.http().get(f"{world.microsoft.login}/{TENANT_ID}/discovery/v2.0/keys")).json()
    assert not {"d", "p", "q"} & published["keys"][0].keys()
    token = jwt.decode(found["id_token"], KeySet.import_key_set(published), algorithms=["RS256"])
    assert token.header["kid"] == published["keys"][0]["kid"]
    assert token.claims["aud"] == CLIENT_ID
    assert token.claims["iss"] == f"{world.microsoft.login}/{TENANT_ID}/v2.0"
    assert token.claims["tid"] == TENANT_ID
    assert token.claims["exp"] - token.claims["iat"] == 3600
    assert "idp" not in token.claims


async def test_an_access_token_says_what_the_lens_shows(world: World) -> None:
    found = await world.tokens()
    keys = KeySet.import_key_set((await world.http().get(f"{world.microsoft.login}/x/discovery/v2.0/keys")).json())
    claims = jwt.decode(found["access_token"], keys, algorithms=["RS256"]).claims
    assert claims["aud"] == "https://graph.microsoft.com"
    assert claims["scp"] == "Mail.Send Mail.Send.Shared User.Read"
    assert (claims["tid"], claims["upn"], claims["appid"]) == (TENANT_ID, BEN, CLIENT_ID)
    assert claims["exp"] - claims["iat"] == world.tenant.policies.access_token_s
    assert "roles" not in claims


async def test_the_native_client_page_is_blank(world: World) -> None:
    response = await world.http().get(f"{world.microsoft.login}/common/oauth2/nativeclient?code=1&state=2")
    assert response.status_code == 200
    assert "form" not in response.text


async def test_every_page_says_that_this_is_a_practice_and_loads_nothing(world: World) -> None:
    person = await world.browser(EMBEDDED).open(authorize(world))
    seen = []
    for step in ("username", "password", "consent"):
        seen.append(step)
        assert "This is a practice." in person.page.words
        (link,) = person.page.foreign
        assert link.startswith("/practice/it?back=")
        assert set(person.page.ids) >= {"practice"}
        if step == "username":
            await person.press("next", username=BEN)
        elif step == "password":
            await person.press("next", password="let-me-practise")
    assert "accept" in person.page.ids


async def test_pages_let_no_script_run_and_are_not_kept(world: World) -> None:
    response = await world.http().get(authorize(world))
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in response.headers["content-security-policy"]
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Secure" in cookie


async def test_signing_out_forgets_who_signed_in(world: World) -> None:
    person = await world.browser().open(authorize(world))
    await person.sign_in()
    await person.open(f"{world.microsoft.login}/common/oauth2/v2.0/logout")
    assert "You are signed out." in person.page.ids["ended"]
    await person.open(authorize(world))
    assert "username" in person.page.ids
    assert "account-0" not in person.page.ids


async def test_a_page_of_a_sign_in_that_is_not_known_is_refused(world: World) -> None:
    response = await world.http().get(f"{world.microsoft.login}/sign-in/made-up")
    assert response.status_code == 400
    assert "AADSTS9002313" in response.text


@pytest.mark.parametrize(
    ("fault", "status", "content"),
    [
        (Fault(status=500), 500, "AADSTS90024"),
        (Fault(status=503, retry_after="7", code="temporarily_unavailable"), 503, "temporarily_unavailable"),
        (Fault(status=200, body=b"<html>no JSON"), 200, "<html>no JSON"),
        (Fault(path="openid-configuration", status=502, body=b""), 502, ""),
    ],
)
async def test_ordered_faults_are_met_once(world: World, fault: Fault, status: int, content: str) -> None:
    world.microsoft.faults.tell(fault)
    address = f"{world.microsoft.login}/organizations/{CONFIGURATION}"
    broken = await world.http().get(address)
    assert broken.status_code == status
    assert content in broken.text
    assert broken.headers.get("retry-after", "") == fault.retry_after
    assert world.microsoft.faults.left == 0
    assert (await world.http().get(address)).status_code == 200


async def test_personal_accounts_sign_in_at_common_only(start: Start) -> None:
    personal = contoso()
    personal.id, personal.domain, personal.name = CONSUMERS, "outlook.example", "Personal"
    personal.people = {"joe@outlook.example": next(iter(personal.people.values()))}
    personal.people["joe@outlook.example"].username = "joe@outlook.example"
    personal.registrations.clear()
    world = await start(contoso(), personal)
    person = await world.browser().open(authorize(world))
    await person.press("next", username="joe@outlook.example")
    assert "AADSTS50020" in person.page.ids["said"]
    await person.open(authorize(world, segment="common"))
    await person.sign_in("joe@outlook.example")
    assert "accept" in person.page.ids


def test_a_tenant_without_anybody_can_be_described() -> None:
    empty = Tenant(id="1", domain="empty.example", name="Empty")
    assert empty.person("joe@empty.example") is None
    assert empty.mailbox("joe@empty.example") is None
    assert not empty.personal


def authorize(world: World, segment: str = "organizations", **more: str) -> str:
    query = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid https://graph.microsoft.com/Mail.Send",
        "code_challenge": "A" * 43,
        "code_challenge_method": "S256",
        "state": "s",
    }
    return world.address("oauth2/v2.0/authorize", segment, **(query | more))
