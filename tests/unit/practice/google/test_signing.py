"""Signing for a service account without a key: the identity of a backend, and what it may not."""

import base64
import time

import httpx
import pytest
from joserfc import jws
from tests.unit.practice.google.visiting import World

from sendwright.oauth.google.scopes import SEND
from sendwright.practice.google.example import ANNA, SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID
from sendwright.practice.google.permissions import CLOUD
from sendwright.practice.google.signing import EXCHANGE

PRINCIPAL = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/backend"


async def identity(world: World, token: str = "proof", scope: str = CLOUD) -> httpx.Response:
    world.workspace.identities["proof"] = PRINCIPAL
    return await world.post("v1/token", grant_type=EXCHANGE, subject_token=token, scope=scope)


async def signed(
    world: World, access: str, payload: bytes = b"words", account: str = SERVICE_ACCOUNT
) -> httpx.Response:
    url = f"{world.google.login}/v1/projects/-/serviceAccounts/{account}:signBlob"
    body = {"payload": base64.b64encode(payload).decode("ascii")}
    return await world.http().post(url, json=body, headers={"authorization": f"Bearer {access}"})


def part(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


async def test_an_assertion_signed_by_google_opens_the_mailbox(world: World) -> None:
    world.workspace.service_accounts[SERVICE_ACCOUNT].signers.add(PRINCIPAL)
    world.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
    access = (await identity(world)).json()["access_token"]
    now = int(time.time())
    claims = (
        f'{{"iss":"{SERVICE_ACCOUNT}","sub":"{ANNA}","scope":"{SEND}","aud":"{world.google.login}/token",'
        f'"iat":{now},"exp":{now + 3600}}}'
    )
    signing_input = part(b'{"alg":"RS256","typ":"JWT"}') + b"." + part(claims.encode("ascii"))
    answer = (await signed(world, access, signing_input)).json()
    assertion = signing_input + b"." + part(base64.b64decode(answer["signedBlob"]))
    assert jws.extract_compact(assertion).headers()["alg"] == "RS256"
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    found = await world.post(grant_type=grant, assertion=assertion.decode("ascii"))
    assert (found.status_code, found.json()["token_type"]) == (200, "Bearer")
    assert answer["keyId"] in world.workspace.service_accounts[SERVICE_ACCOUNT].keys


@pytest.mark.parametrize(
    ("account", "signer", "scope", "refused"),
    [
        (SERVICE_ACCOUNT, "", CLOUD, (403, "PERMISSION_DENIED")),
        (SERVICE_ACCOUNT, PRINCIPAL, SEND, (403, "PERMISSION_DENIED")),
        ("other@practice-project.iam.gserviceaccount.com", PRINCIPAL, CLOUD, (404, "NOT_FOUND")),
    ],
)
async def test_nobody_else_signs(world: World, account: str, signer: str, scope: str, refused: tuple[int, str]) -> None:
    world.workspace.service_accounts[SERVICE_ACCOUNT].signers = {signer}
    access = (await identity(world, scope=scope)).json()["access_token"]
    answer = await signed(world, access, account=account)
    assert (answer.status_code, answer.json()["error"]["status"]) == refused


async def test_an_unknown_identity_is_none(world: World) -> None:
    answer = await identity(world, token="forged")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert (await signed(world, "ya29.forged")).status_code == 401
