"""What a sign-in page is made of, and what is done with what comes back, without a Microsoft to ask."""

import asyncio
from collections.abc import Mapping

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported
from tests.unit.providers.microsoft365.flows import (
    APPLICATION,
    ASKED,
    CLIENT,
    NOW,
    SIGNED_IN,
    TENANT,
    Answering,
    flow_world,
    ignore,
)

from sendwright import texts
from sendwright.deployment.model import Microsoft
from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.wire import ConsentState
from sendwright.oauth.entra.device import DeviceCode
from sendwright.oauth.entra.sign_in import SignInRequest
from sendwright.oauth.entra.tenant import FoundTenant
from sendwright.providers.microsoft365 import organisation
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.organisation import with_organisation, without_organisation
from sendwright.providers.microsoft365.sign_in.attempt import AdminConsent, AnyAttempt, OtherDevice, SignIn, found
from sendwright.providers.microsoft365.sign_in.consent_step import ConsentStep
from sendwright.providers.microsoft365.sign_in.prepare_step import PrepareStep
from sendwright.providers.microsoft365.sign_in.shown_step import ShownStep, read_shown
from sendwright.screens import Consent, ConsentWay, Elsewhere, Form, Halted, Rejected, Working
from sendwright.senders.graph.settings import Way

APP_ONLY = replace(ASKED, way=Way.APPLICATION)
PAGE = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize?state=s"
REDIRECT = "https://login.microsoftonline.com/common/oauth2/nativeclient"
REQUEST = SignInRequest(url=PAGE, state="s", redirect_uri=REDIRECT, permissions=("Mail.Send",))
CODE = DeviceCode(user_code="ABCD-1234", address="https://microsoft.com/devicelogin", expires_at=NOW, interval_s=5)
MISSING = ConsentState(state="missing", tenant=TENANT)


@pytest.mark.parametrize(
    ("state", "stages"),
    [(ASKED, ("ms-organisation", "ms-page")), (APP_ONLY, ("ms-organisation", "ms-agreed", "ms-page"))],
)
def test_what_is_made_ready_is_shown(state: MicrosoftAnswers, stages: tuple[str, ...]) -> None:
    screen = PrepareStep().show(state, flow_world())
    assert isinstance(screen, Working)
    assert screen.stages == stages
    assert all(texts.text(f"stages.{stage}.label") for stage in stages)


@pytest.mark.parametrize("state", [SIGNED_IN, APPLICATION])
def test_whoever_is_connected_needs_no_page(state: MicrosoftAnswers) -> None:
    assert not PrepareStep().applies(state)
    assert not ConsentStep().applies(state)


async def test_an_administrators_page_is_made_without_asking_anybody_but_the_backend() -> None:
    backend, reported = Answering(consents=[MISSING]), Reported()
    world = flow_world(platform=backend.access())
    state = await PrepareStep().accept(APP_ONLY, {}, world, reported)
    attempt = found(state.attempt, world)
    assert isinstance(attempt, AdminConsent)
    assert attempt.url.startswith(f"https://login.microsoftonline.com/{TENANT}/v2.0/adminconsent?")
    assert attempt.redirect_uri == REDIRECT
    assert f"state={attempt.state}" in attempt.url
    assert len(attempt.state) >= 40
    assert [(one.id, one.verdict) for one in reported.results] == [
        ("ms-agreed", Verdict.PASSED),
        ("ms-page", Verdict.PASSED),
    ]


async def test_each_page_has_a_state_of_its_own_and_ends_the_former() -> None:
    world = flow_world(platform=Answering(consents=[MISSING, MISSING]).access())
    first = await PrepareStep().accept(APP_ONLY, {}, world, ignore)
    former = found(first.attempt, world)
    second = await PrepareStep().accept(first, {}, world, ignore)
    latter = found(second.attempt, world)
    assert isinstance(former, AdminConsent)
    assert isinstance(latter, AdminConsent)
    assert former.state != latter.state
    assert found(first.attempt, world) is None


async def test_in_the_own_browser_the_answer_comes_to_this_computer() -> None:
    world = flow_world(platform=Answering(consents=[MISSING, MISSING]).access())
    state = await PrepareStep().accept(replace(APP_ONLY, browser=ConsentWay.BROWSER), {}, world, ignore)
    attempt = found(state.attempt, world)
    assert isinstance(attempt, AdminConsent)
    assert attempt.listening is not None
    assert attempt.redirect_uri.startswith("http://localhost:")
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A" in attempt.url
    await PrepareStep().accept(replace(state, browser=ConsentWay.EMBEDDED), {}, world, ignore)


@pytest.mark.parametrize(
    ("attempt", "way", "code", "redirect"),
    [
        (SignIn(request=REQUEST), ConsentWay.EMBEDDED, "", REDIRECT),
        (AdminConsent(url=PAGE, state="s", redirect_uri=REDIRECT), ConsentWay.EMBEDDED, "", REDIRECT),
        (OtherDevice(code=CODE), ConsentWay.DEVICE, "ABCD-1234", ""),
    ],
)
def test_the_page_is_shown_as_it_was_begun(attempt: AnyAttempt, way: ConsentWay, code: str, redirect: str) -> None:
    world = flow_world()
    state = replace(ASKED, attempt=world.attempts.begin(attempt), browser=way)
    screen = ConsentStep().show(state, world)
    assert isinstance(screen, Consent)
    assert (screen.way, screen.user_code, screen.redirect_uri, screen.url) == (way, code, redirect, attempt.url)
    assert screen.expires_at == (NOW if code else None)
    assert texts.text(screen.title)
    assert texts.text(screen.lead)


@pytest.mark.parametrize("state", [ASKED, replace(APP_ONLY, attempt="of-yesterday")])
async def test_a_page_that_ended_is_made_ready_again(state: MicrosoftAnswers) -> None:
    screen = ConsentStep().show(state, flow_world())
    assert isinstance(screen, Working)
    with pytest.raises(Elsewhere) as elsewhere:
        await ConsentStep().accept(state, {"callback": f"{REDIRECT}?code=c&state=s"}, flow_world(), ignore)
    assert elsewhere.value.step == "ms-prepare"
    assert elsewhere.value.state == replace(state, attempt="")


async def test_a_code_is_never_redeemed_twice_although_somebody_cancels(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, seen = asyncio.Event(), list[Mapping[str, str]]()

    async def redeem(_: object, parameters: Mapping[str, str], *__: object, **___: object) -> None:
        seen.append(parameters)
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("sendwright.providers.microsoft365.sign_in.consent_step.redeem", redeem)
    world = flow_world()
    state = replace(ASKED, attempt=world.attempts.begin(SignIn(request=REQUEST)))
    answer = {"callback": f"{REDIRECT}?code=once&state=s"}
    working = asyncio.create_task(ConsentStep().accept(state, answer, world, ignore))
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    with pytest.raises(Elsewhere):
        await ConsentStep().accept(state, answer, world, ignore)
    assert [parameters["code"] for parameters in seen] == ["once"]


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        ({}, "sign-in-answer-not-understood"),
        ({"callback": ""}, "sign-in-answer-not-understood"),
        ({"callback": "https://evil.example/?code=c&state=s"}, "sign-in-answer-not-understood"),
        ({"callback": f"{REDIRECT}/more?code=c&state=s"}, "sign-in-answer-not-understood"),
        ({"callback": f"{REDIRECT}?code=c&code=d&state=s"}, "sign-in-answer-not-understood"),
        ({"callback": f"{REDIRECT}?admin_consent=True&tenant={TENANT}&state=other"}, "state-forged"),
        ({"callback": f"{REDIRECT}?code=c"}, "state-forged"),
    ],
)
async def test_an_answer_that_is_none_of_ours_ends_the_attempt(answer: dict[str, str], condition: str) -> None:
    world = flow_world()
    for attempt in (SignIn(request=REQUEST), AdminConsent(url=PAGE, state="s", redirect_uri=REDIRECT)):
        state = replace(ASKED, attempt=world.attempts.begin(attempt))
        with pytest.raises(Halted) as halted:
            await ConsentStep().accept(state, answer, world, ignore)
        assert halted.value.problem.evidence.condition == condition
        assert halted.value.state == replace(state, attempt="")
        assert halted.value.actions
        assert found(state.attempt, world) is None
        assert "code=c" not in repr(halted.value.problem)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("AADSTS53003: Access has been blocked by Conditional Access policies.", "conditional-access-blocked"),
        ("Sorry, but we're having trouble signing you in. AADSTS50011: The redirect URI", "redirect-uri-mismatch"),
        ("Need admin approval. AADSTS90094", "consent-needs-admin"),
        ("Wir melden Sie an", "unrecognised"),
    ],
)
def test_what_a_page_shows_is_named(words: str, code: str) -> None:
    problem = read_shown(words, ASKED)
    assert problem.code == code
    assert problem.values["client_id"] == CLIENT


async def test_what_was_pasted_stands_there_still_and_leads_on() -> None:
    step, world = ShownStep(), flow_world()
    assert not step.applies(ASKED)
    screen = step.show(replace(ASKED, words="AADSTS90094"), world)
    assert isinstance(screen, Form)
    assert screen.fields[0].value == "AADSTS90094"
    with pytest.raises(Rejected):
        await step.accept(ASKED, {"words": " \n"}, world, ignore)
    with pytest.raises(Halted) as halted:
        await step.accept(ASKED, {"words": " AADSTS90094 "}, world, ignore)
    assert halted.value.state == replace(ASKED, words="AADSTS90094")
    assert halted.value.actions[0].name == "not-me"
    with pytest.raises(Elsewhere) as elsewhere:
        await step.accept(ASKED, {"action": "own-browser"}, world, ignore)
    assert elsewhere.value.step == "ms-prepare"


def finding(monkeypatch: pytest.MonkeyPatch, cloud: str) -> None:
    async def find(*_: object, **__: object) -> FoundTenant:
        return FoundTenant(id=TENANT, cloud=cloud, issuer=f"https://login.example/{TENANT}/v2.0")

    monkeypatch.setattr(organisation, "find_tenant", find)


@pytest.mark.parametrize(
    ("cloud", "there", "fits"),
    [
        ("global", "global", True),
        ("us-government", "global", True),
        ("global", "us-government", True),
        ("global", "us-government-high", False),
        ("us-government-high", "us-government-dod", False),
        ("china", "global", False),
        ("global", "of-tomorrow", True),
    ],
)
async def test_an_organisation_of_another_cloud_is_named(
    monkeypatch: pytest.MonkeyPatch, cloud: str, there: str, *, fits: bool
) -> None:
    finding(monkeypatch, there)
    state = replace(ASKED, tenant_id="", cloud=cloud)
    if fits:
        assert (await with_organisation(state, flow_world(), ignore)).tenant_id == TENANT
        return
    with pytest.raises(Halted) as halted:
        await with_organisation(state, flow_world(), ignore)
    assert halted.value.problem.code == "wrong-cloud"


@pytest.mark.parametrize("state", [ASKED, without_organisation(ASKED), replace(ASKED, tenant="", tenant_id="")])
async def test_nobody_is_asked_for_what_is_known_or_left_open(state: MicrosoftAnswers) -> None:
    reported = Reported()
    assert await with_organisation(state, flow_world(), reported) == state
    assert reported.results == []


async def test_a_page_that_cannot_be_returned_from_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_port(*_: object) -> None:
        raise OSError("no port is free")

    monkeypatch.setattr("sendwright.providers.consent.listening.listening_at", no_port)
    world = flow_world(
        microsoft=Microsoft(client_id=CLIENT, redirect_uri="http://127.0.0.1"),
        platform=Answering(consents=[MISSING]).access(),
    )
    with pytest.raises(Halted) as halted:
        await PrepareStep().accept(replace(APP_ONLY, browser=ConsentWay.BROWSER), {}, world, ignore)
    assert halted.value.problem.code == "loopback-not-possible"
    assert halted.value.problem.values["host"] == "127.0.0.1"
