"""Every grant at the token endpoint, and each of its refusals."""

import asyncio
import base64
import hashlib
from datetime import timedelta

import httpx
import pytest
from tests.unit.practice.microsoft.test_login import authorize
from tests.unit.practice.microsoft.visiting import GRAPH, REDIRECT, World

from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, TENANT_ID
from sendwright.practice.microsoft.tenant import Reuse

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SCOPE = f"openid profile offline_access {GRAPH}/Mail.Send"


async def code(world: World, scope: str = SCOPE) -> dict[str, str]:
    """A fresh code, with the form that redeems it."""
    address = authorize(world, scope=scope, code_challenge=CHALLENGE, nonce="n-1")
    person = await (await world.browser().open(address)).sign_in()
    if "accept" in person.page.ids:
        await person.press("accept")
    form = {"grant_type": "authorization_code", "code": person.answer["code"], "redirect_uri": REDIRECT}
    return form | {"code_verifier": VERIFIER}


def refused(response: httpx.Response, number: int, error: str, status: int = 400) -> None:
    body = response.json()
    assert (body["error_codes"], body["error"], response.status_code) == ([number], error, status)
    first, *rest = body["error_description"].split("\r\n")
    assert first.startswith(f"AADSTS{number}: ")
    assert [line.split(":")[0] for line in rest] == ["Trace ID", "Correlation ID", "Timestamp"]
    assert body["trace_id"] in rest[0]
    assert body["correlation_id"] in rest[1]
    assert "access_token" not in body


async def refresh(world: World, token: str, **more: str) -> httpx.Response:
    return await world.ask({"grant_type": "refresh_token", "refresh_token": token, "scope": SCOPE} | more)


async def test_a_code_becomes_tokens_once(world: World) -> None:
    form = await code(world)
    response = await world.ask(form | {"client_info": "1"})
    found = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert found["token_type"] == "Bearer"
    assert found["expires_in"] == found["ext_expires_in"] == 3599
    assert found["scope"].split() == [f"{GRAPH}/Mail.Send", "openid", "profile", "email"]
    assert {"access_token", "refresh_token", "id_token", "client_info"} <= found.keys()
    refused(await world.ask(form), 54005, "invalid_grant")


@pytest.mark.parametrize(
    ("changed", "number", "error", "status"),
    [
        ({"code_verifier": "w" * 64}, 501481, "invalid_grant", 400),
        ({"code_verifier": "short"}, 501491, "invalid_grant", 400),
        ({"code_verifier": ""}, 90014, "invalid_request", 400),
        ({"code": ""}, 90014, "invalid_request", 400),
        ({"code": "0.Amadeup"}, 70000, "invalid_grant", 400),
        ({"redirect_uri": "http://localhost:5001/"}, 50011, "invalid_grant", 400),
        ({"client_secret": "s"}, 700025, "invalid_client", 401),
        ({"client_assertion": "a.b.c"}, 700025, "invalid_client", 401),
        ({"client_id": "d" * 8}, 700016, "unauthorized_client", 401),
        ({"client_id": ""}, 90014, "invalid_request", 400),
        ({"grant_type": "password"}, 70003, "unsupported_grant_type", 400),
        ({"grant_type": ""}, 90014, "invalid_request", 400),
        ({"scope": f"{GRAPH}/Mail.Send https://outlook.office.com/SMTP.Send"}, 700022, "invalid_request", 400),
        ({"scope": f"{GRAPH}/Mail.Read"}, 65001, "invalid_grant", 400),
    ],
)
async def test_a_code_is_refused_by_its_number(
    world: World, changed: dict[str, str], number: int, error: str, status: int
) -> None:
    refused(await world.ask(await code(world) | changed), number, error, status)


async def test_a_code_ends_after_ten_minutes(world: World) -> None:
    form = await code(world)
    world.tenant.ahead = timedelta(minutes=11)
    refused(await world.ask(form), 70008, "invalid_grant")


async def test_a_confidential_registration_must_prove_itself(world: World) -> None:
    form = await code(world)
    world.tenant.registrations[CLIENT_ID].public = False
    refused(await world.ask(form), 7000218, "invalid_client", 401)


async def test_without_offline_access_there_is_no_refresh_token_and_without_openid_no_id_token(world: World) -> None:
    found = (await world.ask(await code(world, scope=f"{GRAPH}/Mail.Send"))).json()
    assert "access_token" in found
    assert not {"refresh_token", "id_token", "client_info"} & found.keys()


async def test_each_renewal_yields_the_next_refresh_token(world: World) -> None:
    tokens = [(await world.ask(await code(world))).json()["refresh_token"]]
    for _ in range(3):
        response = await refresh(world, tokens[-1])
        assert response.status_code == 200
        tokens.append(response.json()["refresh_token"])
    assert len(set(tokens)) == 4
    assert world.microsoft.reuse_detections == 0


@pytest.mark.parametrize(
    ("reuse", "old", "new"), [(Reuse.COUNT, 200, 200), (Reuse.REFUSE, 400, 200), (Reuse.REVOKE, 400, 400)]
)
async def test_using_a_replaced_refresh_token_is_counted_and_acted_on(
    world: World, reuse: Reuse, old: int, new: int
) -> None:
    world.tenant.policies.reuse = reuse
    first = (await world.ask(await code(world))).json()["refresh_token"]
    second = (await refresh(world, first)).json()["refresh_token"]
    assert (await refresh(world, first)).status_code == old
    assert (await refresh(world, second)).status_code == new
    assert world.microsoft.reuse_detections == 1


async def test_renewals_at_once_count_as_reuse(world: World) -> None:
    token = (await world.ask(await code(world))).json()["refresh_token"]
    await asyncio.gather(*(refresh(world, token) for _ in range(4)))
    assert world.microsoft.reuse_detections == 3


async def test_a_revoked_account_must_sign_in_again_and_then_counts(world: World) -> None:
    token = (await world.ask(await code(world))).json()["refresh_token"]
    world.tenant.revoked.add(BEN.upper())
    refused(await refresh(world, token), 50173, "invalid_grant")
    fresh = (await world.ask(await code(world))).json()["refresh_token"]
    assert (await refresh(world, fresh)).status_code == 200
    refused(await refresh(world, token), 50173, "invalid_grant")


@pytest.mark.parametrize(
    ("frequency", "ahead", "number"),
    [(0, timedelta(days=91), 700082), (3600, timedelta(hours=2), 70043), (3600, timedelta(minutes=59), 0)],
)
async def test_a_refresh_token_ends_unused_or_by_policy(
    world: World, frequency: int, ahead: timedelta, number: int
) -> None:
    token = (await world.ask(await code(world))).json()["refresh_token"]
    world.tenant.policies.sign_in_frequency_s = frequency
    world.tenant.ahead = ahead
    response = await refresh(world, token)
    if number:
        refused(response, number, "invalid_grant")
    else:
        assert response.status_code == 200


async def test_a_renewal_is_refused_where_a_sign_in_would_be(world: World) -> None:
    token = (await world.ask(await code(world))).json()["refresh_token"]
    refused(await refresh(world, "1.Amadeup"), 70000, "invalid_grant")
    refused(await refresh(world, ""), 90014, "invalid_request")
    world.tenant.people[BEN].disabled = True
    refused(await refresh(world, token), 50057, "invalid_grant")
    world.tenant.people[BEN].disabled = False
    world.tenant.policies.blocked = 53003
    token = (await world.ask(await code_unblocked(world))).json()["refresh_token"]
    refused(await refresh(world, token), 53003, "invalid_grant")
    world.tenant.policies.blocked = 0
    world.tenant.own_consents.clear()
    refused(await refresh(world, token), 65001, "invalid_grant")
    del world.tenant.people[BEN]


async def code_unblocked(world: World) -> dict[str, str]:
    world.tenant.policies.blocked = 0
    form = await code(world)
    world.tenant.policies.blocked = 53003
    return form


async def test_one_sign_in_serves_graph_and_submission_in_turn(world: World) -> None:
    both = f"{SCOPE} https://outlook.office.com/SMTP.Send"
    form = await code(world, scope=both) | {"scope": SCOPE}
    token = (await world.ask(form)).json()["refresh_token"]
    response = await refresh(world, token, scope="https://outlook.office.com/SMTP.Send offline_access")
    assert response.json()["scope"].split()[0] == "https://outlook.office.com/SMTP.Send"


async def test_a_token_is_renewed_where_it_was_given_only(world: World) -> None:
    token = (await world.ask(await code(world))).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "scope": SCOPE}
    refused(await world.ask(form, segment="nowhere.example"), 90002, "invalid_tenant")
    assert (await world.ask(form, segment=TENANT_ID)).status_code == 200


async def test_a_cut_connection_answers_nothing_and_the_next_request_is_served(world: World) -> None:
    form = await code(world)
    world.microsoft.faults.tell(Fault(path="/token"))
    with pytest.raises(httpx.TransportError):
        await world.ask(form)
    assert (await world.ask(form)).status_code == 200


async def test_the_log_names_no_token(world: World) -> None:
    found = (await world.ask(await code(world))).json()
    said = "\n".join(world.microsoft.log)
    assert "token authorization_code" in said
    assert found["access_token"] not in said
    assert found["refresh_token"] not in said
    assert VERIFIER not in said
