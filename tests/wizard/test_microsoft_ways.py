"""The other ways to Microsoft's page: the person's own browser, a code on another device, an error that is pasted."""

import asyncio
from pathlib import Path

import httpx
import pytest
from tests.unit.practice.microsoft.visiting import OWN_BROWSER
from tests.wizard.microsoft_surroundings import (
    Play,
    agree,
    answer,
    consent_of,
    ignore,
    run,
    sign_in,
    stage,
    stop_of,
    to_plan,
)

from sendwright.practice.microsoft.contoso import ANNA, BEN
from sendwright.practice.microsoft.tenant import UserConsent
from sendwright.screens import ConsentWay, Form, Rejected, Sheet, Stopped
from sendwright.wizard.wizard import Wizard


async def to_consent(play: Play, **given: str) -> Wizard:
    wizard = await to_plan(play)
    await answer(wizard, "ms-plan", **given)
    return wizard


async def in_own_browser(wizard: Wizard, play: Play, *, username: str = BEN, button: str = "accept") -> None:
    """Sign in there, and let the browser come back to this computer by itself."""
    page = consent_of(wizard)
    waiting = asyncio.create_task(wizard.submit({}, progress=ignore))
    person = await agree(play, page.url, username=username, agent=OWN_BROWSER, button=button)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        came_back = await browser.get(person.left_to)
    assert came_back.status_code == 200
    await waiting


async def test_the_persons_own_browser_comes_back_by_itself(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, action="own-browser")
        page = consent_of(wizard)
        assert page.way is ConsentWay.BROWSER
        assert page.redirect_uri.startswith("http://localhost:")
        await in_own_browser(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_the_own_browser_can_be_taken_at_any_time(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        assert next(action.name for action in consent_of(wizard).actions) == "own-browser"
        await wizard.submit({"action": "own-browser"}, progress=ignore)
        await run(wizard)
        await in_own_browser(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_stray_requests_end_no_waiting(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, action="own-browser")
        redirect = consent_of(wizard).redirect_uri
        async with httpx.AsyncClient(trust_env=False) as stranger:
            for path in ("/favicon.ico", "/?code=forged&state=forged", "/?error=access_denied&state=forged"):
                await stranger.get(redirect.rstrip("/") + path)
        await in_own_browser(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_a_refusal_in_the_own_browser_is_named(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, action="own-browser")
        await in_own_browser(wizard, play, button="cancel")
        assert stop_of(wizard).problem.code == "consent-declined"


async def test_a_page_in_the_own_browser_that_nobody_comes_back_from_can_be_left(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, action="own-browser")
        first = consent_of(wizard)
        waiting = asyncio.create_task(wizard.submit({}, progress=ignore))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await wizard.submit({"action": "in-window"}, progress=ignore)
        await run(wizard)
        assert consent_of(wizard).way is ConsentWay.EMBEDDED
        with pytest.raises(httpx.ConnectError):  # nobody listens any more
            async with httpx.AsyncClient(trust_env=False) as late:
                await late.get(first.redirect_uri)
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"


@pytest.mark.parametrize("number", [50097, 50129, 53000, 53001, 53003])
async def test_a_demand_for_a_known_device_leads_to_the_own_browser(tmp_path: Path, number: int) -> None:
    async with stage(tmp_path) as play:
        play.tenant.policies.device = number
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url)
        assert not person.left_to
        await wizard.submit({"shown": person.page.words, "at": person.url}, progress=ignore)
        stop = stop_of(wizard)
        assert stop.problem.evidence.number == number
        assert stop.actions[0].name == "own-browser"
        assert not stop.actions[0].quiet
        await wizard.submit({"action": "own-browser"}, progress=ignore)
        await run(wizard)
        await in_own_browser(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_a_code_is_typed_on_another_device(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, action="device-code")
        page = consent_of(wizard)
        assert page.way is ConsentWay.DEVICE
        assert page.user_code
        waiting = asyncio.create_task(wizard.submit({}, progress=ignore))
        person = await play.person(OWN_BROWSER).open(page.url)
        await person.press("next", otc=page.user_code)
        await person.sign_in(BEN)
        while button := next((one for one in ("continue", "accept") if one in person.page.ids), None):
            await person.press(button)
        async with asyncio.timeout(30):
            await waiting
        assert wizard.screen.step == "ms-connected", wizard.screen
        assert page.user_code not in repr(wizard.trail.shown)


async def test_a_deployment_without_device_codes_offers_none(tmp_path: Path) -> None:
    async with stage(tmp_path) as everything:
        play = everything.with_features(device_code=False)
        wizard = await to_plan(play)
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert "device-code" not in {action.name for action in screen.actions}
        await answer(wizard, "ms-plan")
        assert "device-code" not in {action.name for action in consent_of(wizard).actions}


async def test_an_error_of_another_browsers_page_can_be_pasted(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.tenant.policies.user_consent = UserConsent.ADMIN_ONLY
        wizard = await to_consent(play, action="own-browser")
        person = await agree(play, consent_of(wizard).url, agent=OWN_BROWSER)
        assert not person.left_to
        await wizard.submit({"action": "showed-error"}, progress=ignore)
        assert isinstance(wizard.screen, Form)
        with pytest.raises(Rejected):
            await wizard.submit({"words": "  "}, progress=ignore)
        await wizard.submit({"words": person.page.words}, progress=ignore)
        stop = stop_of(wizard)
        assert stop.problem.code == "consent-needs-admin"
        assert stop.actions[0].name == "not-me"
        await wizard.submit({"action": "not-me"}, progress=ignore)
        assert wizard.screen.step == "ms-handover"


@pytest.mark.parametrize("words", ["Something went wrong", "<b>\0</b>" * 2000])
async def test_a_page_that_nobody_knows_keeps_its_words(tmp_path: Path, words: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        await wizard.submit({"shown": words, "at": play.microsoft.login}, progress=ignore)
        stop = stop_of(wizard)
        assert stop.problem.code == "unrecognised"
        assert len(stop.problem.evidence.text) <= 2000


@pytest.mark.parametrize("policy", [UserConsent.ADMIN_ONLY, UserConsent.REQUEST])
async def test_admin_approval_is_handed_over_and_taken_up_after_a_restart(tmp_path: Path, policy: UserConsent) -> None:
    async with stage(tmp_path) as play:
        play.tenant.policies.user_consent = policy
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url)
        assert not person.left_to
        await wizard.submit({"shown": person.page.words, "at": person.url}, progress=ignore)
        assert stop_of(wizard).problem.code == "consent-needs-admin"
        await wizard.submit({"action": "not-me"}, progress=ignore)
        resumed = await play.restarted().wizard()
        screen = resumed.screen
        assert isinstance(screen, Sheet)
        assert screen.step == "ms-handover"
        assert screen.retry is None  # what an account was granted cannot be seen before it signs in
        links = [block.value for block in screen.document.blocks if hasattr(block, "value")]
        await agree(play, links[0], username=ANNA)
        await answer(resumed, "ms-handover")
        await sign_in(resumed, play)
        assert resumed.screen.step == "ms-connected"


async def test_an_attempt_of_an_earlier_run_is_begun_anew(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        lost = consent_of(wizard).url
        resumed = await play.restarted().wizard()
        assert resumed.resumed
        assert resumed.screen.step == "ms-plan"
        await answer(resumed, "ms-plan")
        assert consent_of(resumed).url != lost
        await sign_in(resumed, play)
        assert resumed.screen.step == "ms-connected"


async def test_an_attempt_that_was_forgotten_meanwhile_is_begun_anew(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url)
        for _ in range(20):
            play.world.attempts.begin(object())
        await wizard.submit({"callback": person.left_to}, progress=ignore)
        await run(wizard)
        assert not isinstance(wizard.screen, Stopped)
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_a_grant_that_the_keychain_lost_is_asked_for_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        await sign_in(wizard, play)
        await play.world.vault.forget(wizard.draft.answers.grant)
        resumed = await play.restarted().wizard()
        assert resumed.draft.answers.account is None
        assert resumed.screen.step == "ms-plan"
