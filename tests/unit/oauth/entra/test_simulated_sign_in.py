"""The whole way against the simulated Microsoft: over TLS, through its pages, with everything it refuses."""

import pytest
from tests.unit.oauth.entra.simulated import PERMISSIONS, REDIRECT, Place

from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.entra.shown import DEVICE_DEMANDS, error_shown
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.lens import read_token
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, TENANT_ID
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence

MAIL = "https://graph.microsoft.com/Mail.Send"


async def refused(place: Place, request: object, answer: dict[str, str], **more: object) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await place.signed_in(request, answer, **more)  # type: ignore[arg-type]
    return failure.value.evidence


async def test_ben_signs_in_consents_and_his_token_is_his(place: Place) -> None:
    request = await place.begun()
    signed_in = await place.signed_in(request, await place.answered(request.url))
    assert (signed_in.account.tenant, signed_in.account.username) == (TENANT_ID, BEN)
    assert set(PERMISSIONS) <= set(signed_in.permissions)
    view = read_token(signed_in.access.secret)
    assert (view.username, view.app_id, view.audience) == (BEN, CLIENT_ID, "https://graph.microsoft.com")
    assert {signed_in.refresh_token.reveal(), signed_in.access.secret.reveal()} <= place.recorder.learned


async def test_a_permission_of_exchange_comes_with_a_token_of_its_own(place: Place) -> None:
    request = await place.begun(permissions=("Mail.Send", "SMTP.Send"))
    signed_in = await place.signed_in(request, await place.answered(request.url))
    assert {"Mail.Send", "SMTP.Send"} <= set(signed_in.permissions)
    renew = renewing(place.registration(tenant=TENANT_ID), web=place.web, recorder=place.recorder)
    renewed = await renew(signed_in.refresh_token, "https://outlook.office.com/SMTP.Send")
    assert read_token(renewed.access.secret).scopes == ("SMTP.Send",)
    assert place.microsoft.reuse_detections == 0


async def test_each_renewal_yields_the_next_refresh_token(place: Place) -> None:
    request = await place.begun()
    signed_in = await place.signed_in(request, await place.answered(request.url))
    renew, token = renewing(place.registration(), web=place.web, recorder=place.recorder), signed_in.refresh_token
    for _ in range(5):
        renewed = await renew(token, MAIL)
        assert renewed.refresh_token not in (None, token)
        token = renewed.refresh_token or token
    assert place.microsoft.reuse_detections == 0


async def test_revoked_sessions_end_it_with_the_reason(place: Place) -> None:
    request = await place.begun()
    signed_in = await place.signed_in(request, await place.answered(request.url))
    place.tenant.revoked.add(BEN)
    with pytest.raises(OAuthFailed) as failure:
        await renewing(place.registration(), web=place.web, recorder=place.recorder)(signed_in.refresh_token, MAIL)
    assert (failure.value.evidence.error, failure.value.evidence.number) == ("invalid_grant", 50173)
    assert classify(failure.value.evidence).code == "sign-in-revoked"


async def test_a_declined_consent_comes_back_as_such(place: Place) -> None:
    request = await place.begun()
    seen = await refused(place, request, await place.answered(request.url, button="cancel"))
    assert (seen.number, classify(seen).code) == (65004, "consent-declined")


async def test_a_code_counts_once(place: Place) -> None:
    request = await place.begun()
    answer = await place.answered(request.url)
    await place.signed_in(request, answer)
    seen = await refused(place, request, answer)
    assert seen.error == "invalid_grant"
    assert classify(seen).code == "authorization-code-refused"


async def test_a_forged_state_is_refused_before_anything_is_asked(place: Place) -> None:
    request = await place.begun()
    answer = await place.answered(request.url) | {"state": "forged"}
    before = len(place.microsoft.log)
    assert (await refused(place, request, answer)).condition == "state-forged"
    assert len(place.microsoft.log) == before


async def test_the_code_of_somebody_else_s_sign_in_does_not_fit(place: Place) -> None:
    mine, theirs = await place.begun(), await place.begun()
    stolen = await place.answered(theirs.url) | {"state": mine.state}
    assert (await refused(place, mine, stolen)).number == 501481


async def test_somebody_of_another_organisation_may_not_reconnect(place: Place) -> None:
    first = await place.begun()
    ben = (await place.signed_in(first, await place.answered(first.url))).account
    again = await place.begun()
    answer = await place.answered(again.url, username="dora@fabrikam.com", password="pw-of-dora")
    seen = await refused(place, again, answer, expected=ben)
    assert classify(seen).code == "other-tenant"
    assert seen.values["username"] == "dora@fabrikam.com"


async def test_a_guest_is_refused(place: Place) -> None:
    request = await place.begun(tenant=TENANT_ID)
    answer = await place.answered(request.url, username="guest@fabrikam.com", password="pw-of-the-guest")
    seen = await refused(place, request, answer, tenant=TENANT_ID)
    assert classify(seen).code == "account-of-another-organisation"


@pytest.mark.parametrize("number", [53000, 53003, 50105, 50097])
async def test_what_stops_on_microsoft_s_page_is_read_from_it(place: Place, number: int) -> None:
    place.tenant.policies.blocked = number
    request = await place.begun()
    person = await place.page(request.url)
    assert not person.left_to
    seen = error_shown(person.page.words)
    assert seen is not None
    assert seen.number == number
    assert (number in DEVICE_DEMANDS) == (number != 50105)
    assert classify(seen).code != "unrecognised"


async def test_a_redirect_that_is_not_registered_is_read_from_the_page(place: Place) -> None:
    place.tenant.registrations[CLIENT_ID].redirect_uris = {"https://elsewhere.example/"}
    request = await place.begun()
    assert request.redirect_uri == REDIRECT
    person = await place.page_only(request.url)
    seen = error_shown(person.page.words)
    assert seen is not None
    assert (seen.number, classify(seen).code) == (50011, "redirect-uri-mismatch")
