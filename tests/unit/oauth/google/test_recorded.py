"""What goes over the wire at a sign-in is recorded, and nothing of it signs anybody in."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import msgspec
import pytest
from tests.servers.google import listening
from tests.unit.oauth.google.simulated import REDIRECT, Place

from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.google.probe import check_client
from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.revoke import revoke
from sendwright.oauth.google.scopes import SEND, USUAL
from sendwright.oauth.google.sign_in import begin, redeem
from sendwright.oauth.grant import OAuthFailed
from sendwright.practice.google.example import CLIENT_SECRET
from sendwright.recording.wire_recorder import WireRecorder


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with listening() as found:
        yield Place(found.google, ssl.create_default_context(cadata=found.google.authority_pem))


async def test_a_whole_sign_in_is_followed_and_says_no_secret(place: Place) -> None:
    recorder = WireRecorder()
    network = system_network(authorities_pem=place.google.authority_pem, recorder=recorder)

    def web() -> httpx.AsyncClient:
        return web_client(network, trust_env=False)

    client = place.client()
    request = await begin(client, scopes=USUAL, redirect_uri=REDIRECT, web=web, recorder=recorder)
    answer = await place.answered(request.url)
    found = await redeem(request, answer, client, web=web, recorder=recorder, now=datetime.now(UTC))
    renewed = await renewing(client, web=web, recorder=recorder)(found.refresh_token, SEND)
    with pytest.raises(OAuthFailed) as replayed:
        await redeem(request, answer, client, web=web, recorder=recorder, now=datetime.now(UTC))
    assert await check_client(client, web=web, recorder=recorder)
    await revoke(found.refresh_token, client.place, web=web)

    told = msgspec.json.encode(recorder.events).decode() + repr(replayed.value.evidence)
    secrets = [
        answer["code"],
        answer["state"],
        request.verifier.reveal(),
        request.nonce.reveal(),
        CLIENT_SECRET,
        found.refresh_token.reveal(),
        found.access.secret.reveal(),
        renewed.access.secret.reveal(),
    ]
    assert [secret for secret in secrets if secret in told] == []
    assert all(secret.reveal() not in told for secret in recorder.secrets)
    for followed in ("POST https://localhost", "/token", "/oauth2/v3/certs", "/revoke", "invalid_grant"):
        assert followed in told, "what happened can still be followed"
