"""Signing in at the simulated Google, over TLS and through its pages."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.servers.google import listening
from tests.unit.oauth.google.simulated import Place

from sendwright.oauth.account import Account
from sendwright.oauth.google.probe import check_client
from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.revoke import revoke
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.oauth.google.shown import error_shown
from sendwright.oauth.grant import OAuthFailed
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, BEN, CLARA, CLIENT_ID, DOMAIN, OWN_CLIENT_ID
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with listening() as found:
        yield Place(found.google, ssl.create_default_context(cadata=found.google.authority_pem))


async def refused(place: Place, **how: object) -> Evidence:
    request = await place.begun()
    answer = await place.answered(request.url, **how)
    with pytest.raises(OAuthFailed) as failure:
        await place.redeemed(request, answer)
    return failure.value.evidence


async def test_somebody_of_the_workspace_signs_in(place: Place) -> None:
    found = await place.signed_in()
    anna = place.workspace.people[ANNA]
    assert found.account == Account(tenant="https://accounts.google.com", oid=anna.sub, username=ANNA, domain=DOMAIN)
    assert set(found.scopes) == set(USUAL)
    assert found.ends_at is None
    told = {found.access.secret.reveal(), found.refresh_token.reveal()}
    assert told <= place.recorder.learned


@pytest.mark.parametrize(("email", "domain"), [(BEN, DOMAIN), (CLARA, "")])
async def test_a_personal_account_is_told_from_one_of_the_workspace(place: Place, email: str, domain: str) -> None:
    account = (await place.signed_in(email=email)).account
    assert (account.username, account.domain) == (email, domain)


async def test_the_organisation_s_own_client_lets_its_people_in_and_nobody_else(place: Place) -> None:
    own = place.client(own=True)
    assert (await place.signed_in(client=own)).account.username == ANNA
    request = await place.begun(client=own)
    person = await place.at_page(request.url, email=CLARA)
    assert not person.left_to, "Google keeps her on its page"
    seen = error_shown(person.html, own=True)
    assert seen is not None
    assert classify(seen).code == "google-other-organisation"


async def test_a_connection_is_renewed_and_its_refresh_token_stands(place: Place) -> None:
    found = await place.signed_in()
    renew = renewing(place.client(), web=place.web, recorder=place.recorder)
    one, two = [await renew(found.refresh_token, SEND) for _ in range(2)]
    assert one.access.secret != two.access.secret
    assert (one.access.scope, one.refresh_token) == (SEND, None)
    whole = await renew(found.refresh_token, "")
    assert set(whole.access.scope.split()) == set(USUAL)
    with pytest.raises(OAuthFailed) as failure:
        await renew(found.refresh_token, MAIL)
    assert failure.value.evidence.error == "invalid_scope"


async def test_a_further_permission_is_added_to_what_was_granted_before(place: Place) -> None:
    first = await place.signed_in()
    second = await place.signed_in((*USUAL, SETTINGS), expected=first.account)
    assert set(second.scopes) == {*USUAL, SETTINGS}
    assert second.account == first.account


@pytest.mark.parametrize(
    ("boxes", "scopes"),
    [
        ((), {OPENID, EMAIL}),
        (("scope-gmail-send",), {OPENID, EMAIL, SEND}),
        (("scope-gmail-settings-basic",), {OPENID, EMAIL, SETTINGS}),
    ],
)
async def test_boxes_that_were_left_unticked_are_told(place: Place, boxes: tuple[str, ...], scopes: set[str]) -> None:
    found = await place.signed_in((*USUAL, SETTINGS), boxes=boxes)
    assert set(found.scopes) == scopes


async def test_whoever_cancels_comes_back(place: Place) -> None:
    seen = await refused(place, button="cancel")
    assert (seen.error, classify(seen).code) == ("access_denied", "google-sign-in-cancelled")


async def test_another_account_than_before_changes_nothing(place: Place) -> None:
    anna = await place.signed_in()
    with pytest.raises(OAuthFailed) as failure:
        await place.signed_in(email=BEN, expected=anna.account)
    problem = classify(failure.value.evidence)
    assert (problem.code, problem.values["username"], problem.values["expected"]) == ("other-account", BEN, ANNA)
    assert place.google.revoked == []
    renew = renewing(place.client(), web=place.web, recorder=place.recorder)
    assert (await renew(anna.refresh_token, SEND)).access.secret.reveal()


async def test_a_client_in_testing_says_when_its_connections_end(place: Place) -> None:
    client = place.workspace.clients[CLIENT_ID]
    client.testing, client.test_users = True, {ANNA}
    before = datetime.now(UTC)
    found = await place.signed_in()
    assert found.ends_at is not None
    assert timedelta(days=6, hours=23) < found.ends_at - before < timedelta(days=7, minutes=5)
    person = await place.at_page((await place.begun()).url, email=BEN)
    seen = error_shown(person.html)
    assert seen is not None
    assert classify(seen).code == "google-not-a-test-user"


async def test_an_administrator_s_block_is_told_whether_it_comes_back_or_not(place: Place) -> None:
    place.workspace.policies.blocked.add(CLIENT_ID)
    person = await place.at_page((await place.begun()).url)
    assert not person.left_to
    seen = error_shown(person.html)
    assert seen is not None
    assert classify(seen).code == "google-app-blocked-by-admin"
    place.workspace.policies.told.add("admin_policy_enforced")
    assert classify(await refused(place)).code == "google-app-blocked-by-admin"


async def test_a_connection_that_was_ended_elsewhere_is_told(place: Place) -> None:
    found = await place.signed_in()
    await revoke(found.refresh_token, place.client().place, web=place.web)
    with pytest.raises(OAuthFailed) as failure:
        await renewing(place.client(), web=place.web, recorder=place.recorder)(found.refresh_token, SEND)
    assert classify(failure.value.evidence).code == "google-connection-ended"


async def test_revoking_ends_every_sign_in_of_the_project_and_twice_is_no_failure(place: Place) -> None:
    one, two = [await place.signed_in() for _ in range(2)]
    other = await place.signed_in(client=place.client(own=True))
    for _ in range(2):
        await revoke(one.refresh_token, place.client().place, web=place.web)
    renew = renewing(place.client(), web=place.web, recorder=place.recorder)
    for found in (one, two):
        with pytest.raises(OAuthFailed):
            await renew(found.refresh_token, SEND)
    own = renewing(place.client(own=True), web=place.web, recorder=place.recorder)
    assert (await own(other.refresh_token, SEND)).access.secret.reveal(), "another project goes on"


async def test_a_code_counts_once_and_not_for_another_client(place: Place) -> None:
    request = await place.begun()
    answer = await place.answered(request.url)
    with pytest.raises(OAuthFailed) as stolen:
        await place.redeemed(request, answer, client=place.client(own=True))
    assert classify(stolen.value.evidence).code == "google-sign-in-not-completed"
    request = await place.begun()
    answer = await place.answered(request.url)
    await place.redeemed(request, answer)
    with pytest.raises(OAuthFailed) as replayed:
        await place.redeemed(request, answer)
    assert classify(replayed.value.evidence).code == "google-sign-in-not-completed"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(path="/token"), "connection-dropped"),
        (Fault(path="/token", status=503, code="temporarily_unavailable"), "google-unavailable"),
        (Fault(path="/token", status=200, body=b"<html>Hotel</html>"), "google-answer-not-understood"),
        (Fault(path="/oauth2/v3/certs", status=500), "google-unavailable"),
    ],
)
async def test_a_fault_on_the_way_is_told_and_met_once(place: Place, fault: Fault, code: str) -> None:
    request = await place.begun()
    answer = await place.answered(request.url)
    place.google.faults.tell(fault)
    with pytest.raises(OAuthFailed) as failure:
        await place.redeemed(request, answer)
    assert classify(failure.value.evidence).code == code
    assert place.google.faults.left == 0
    assert (await place.redeemed(request, answer)).account.username == ANNA, "the code was not used up"


async def test_a_client_is_checked_without_anybody_signing_in(place: Place) -> None:
    for own in (False, True):
        assert await check_client(place.client(own=own), web=place.web, recorder=place.recorder)
    for wrong in ({"secret": Secret("GOCSPX-typo")}, {"client_id": "typo.apps.googleusercontent.com"}):
        with pytest.raises(OAuthFailed) as failure:
            await check_client(place.client(own=True, **wrong), web=place.web, recorder=place.recorder)
        assert classify(failure.value.evidence).code == "google-client-unknown"
    place.workspace.clients[OWN_CLIENT_ID].deleted = True
    with pytest.raises(OAuthFailed) as gone:
        await check_client(place.client(own=True), web=place.web, recorder=place.recorder)
    assert classify(gone.value.evidence).code == "google-client-removed"


async def test_a_client_of_another_kind_is_told_by_the_page(place: Place) -> None:
    place.workspace.clients[CLIENT_ID].kind = "web"
    person = await place.opened((await place.begun()).url)
    seen = error_shown(person.html)
    assert seen is not None
    assert classify(seen).code == "google-redirect-not-registered"
