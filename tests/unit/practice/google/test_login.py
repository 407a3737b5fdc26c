"""The sign-in host of the simulated Google as a program sees it."""

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from tests.servers.google import access_token
from tests.unit.practice.google.visiting import World

from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND, USUAL
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, BEN, CLARA, CLIENT_ID, CLIENT_SECRET, DOMAIN
from sendwright.practice.google.permissions import PROFILE

PATHS = ("/.well-known/openid-configuration", "/oauth2/v3/certs", "/o/oauth2/v2/auth")


async def test_the_metadata_names_what_is_served(world: World) -> None:
    found = (await world.http().get(f"{world.google.login}{PATHS[0]}")).json()
    assert found["issuer"] == "https://accounts.google.com"
    served = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(served) == 5
    assert all(one.startswith(f"{world.google.login}/") for one in served)
    answers = [(await world.http().post(one)).status_code for one in served]
    assert 404 not in answers


async def test_only_public_keys_are_published(world: World) -> None:
    (key,) = (await world.http().get(f"{world.google.login}{PATHS[1]}")).json()["keys"]
    assert {"kty", "n", "e", "kid"} <= set(key)
    assert not {"d", "p", "q"} & set(key)


@pytest.mark.parametrize(
    ("scopes", "email", "expected"),
    [
        ((OPENID,), ANNA, {"hd": DOMAIN}),
        ((OPENID, EMAIL), ANNA, {"hd": DOMAIN, "email": ANNA, "email_verified": True}),
        ((OPENID, EMAIL), CLARA, {"email": CLARA, "email_verified": True}),
        ((OPENID, EMAIL, PROFILE), BEN, {"hd": DOMAIN, "email": BEN, "email_verified": True, "name": "Ben Example"}),
    ],
)
async def test_whoever_signed_in_shows_as_far_as_agreed(
    world: World, scopes: tuple[str, ...], email: str, expected: dict[str, object]
) -> None:
    who = {"sub": world.workspace.people[email].sub}
    token = access_token(world.google, email, scopes=scopes).reveal()
    headers = {"authorization": f"Bearer {token}"}
    assert (await world.http().get(f"{world.google.login}/v1/userinfo", headers=headers)).json() == who | expected
    tokens = await world.tokens(email, scopes)
    keys = KeySet.import_key_set((await world.http().get(f"{world.google.login}{PATHS[1]}")).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert (who | expected).items() <= claims.items()
    assert ("email" in claims, "name" in claims) == (EMAIL in scopes, PROFILE in scopes)


@pytest.mark.parametrize("header", ["", "Bearer forged", "Basic YTpi"])
async def test_without_a_token_nobody_shows(world: World, header: str) -> None:
    response = await world.http().get(f"{world.google.login}/v1/userinfo", headers={"authorization": header})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_request")


async def test_without_openid_there_is_no_id_token(world: World) -> None:
    assert "id_token" not in await world.tokens(scopes=(SEND,))


async def test_a_renewal_may_ask_for_less_and_not_for_more(world: World) -> None:
    token = (await world.tokens())["refresh_token"]
    less = (await world.refresh(token, scope=SEND)).json()
    assert (less["scope"], "id_token" in less) == (SEND, False)
    more = await world.refresh(token, scope=f"{SEND} https://mail.google.com/")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    assert set((await world.refresh(token)).json()["scope"].split()) == set(USUAL)


@pytest.mark.parametrize(
    ("form", "error", "said"),
    [
        ({}, "unsupported_grant_type", "Invalid grant_type: "),
        ({"grant_type": "device_code"}, "unsupported_grant_type", "device_code"),
        ({"grant_type": "authorization_code"}, "invalid_request", "Could not determine client ID from request."),
        ({"grant_type": "refresh_token", "client_id": CLIENT_ID}, "invalid_request", "client_secret is missing."),
        (
            {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
            "invalid_request",
            "Missing required parameter: refresh_token",
        ),
        (
            {"grant_type": "authorization_code", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
            "invalid_request",
            "Missing required parameter: code",
        ),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}, "invalid_request", "assertion"),
    ],
)
async def test_what_lacks_in_a_request_is_named(world: World, form: dict[str, str], error: str, said: str) -> None:
    response = await world.post(**form)
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert said in response.json()["error_description"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("in_query", [True, False])
async def test_a_token_is_revoked_however_it_is_said(world: World, in_query: bool) -> None:
    token = (await world.tokens())["refresh_token"]
    client, url = world.http(), f"{world.google.login}/revoke"
    response = await (client.get(url, params={"token": token}) if in_query else client.post(url, data={"token": token}))
    assert (response.status_code, response.json()) == (200, {})
    assert (await world.refresh(token)).json()["error"] == "invalid_grant"


async def test_revoking_nothing_is_a_wrong_request(world: World) -> None:
    response = await world.post("revoke")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", [*PATHS, "/v1/userinfo"])
async def test_a_fault_is_answered_once_and_then_it_works(world: World, path: str) -> None:
    url = f"{world.google.login}{path}"
    world.google.faults.tell_all(
        [
            Fault(path=path, status=503, retry_after="7"),
            Fault(path=path, status=500, code="internal_failure"),
            Fault(path=path, status=502, body=b"<html>Gateway</html>"),
            Fault(path=path),
        ]
    )
    first = await world.http().get(url)
    assert (first.status_code, first.headers["retry-after"]) == (503, "7")
    assert (await world.http().get(url)).json()["error"] == "internal_failure"
    assert (await world.http().get(url)).text == "<html>Gateway</html>"
    with pytest.raises(httpx.TransportError):
        await world.http().get(url)
    assert (await world.http().get(url)).status_code in {200, 400, 401}
    assert world.google.faults.left == 0


async def test_an_unknown_place_is_none(world: World) -> None:
    response = await world.http().get(f"{world.google.login}/o/oauth2/device/code")
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (404, "text/plain")


async def test_the_log_tells_what_happened_and_no_secret(world: World) -> None:
    tokens = await world.tokens()
    await world.refresh(tokens["refresh_token"], client_secret="wrong-secret")
    await world.post("revoke", token=tokens["access_token"])
    log = "\n".join(world.google.log)
    assert "token refresh_token: invalid_client" in log
    assert f"authorize {CLIENT_ID}" in log
    for secret in (tokens["refresh_token"], tokens["access_token"], tokens["id_token"], CLIENT_SECRET, "wrong-secret"):
        assert secret not in log
