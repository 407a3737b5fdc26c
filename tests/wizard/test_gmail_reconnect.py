"""Connecting Gmail again: the same account, or it says so; what is in force stays until the new one is."""

from pathlib import Path

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
)
from tests.wizard.test_gmail_own_client import to_own_connected

from sendwright.practice.google.example import ANNA, BEN, OWN_CLIENT_ID, OWN_CLIENT_SECRET
from sendwright.screens import Done
from sendwright.wizard.wizard import Wizard


async def in_force(play: Play, *, own: bool = False) -> None:
    """Put Gmail in force, from Anna's own address."""
    wizard = await (to_own_connected(play) if own else to_connected(play))
    await answer(wizard, "gmail-connected")
    await answer(wizard, "gmail-sender")
    await answer(wizard, "sender", address=ANNA, alias="Example Organisation")
    await finish(wizard)
    play.inbox.clear()


async def finish(wizard: Wizard) -> None:
    await answer(wizard, "test", to=BEN)
    await answer(wizard, "arrival", choice="yes")
    await answer(wizard, "review")
    assert isinstance(wizard.screen, Done), wizard.screen


async def reconnecting(play: Play) -> Wizard:
    wizard = await play.restarted().wizard()
    await answer(wizard, "start", choice="reconnect")
    return wizard


async def test_the_same_account_signs_in_again_and_nothing_else_is_asked(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        before = play.backend.organisation_now.in_force
        assert before is not None
        wizard = await reconnecting(play)
        screen = consent_of(wizard)
        assert "login_hint=anna%40example.org" in screen.url
        assert "hd=example.org" in screen.url
        assert [notice.key for notice in screen.notices] == ["gmail.consent.expected"]
        await sign_in(wizard, play)
        await answer(wizard, "gmail-connected")
        await finish(wizard)
        after = play.backend.organisation_now.in_force
        assert after is not None
        assert after.profile == before.profile
        assert after.version > before.version
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{ANNA}>"]
        tokens = [given["refresh_token"] for given in play.backend.credentials]
        assert len(set(tokens)) == len(tokens) == 2
        assert play.google.revoked == []


async def test_another_account_is_refused_and_what_is_in_force_stays(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        before = play.backend.organisation_now.in_force
        wizard = await reconnecting(play)
        await sign_in(wizard, play, BEN)
        problem = stop_of(wizard).problem
        assert problem.code == "other-account"
        assert (problem.values["username"], problem.values["expected"]) == (BEN, ANNA)
        answers = wizard.draft.answers
        assert (answers.account, answers.grant) == (None, None)
        assert play.backend.organisation_now.in_force == before
        assert play.google.revoked == []
        await wizard.submit({}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"


async def test_a_box_left_empty_leaves_what_is_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        before = play.backend.organisation_now.in_force
        play.workspace.consents.clear()
        play.workspace.policies.boxes = "always"
        wizard = await reconnecting(play)
        await sign_in(wizard, play, boxes=())
        assert stop_of(wizard).problem.code == "consent-incomplete"
        assert play.backend.organisation_now.in_force == before
        assert play.google.revoked == []


async def test_an_own_client_needs_its_secret_once_more(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play, own=True)
        wizard = await reconnecting(play)
        assert wizard.screen.step == "gmail-client"
        standing = {one.name: one.value for one in wizard.screen.fields}
        assert standing == {"client_file": "", "client_id": OWN_CLIENT_ID, "client_secret": ""}
        await answer(wizard, "gmail-client", client_secret=OWN_CLIENT_SECRET)
        await sign_in(wizard, play)
        await answer(wizard, "gmail-connected")
        await finish(wizard)
        in_force_now = play.backend.organisation_now.in_force
        assert in_force_now is not None
        assert in_force_now.profile.settings["own"] is True
        assert play.backend.credentials[-1]["client_secret"] == OWN_CLIENT_SECRET
