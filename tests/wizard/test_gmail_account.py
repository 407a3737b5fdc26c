"""Setting up Gmail as a signed-in account, to a notification sent."""

import asyncio
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from tests.wizard.google_surroundings import (
    Play,
    answer,
    consent_of,
    ignore,
    run,
    sign_in,
    stage,
    stop_of,
    to_connected,
    to_plan,
)

from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND
from sendwright.practice.google.example import ANNA, BEN, CLARA, CLIENT_ID, CLIENT_SECRET
from sendwright.screens import ConsentWay, Done, Review, Sheet
from sendwright.vault.vault import SecretRef
from sendwright.wizard.wizard import Wizard


async def to_consent(play: Play, *, address: str = ANNA) -> Wizard:
    wizard = await to_plan(play, address=address)
    await answer(wizard, "gmail-plan")
    return wizard


async def through(wizard: Wizard, *, address: str = ANNA) -> None:
    await answer(wizard, "gmail-connected")
    await answer(wizard, "gmail-sender")
    await answer(wizard, "sender", address=address, alias="Example Organisation")
    await answer(wizard, "test", to="ben@example.org")
    await answer(wizard, "arrival", choice="yes")
    assert isinstance(wizard.screen, Review), wizard.screen
    await answer(wizard, "review")


async def test_an_account_signs_in_and_its_notifications_leave(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        await through(wizard)
        assert isinstance(wizard.screen, Done), wizard.screen
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{ANNA}>"]
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        settings = in_force.profile.settings
        assert (settings["account"], settings["domain"], settings["client_id"]) == (ANNA, "example.org", CLIENT_ID)
        assert (in_force.profile.sender, settings["proof"]) == ("gmail", "own")
        handed = play.backend.credentials[-1]
        assert sorted(handed) == ["client_secret", "refresh_token"]
        assert handed["client_secret"] == CLIENT_SECRET


async def test_the_refresh_token_is_gone_from_this_computer_once_the_backend_has_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        ref = wizard.draft.answers.grant
        assert isinstance(ref, SecretRef)
        assert await play.world.vault.fetch(ref) is not None
        await through(wizard)
        assert wizard.draft.answers.handed_over
        assert await play.world.vault.fetch(ref) is None
        token = play.backend.credentials[-1]["refresh_token"]
        assert token.startswith("1//")
        assert token not in msgspec.json.encode(wizard.position).decode()
        assert token not in msgspec.json.encode(wizard.trail.shown).decode()
        assert token not in repr(wizard.draft)
        assert play.google.revoked == []


async def test_only_what_is_needed_is_asked_for_in_the_persons_own_browser(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        screen = consent_of(wizard)
        assert screen.way is ConsentWay.BROWSER
        asked = {name: values[0] for name, values in parse_qs(urlsplit(screen.url).query).items()}
        assert set(asked["scope"].split()) == {OPENID, EMAIL, SEND}
        assert asked["redirect_uri"] == screen.redirect_uri
        assert urlsplit(screen.redirect_uri).hostname == "127.0.0.1"
        assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "offline")
        assert set(asked["prompt"].split()) == {"select_account", "consent"}
        assert asked["state"]
        assert asked["nonce"]
        assert "login_hint" not in asked


async def test_a_saved_draft_holds_no_token_and_no_address_of_a_sign_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await sign_in(wizard, play)
        saved = (play.folder / "draft.json").read_text()
        assert "gmail-connected" in saved
        for word in ("state=", "code_challenge", person.answer["code"], "1//", "ya29", CLIENT_SECRET):
            assert word not in saved


async def test_a_box_left_empty_is_explained_and_repeated_by_one_button(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.workspace.policies.boxes = "always"
        wizard = await to_consent(play)
        await sign_in(wizard, play, boxes=())
        problem = stop_of(wizard).problem
        assert problem.code == "consent-incomplete"
        assert problem.values["username"] == ANNA
        answers = wizard.draft.answers
        assert (answers.grant, answers.account, answers.incomplete) == (None, None, (SEND,))
        await wizard.submit({}, progress=ignore)
        await run(wizard)
        assert [notice.key for notice in consent_of(wizard).notices] == ["gmail.consent.tick"]
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"
        assert wizard.draft.answers.incomplete == ()
        assert play.google.revoked == []


async def test_cancelling_at_google_changes_nothing_and_can_be_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        await sign_in(wizard, play, button="cancel")
        assert stop_of(wizard).problem.code == "google-sign-in-cancelled"
        assert wizard.draft.answers.account is None
        await wizard.submit({}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"


async def test_a_program_started_anew_makes_a_new_page(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        first = consent_of(await to_consent(play))
        wizard = await play.restarted().wizard()
        assert wizard.draft.answers.attempt == ""
        await answer(wizard, "gmail-plan")
        second = consent_of(wizard)
        assert second.url != first.url
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"


@pytest.mark.parametrize(
    ("email", "address", "noticed"),
    [
        (CLARA, "notices@example.org", ["gmail.connected.personal-instead"]),
        (CLARA, CLARA, []),
        (ANNA, "notices@example.org", []),
        (ANNA, "notices@example.com", ["gmail.connected.other-domain"]),
    ],
)
async def test_which_kind_of_account_signed_in_is_told(
    tmp_path: Path, email: str, address: str, noticed: list[str]
) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play, email, address=address)
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert [notice.key for notice in screen.notices] == noticed


async def test_a_connection_that_ends_on_a_day_says_so_until_the_end(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.client.testing = True
        play.client.test_users = {ANNA}
        wizard = await to_connected(play)
        ends_at = wizard.draft.answers.ends_at
        assert ends_at is not None
        left = ends_at - play.world.clock()
        assert timedelta(days=6) < left <= timedelta(days=7)
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert [notice.key for notice in screen.notices] == ["gmail.connected.ends"]
        await through(wizard)
        done = wizard.screen
        assert isinstance(done, Done)
        assert "gmail.remarks.ends" in [notice.key for notice in done.notices]


async def test_somebody_else_may_sign_in_and_one_grant_is_kept(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        former = wizard.draft.answers.grant
        await wizard.submit({"action": "other-account"}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play, BEN)
        assert wizard.draft.answers.mailbox == BEN
        assert former is not None
        assert await play.world.vault.fetch(former) is None
        assert play.google.revoked == []


async def test_waiting_can_be_cancelled_and_taken_up_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        before = consent_of(wizard)
        waiting = asyncio.ensure_future(wizard.submit({}, progress=ignore))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert consent_of(wizard).url == before.url
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"


async def test_stray_and_forged_answers_lead_nowhere(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        redirect = consent_of(wizard).redirect_uri
        waiting = asyncio.ensure_future(wizard.submit({}, progress=ignore))
        async with httpx.AsyncClient(trust_env=False) as stranger:
            for query in ("", "?code=4/forged", "?code=4/forged&state=guessed", "?error=access_denied&state=guessed"):
                await stranger.get(f"{redirect}/{query}")
            await stranger.get(f"{redirect}/favicon.ico")
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await sign_in(wizard, play)
        assert wizard.draft.answers.mailbox == ANNA
