"""Between the plan and the connection: a page that is good once, a browser that comes back, and ways on."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported, ignore
from tests.unit.providers.gmail.flows import (
    ALL,
    ANNA,
    ASKED,
    BEN,
    NOW,
    OWN,
    SERVICE,
    SIGNED_IN,
    flow_world,
)

from sendwright.deployment.model import Google
from sendwright.diagnosis.stage import Verdict
from sendwright.oauth.google.scopes import SEND, SETTINGS
from sendwright.oauth.google.sign_in import SignedIn
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sign_in.attempt import SignIn, found
from sendwright.providers.gmail.sign_in.consent_step import ConsentStep
from sendwright.providers.gmail.sign_in.prepare_step import PrepareStep
from sendwright.screens import Consent, ConsentWay, Elsewhere, Halted, Working
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef
from sendwright.world import World

PREPARE, CONSENT = PrepareStep(), ConsentStep()
FURTHER = replace(SIGNED_IN, returning=True)
REDEEM = "sendwright.providers.gmail.sign_in.consent_step.redeem"


def signed(scopes: tuple[str, ...] = ALL) -> SignedIn:
    access = AccessToken(secret=Secret("ya29.x"), expires_at=NOW + timedelta(hours=1))
    return SignedIn(account=ANNA, access=access, refresh_token=Secret("1//x"), scopes=scopes)


@pytest.fixture
def redeemed(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """Exchange whatever comes back for Anna's tokens; remember what it was."""
    seen: list[Mapping[str, str]] = []

    async def redeem(_: object, parameters: Mapping[str, str], *__: object, **___: object) -> SignedIn:
        seen.append(parameters)
        return signed()

    monkeypatch.setattr(REDEEM, redeem)
    return seen


async def prepared(state: GmailAnswers, world: World) -> tuple[GmailAnswers, SignIn]:
    state = await PREPARE.accept(state, {}, world, ignore)
    attempt = found(state.attempt, world)
    assert attempt is not None
    return state, attempt


def asked(attempt: SignIn) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(attempt.url).query).items()}


async def come_back(attempt: SignIn, **parameters: str) -> int:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        address = f"{attempt.request.redirect_uri}/"
        return (await browser.get(address, params={"state": attempt.request.state} | parameters)).status_code


@pytest.mark.parametrize("step", [PREPARE, CONSENT], ids=["prepare", "consent"])
@pytest.mark.parametrize(
    ("state", "applies"),
    [(ASKED, True), (SIGNED_IN, False), (FURTHER, True), (replace(ASKED, reconnecting=True), True), (SERVICE, False)],
)
def test_they_come_until_somebody_signed_in_and_for_a_further_permission(
    step: PrepareStep | ConsentStep, state: GmailAnswers, *, applies: bool
) -> None:
    assert step.applies(state) is applies


async def test_a_page_is_made_that_comes_back_to_this_computer() -> None:
    world, progress = flow_world(), Reported()
    state = await PREPARE.accept(ASKED, {}, world, progress)
    attempt = found(state.attempt, world)
    assert attempt is not None
    assert progress["gmail-page"].verdict is Verdict.PASSED
    query = asked(attempt)
    assert urlsplit(attempt.url).netloc == "accounts.google.com"
    assert query["redirect_uri"] == attempt.request.redirect_uri
    assert attempt.request.redirect_uri.startswith("http://127.0.0.1:")
    assert set(query["scope"].split()) == set(ALL)
    assert query["code_challenge_method"] == "S256"
    await attempt.close()


@pytest.mark.parametrize(
    ("state", "hint", "domain", "further"),
    [
        (ASKED, None, None, False),
        (replace(ASKED, expected=BEN, reconnecting=True), BEN.username, "example.org", False),
        (FURTHER, ANNA.username, "example.org", True),
    ],
)
async def test_whoever_is_expected_is_hinted_at(
    state: GmailAnswers, hint: str | None, domain: str | None, *, further: bool
) -> None:
    _, attempt = await prepared(state, flow_world())
    query = asked(attempt)
    assert (query.get("login_hint"), query.get("hd")) == (hint, domain)
    assert (SETTINGS in query["scope"]) is further
    assert (query.get("include_granted_scopes") == "true") is further
    await attempt.close()


async def test_a_reconnection_asks_as_the_platforms_present_client_at_its_places() -> None:
    google = Google(client_id="111111111111-new.apps.googleusercontent.com", login="https://localhost:1")
    state = replace(ASKED, reconnecting=True, login="https://evil.example")
    state, attempt = await prepared(state, flow_world(google=google))
    assert (state.client_id, state.login) == (google.client_id, "https://localhost:1")
    assert attempt.url.startswith("https://localhost:1/")
    await attempt.close()


async def test_a_second_page_ends_the_first() -> None:
    world = flow_world()
    state, first = await prepared(ASKED, world)
    again, second = await prepared(state, world)
    assert found(state.attempt, world) is None
    assert again.attempt != state.attempt
    with pytest.raises(httpx.ConnectError):
        await come_back(first, code="x")
    await second.close()


async def test_no_port_is_a_named_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_port(*_: object) -> None:
        raise OSError("no port")

    monkeypatch.setattr("sendwright.providers.consent.listening.listening_at", no_port)
    with pytest.raises(Halted) as halted:
        await PREPARE.accept(ASKED, {}, flow_world(), ignore)
    assert halted.value.problem.code == "loopback-not-possible"
    assert halted.value.problem.values["host"] == "127.0.0.1"


async def test_nobody_listens_where_no_page_could_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    async def refuse(*_: object, redirect_uri: str, **__: object) -> None:
        opened.append(redirect_uri)
        raise OAuthFailed(Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_client"))

    monkeypatch.setattr("sendwright.providers.gmail.sign_in.prepare_step.begin", refuse)
    with pytest.raises(Halted):
        await PREPARE.accept(ASKED, {}, flow_world(), ignore)
    async with httpx.AsyncClient(trust_env=False) as browser:
        with pytest.raises(httpx.ConnectError):
            await browser.get(opened[0])


async def test_an_own_clients_secret_that_has_gone_can_be_typed_again() -> None:
    state = replace(OWN, client_secret=SecretRef("google-client-secret", "s"))
    with pytest.raises(Halted) as halted:
        await PREPARE.accept(state, {}, flow_world(), ignore)
    assert [action.name for action in halted.value.actions] == ["change-client"]
    with pytest.raises(Elsewhere) as elsewhere:
        await PREPARE.accept(state, {"action": "change-client"}, flow_world(), ignore)
    assert elsewhere.value.step == "gmail-client"


async def test_the_page_is_always_the_persons_own_browser() -> None:
    world = flow_world()
    state, attempt = await prepared(ASKED, world)
    screen = CONSENT.show(state, world)
    assert isinstance(screen, Consent)
    assert (screen.way, screen.url) == (ConsentWay.BROWSER, attempt.url)
    assert [action.name for action in screen.actions] == ["not-me", "showed-error"]
    assert screen.notices == ()
    await attempt.close()


@pytest.mark.parametrize(
    ("state", "keys", "actions"),
    [
        (replace(ASKED, incomplete=(SEND,)), ["gmail.consent.tick"], ["not-me", "showed-error"]),
        (replace(ASKED, expected=BEN), ["gmail.consent.expected"], ["not-me", "showed-error"]),
        (FURTHER, ["gmail.consent.expected"], ["without-list", "showed-error"]),
        (replace(ASKED, address="clara@gmail.com"), [], ["showed-error"]),
    ],
)
async def test_what_to_mind_on_googles_page_is_said_beside_it(
    state: GmailAnswers, keys: list[str], actions: list[str]
) -> None:
    world = flow_world()
    state, attempt = await prepared(state, world)
    screen = CONSENT.show(state, world)
    assert isinstance(screen, Consent)
    assert [notice.key for notice in screen.notices] == keys
    assert [action.name for action in screen.actions] == actions
    await attempt.close()


def test_a_page_that_ended_is_made_ready_again() -> None:
    assert isinstance(CONSENT.show(ASKED, flow_world()), Working)


async def test_without_a_page_there_is_nothing_to_wait_for() -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await CONSENT.accept(replace(ASKED, attempt="gone"), {}, flow_world(), ignore)
    assert (elsewhere.value.step, elsewhere.value.state) == ("gmail-prepare", ASKED)


async def test_the_answer_of_the_browser_is_taken_once(redeemed: list[Mapping[str, str]]) -> None:
    world = flow_world()
    state, attempt = await prepared(ASKED, world)
    waiting = asyncio.create_task(CONSENT.accept(state, {}, world, ignore))
    assert await come_back(attempt, code="4/0A-code", scope=" ".join(ALL)) == 200
    done = await waiting
    assert (done.account, done.scopes, done.attempt) == (ANNA, ALL, "")
    assert redeemed[0]["code"] == "4/0A-code"
    assert found(state.attempt, world) is None


async def test_a_code_is_never_redeemed_twice_although_somebody_cancels(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, seen = asyncio.Event(), list[Mapping[str, str]]()

    async def redeem(_: object, parameters: Mapping[str, str], *__: object, **___: object) -> SignedIn:
        seen.append(parameters)
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(REDEEM, redeem)
    world = flow_world()
    state, attempt = await prepared(ASKED, world)
    working = asyncio.create_task(CONSENT.accept(state, {}, world, ignore))
    await come_back(attempt, code="4/once")
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert isinstance(CONSENT.show(state, world), Working), "a new page is made ready"
    with pytest.raises(Elsewhere):
        await CONSENT.accept(state, {}, world, ignore)
    assert [parameters["code"] for parameters in seen] == ["4/once"]


async def test_a_further_permission_leads_back_to_the_sender(
    monkeypatch: pytest.MonkeyPatch, redeemed: list[Mapping[str, str]]
) -> None:
    async def redeem(*_: object, **__: object) -> SignedIn:
        return signed((*ALL, SETTINGS))

    monkeypatch.setattr(REDEEM, redeem)
    world = flow_world()
    state, attempt = await prepared(FURTHER, world)
    waiting = asyncio.create_task(CONSENT.accept(state, {}, world, ignore))
    await come_back(attempt, code="x")
    with pytest.raises(Elsewhere) as elsewhere:
        await waiting
    assert elsewhere.value.step == "gmail-alias"
    after = elsewhere.value.state
    assert isinstance(after, GmailAnswers)
    assert SETTINGS in after.scopes
    assert redeemed == []


@pytest.mark.parametrize(
    ("state", "error", "code", "actions"),
    [
        (ASKED, "access_denied", "google-sign-in-cancelled", []),
        (ASKED, "admin_policy_enforced", "google-app-blocked-by-admin", ["not-me"]),
        (OWN, "invalid_client", "google-client-unknown", ["change-client"]),
        (ASKED, "invalid_client", "google-client-unknown", []),
        (FURTHER, "access_denied", "google-sign-in-cancelled", ["without-list"]),
        (FURTHER, "admin_policy_enforced", "google-app-blocked-by-admin", ["without-list"]),
    ],
)
async def test_what_google_refuses_is_named_with_the_way_that_helps(
    monkeypatch: pytest.MonkeyPatch, state: GmailAnswers, error: str, code: str, actions: list[str]
) -> None:
    async def refuse(*_: object, **__: object) -> SignedIn:
        raise OAuthFailed(Evidence(stage="sign-in", system=System.GOOGLE, error=error))

    monkeypatch.setattr(REDEEM, refuse)
    world = flow_world()
    before, attempt = await prepared(state, world)
    waiting = asyncio.create_task(CONSENT.accept(before, {}, world, ignore))
    await come_back(attempt, error=error)
    with pytest.raises(Halted) as halted:
        await waiting
    assert halted.value.problem.code == code
    assert [action.name for action in halted.value.actions] == actions
    assert halted.value.state == replace(before, attempt="")
    assert found(before.attempt, world) is None


async def test_a_browser_that_never_comes_back_is_waited_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendwright.providers.consent.listening.PATIENCE_S", 0.01)
    world = flow_world()
    state, _ = await prepared(ASKED, world)
    with pytest.raises(Halted) as halted:
        await CONSENT.accept(state, {}, world, ignore)
    assert halted.value.problem.code == "sign-in-not-finished"
    assert [action.name for action in halted.value.actions] == ["showed-error", "not-me"]


async def test_a_listener_that_is_closed_meanwhile_is_a_named_stop() -> None:
    world = flow_world()
    state, attempt = await prepared(ASKED, world)
    waiting = asyncio.create_task(CONSENT.accept(state, {}, world, ignore))
    await asyncio.sleep(0)
    await attempt.close()
    with pytest.raises(Halted) as halted:
        await waiting
    assert halted.value.problem.code == "google-answer-not-understood"


@pytest.mark.parametrize(
    ("state", "action", "step"),
    [
        (ASKED, "not-me", "gmail-handover"),
        (ASKED, "showed-error", "gmail-shown"),
        (OWN, "change-client", "gmail-client"),
        (FURTHER, "without-list", "gmail-alias"),
        (ASKED, "without-list", "gmail-prepare"),
        (ASKED, "anything", "gmail-prepare"),
    ],
)
async def test_each_button_leads_somewhere(state: GmailAnswers, action: str, step: str) -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await CONSENT.accept(state, {"action": action}, flow_world(), ignore)
    assert elsewhere.value.step == step
