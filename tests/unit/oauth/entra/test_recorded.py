"""What goes over the wire at a sign-in is recorded, and nothing of it signs anybody in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from tests.unit.oauth.entra.simulated import Place
from tests.unit.oauth.entra.test_application import PRIVATE, pem

from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.entra.application import ApplicationTokens, ClientCredential
from sendwright.oauth.entra.device import begin_device
from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.entra.sign_in import begin, redeem
from sendwright.oauth.grant import OAuthFailed
from sendwright.practice.microsoft.contoso import CLIENT_ID, TENANT_ID
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret

MAIL = "https://graph.microsoft.com/Mail.Send"
REDIRECT = "http://localhost:50123/"


def real_web(place: Place, recorder: WireRecorder) -> Callable[[], httpx.AsyncClient]:
    network = system_network(authorities_pem=place.microsoft.authority_pem, recorder=recorder)
    return lambda: web_client(network, trust_env=False)


async def test_a_whole_sign_in_is_followed_and_says_no_secret(place: Place) -> None:
    recorder = WireRecorder()
    web = real_web(place, recorder)
    request = await begin(
        place.registration(), permissions=("Mail.Send",), redirect_uri=REDIRECT, web=web, recorder=recorder
    )
    answer = await place.answered(request.url)
    signed_in = await redeem(request, answer, place.registration(), web=web, recorder=recorder, now=datetime.now(UTC))
    renewed = await renewing(place.registration(), web=web, recorder=recorder)(signed_in.refresh_token, MAIL)
    with pytest.raises(OAuthFailed) as replayed:
        await redeem(request, answer, place.registration(), web=web, recorder=recorder, now=datetime.now(UTC))
    device = await begin_device(place.registration(), permissions=("Mail.Send",), web=web, recorder=recorder)

    place.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    place.tenant.registrations[CLIENT_ID].secrets["the-secret-of-the-backend"] = datetime.now(UTC) + timedelta(days=1)

    def application(credential: ClientCredential) -> ApplicationTokens:
        return ApplicationTokens(
            place.registration(tenant=TENANT_ID),
            credential,
            scope="https://graph.microsoft.com/.default",
            web=web,
            recorder=recorder,
            clock=lambda: datetime.now(UTC),
        )

    token = await application(ClientCredential(secret=Secret("the-secret-of-the-backend"))).token()
    with pytest.raises(OAuthFailed) as unknown:
        await application(ClientCredential(certificate=Secret(PRIVATE + pem()))).token()
    assert unknown.value.evidence.number == 700027, "nobody uploaded that certificate"

    assert renewed.refresh_token is not None
    told = msgspec.json.encode(recorder.events).decode() + repr(replayed.value.evidence)
    secrets = [
        answer["code"],
        str(request.flow["code_verifier"]),
        str(device.flow["device_code"]),
        "the-secret-of-the-backend",
        PRIVATE.splitlines()[5],
        token.secret.reveal(),
        signed_in.refresh_token.reveal(),
        signed_in.access.secret.reveal(),
        renewed.refresh_token.reveal(),
        renewed.access.secret.reveal(),
    ]
    assert [secret for secret in secrets if secret in told] == []
    assert all(secret.reveal() not in told for secret in recorder.secrets)
    for followed in ("POST https://localhost", "/oauth2/v2.0/token", "discovery/v2.0/keys", "client_request_id"):
        assert followed in told, "what happened can still be followed"
    assert "AADSTS" in told
