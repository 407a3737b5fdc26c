"""Device codes, the application itself, admin consent and probes against the simulated Microsoft."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from tests.unit.oauth.entra.simulated import PERMISSIONS, REDIRECT, Place
from tests.unit.oauth.entra.test_application import KEY, PRIVATE, certificate, pem
from tests.unit.practice.microsoft.visiting import Person

from sendwright.oauth.callback import read_callback
from sendwright.oauth.entra.admin_consent import AdminConsent, consent_address, read_consent
from sendwright.oauth.entra.application import ApplicationTokens, ClientCredential
from sendwright.oauth.entra.device import DeviceCode, await_device, begin_device
from sendwright.oauth.entra.probe import Answer, probe
from sendwright.oauth.entra.sign_in import SignedIn
from sendwright.oauth.entra.tenant import find_tenant
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.lens import read_token
from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, TENANT_ID
from sendwright.problems.classify import classify
from sendwright.secret import Secret

GRAPH_DEFAULT = "https://graph.microsoft.com/.default"


def now() -> datetime:
    return datetime.now(UTC)


async def coded(place: Place) -> DeviceCode:
    return await begin_device(place.registration(), permissions=("Mail.Send",), web=place.web, recorder=place.recorder)


async def awaited(place: Place, code: DeviceCode, act: asyncio.Event | None = None) -> SignedIn:
    asked = 0

    async def pause(_: float) -> None:
        nonlocal asked
        asked += 1
        if asked == 2 and act is not None:
            await act.wait()
        assert asked < 20
        await asyncio.sleep(0)

    return await await_device(
        code, place.registration(), web=place.web, recorder=place.recorder, clock=now, pause=pause
    )


async def typed(place: Place, code: DeviceCode, button: str = "accept") -> str:
    """Type the code on another device and sign in; return what the last page says."""
    async with httpx.AsyncClient(verify=place.context, trust_env=False) as browser:
        person = await Person(browser).open(code.address)
        await person.press("next", otc=code.user_code)
        await person.sign_in(BEN, PASSWORD)
        if button in person.page.ids:
            await person.press(button)
        return person.page.words


async def test_a_device_code_is_typed_elsewhere_while_we_wait(place: Place) -> None:
    code, done = await coded(place), asyncio.Event()
    waiting = asyncio.create_task(awaited(place, code, done))
    await typed(place, code)
    done.set()
    signed_in = await waiting
    assert signed_in.account.username == BEN
    assert "Mail.Send" in signed_in.permissions


async def test_a_device_code_that_is_declined_ends_the_wait(place: Place) -> None:
    code, done = await coded(place), asyncio.Event()
    waiting = asyncio.create_task(awaited(place, code, done))
    await typed(place, code, "cancel")
    done.set()
    with pytest.raises(OAuthFailed) as failure:
        await waiting
    assert classify(failure.value.evidence).code == "consent-declined"


def application(place: Place, credential: ClientCredential) -> ApplicationTokens:
    return ApplicationTokens(
        place.registration(tenant=TENANT_ID),
        credential,
        scope=GRAPH_DEFAULT,
        web=place.web,
        recorder=place.recorder,
        clock=now,
    )


def with_secret(place: Place, ends: timedelta = timedelta(days=1)) -> ClientCredential:
    place.tenant.registrations[CLIENT_ID].secrets["secret-of-the-backend"] = now() + ends
    return ClientCredential(secret=Secret("secret-of-the-backend"))


async def test_an_application_without_consent_is_unknown_and_then_known(place: Place) -> None:
    source = application(place, with_secret(place))
    with pytest.raises(OAuthFailed) as failure:
        await source.token()
    assert classify(failure.value.evidence).code == "application-not-in-tenant"
    place.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    assert read_token((await source.token()).secret).roles == ("Mail.Send",)


async def test_a_token_without_roles_is_issued_too(place: Place) -> None:
    place.tenant.scoped[CLIENT_ID] = {"noreply@contoso.com"}
    token = await application(place, with_secret(place)).token()
    assert read_token(token.secret).roles == ()


async def test_a_certificate_of_msal_is_taken(place: Place) -> None:
    registered = place.tenant.registrations[CLIENT_ID]
    thumbprint = certificate(KEY).fingerprint(hashes.SHA256()).hex()
    registered.certificates.add(thumbprint)
    registered.keys[thumbprint] = pem()
    place.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    token = await application(place, ClientCredential(certificate=Secret(PRIVATE + pem()))).token()
    assert read_token(token.secret).roles == ("Mail.Send",)


async def test_a_certificate_that_nobody_uploaded_is_refused(place: Place) -> None:
    place.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    with pytest.raises(OAuthFailed) as failure:
        await application(place, ClientCredential(certificate=Secret(PRIVATE + pem()))).token()
    assert classify(failure.value.evidence).code == "client-certificate-refused"


async def test_a_secret_that_has_ended_is_told(place: Place) -> None:
    place.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    with pytest.raises(OAuthFailed) as failure:
        await application(place, with_secret(place, timedelta(days=-1))).token()
    assert classify(failure.value.evidence).code == "client-secret-expired"


async def consented(place: Place, button: str) -> dict[str, str]:
    address = consent_address(
        place.registration(tenant=TENANT_ID), permissions=None, redirect_uri=REDIRECT, state="s-1"
    )
    async with httpx.AsyncClient(verify=place.context, trust_env=False) as browser:
        person = await Person(browser).open(address)
        await person.sign_in(ANNA, PASSWORD)
        await person.press(button)
        return dict(read_callback(person.left_to, redirect_uri=REDIRECT))


async def test_an_administrator_consents_and_a_token_proves_it(place: Place) -> None:
    found = read_consent(await consented(place, "accept"), state="s-1")
    assert isinstance(found, AdminConsent)
    assert found.tenant == TENANT_ID
    token = await application(place, with_secret(place)).token()
    assert "Mail.Send" in read_token(token.secret).roles


async def test_an_administrator_who_refuses_is_not_taken_for_a_yes(place: Place) -> None:
    answer = await consented(place, "cancel")
    assert answer["admin_consent"] == "True"
    with pytest.raises(OAuthFailed) as failure:
        read_consent(answer, state="s-1")
    assert classify(failure.value.evidence).code == "consent-declined"


@pytest.mark.parametrize("name", ["contoso.com", TENANT_ID])
async def test_a_domain_leads_to_its_organisation(place: Place, name: str) -> None:
    found = await find_tenant(place.registration(tenant=name), web=place.web)
    assert (found.id, found.cloud) == (TENANT_ID, "global")


async def test_a_domain_that_nobody_has_is_told(place: Place) -> None:
    with pytest.raises(OAuthFailed) as failure:
        await find_tenant(place.registration(tenant="nobody.example"), web=place.web)
    assert failure.value.evidence.number == 90002


async def test_a_registration_is_probed(place: Place) -> None:
    async def answers(**changes: object) -> list[Answer]:
        at = place.registration(tenant=TENANT_ID, own=True, **changes)
        return [one.answer for one in await probe(at, redirect_uri=REDIRECT, web=place.web)][:3]

    yes, no, unknown = Answer.YES, Answer.NO, Answer.UNKNOWN
    assert await answers() == [yes, yes, yes]
    place.tenant.registrations[CLIENT_ID].public = False
    assert await answers() == [yes, yes, no]
    place.tenant.registrations[CLIENT_ID].redirect_uris = {"https://elsewhere.example/"}
    assert await answers() == [yes, no, no]
    assert await answers(client_id="00000000-1111-4222-8333-444444444444") == [no, unknown, unknown]


async def test_a_host_that_nobody_vouches_for_is_not_asked(place: Place) -> None:
    def strangers() -> httpx.AsyncClient:
        return httpx.AsyncClient(trust_env=False)

    with pytest.raises(OAuthFailed) as failure:
        await find_tenant(place.registration(tenant="contoso.com"), web=strangers)
    seen = failure.value.evidence
    assert (seen.stage, seen.condition) == ("reach", "tls-certificate-refused")
    assert seen.verify is not None
    assert seen.values["port"] == str(urlsplit(place.microsoft.login).port)


async def test_a_host_that_is_gone_is_told(place: Place) -> None:
    registration = place.registration(tenant="contoso.com")
    await place.microsoft.stop()
    with pytest.raises(OAuthFailed) as failure:
        await find_tenant(registration, web=place.web)
    assert failure.value.evidence.condition == "connection-refused"
    assert PERMISSIONS
