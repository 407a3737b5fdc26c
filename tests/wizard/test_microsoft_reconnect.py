"""Connecting again: same account and organisation, or it says so; what is in force stays until the new one is."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from tests.wizard.microsoft_surroundings import (
    Play,
    answer,
    consent_of,
    ignore,
    run,
    sign_in,
    stage,
    stop_of,
    to_plan,
)

from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, NOREPLY
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.reconnecting import answers_for
from sendwright.screens import Choice, Done, Review
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.texts import text
from sendwright.wizard.draft import Purpose
from sendwright.wizard.wizard import Wizard

WALK = ["test", "arrival", "review"]


async def in_force(play: Play, *, way: str = "account") -> None:
    """Put Microsoft 365 in force, from the shared mailbox."""
    wizard = await to_plan(play, way=way)
    await answer(wizard, "ms-plan")
    await sign_in(wizard, play, username=BEN if way == "account" else ANNA)
    await answer(wizard, "ms-connected")
    mailbox = {"choice": "other", "mailbox": NOREPLY} if way == "account" else {"mailbox": NOREPLY}
    await answer(wizard, "ms-mailbox", **mailbox)
    await answer(wizard, "ms-board")
    await answer(wizard, "sender", address=NOREPLY, alias="Example Organisation")
    await finish(wizard)
    play.inbox.clear()


async def finish(wizard: Wizard) -> None:
    await answer(wizard, "test", to="anna@example.org")
    await answer(wizard, "arrival", choice="yes")
    await answer(wizard, "review")
    assert isinstance(wizard.screen, Done), wizard.screen


async def reconnecting(play: Play) -> Wizard:
    wizard = await play.restarted().wizard()
    screen = wizard.screen
    assert isinstance(screen, Choice)
    assert Purpose.RECONNECT in {option.value for option in screen.options}
    await answer(wizard, "start", choice="reconnect")
    return wizard


@pytest.mark.parametrize("trouble", [None, "refresh-token-expired"])
async def test_a_sender_that_cannot_send_is_offered_to_be_connected_first_of_all(
    tmp_path: Path, trouble: str | None
) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        now = play.backend.organisation_now
        assert now.in_force is not None
        play.backend.organisation_now = replace(now, in_force=replace(now.in_force, trouble=trouble))
        screen = (await play.restarted().wizard()).screen
        assert isinstance(screen, Choice)
        first = screen.options[0].value
        assert (screen.chosen, first) == (("reconnect",) * 2 if trouble else ("set-up",) * 2)
        assert (screen.notices[0].key == "start.in-trouble") is bool(trouble)
        assert screen.notices[0].warning is bool(trouble)


@pytest.mark.parametrize(
    ("trouble", "ends", "first", "said"),
    [
        ("gmail-sender-unproven", None, "set-up", "Nobody knows yet whether"),
        ("sign-in-ends-soon", datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "reconnect", "The sign-in ends soon"),
        ("of-a-newer-backend", None, "set-up", "of-a-newer-backend"),
    ],
)
async def test_what_is_only_to_be_known_is_said_as_that(
    tmp_path: Path, trouble: str, ends: datetime | None, first: str, said: str
) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        now = play.backend.organisation_now
        assert now.in_force is not None
        known = replace(now.in_force, trouble=trouble, works=True, expires_at=ends)
        play.backend.organisation_now = replace(now, in_force=known)
        screen = (await play.restarted().wizard()).screen
        assert isinstance(screen, Choice)
        assert (screen.chosen, screen.options[0].value) == (first, first)
        notice = screen.notices[0]
        assert (notice.key, notice.warning) == ("start.to-be-known", True)
        assert said in text(notice.key, **notice.values)


async def test_the_same_account_signs_in_again_and_nothing_else_is_asked(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        wizard = await reconnecting(play)
        assert "login_hint=ben%40contoso.com" in consent_of(wizard).url
        await sign_in(wizard, play)
        await answer(wizard, "ms-connected")
        assert wizard.screen.step == "test"
        before = play.backend.organisation_now.in_force
        assert before is not None
        await answer(wizard, "test", to="anna@example.org")
        await answer(wizard, "arrival", choice="yes")
        review = wizard.screen
        assert isinstance(review, Review)
        assert review.statement == "review.statement-same"  # nothing comes from an address instead of itself
        assert NOREPLY in text(review.statement, **review.values)
        await answer(wizard, "review")
        done = wizard.screen
        assert isinstance(done, Done)
        assert "undo" not in {action.name for action in done.actions}  # the former connection may well be dead
        after = play.backend.organisation_now.in_force
        assert after is not None
        assert after.profile == before.profile
        assert after.version > before.version
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{NOREPLY}>"]
        tokens = [given["refresh_token"] for given in play.backend.credentials]
        assert len(set(tokens)) == len(tokens) == 2


async def test_another_account_is_refused_and_what_is_in_force_stays(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        before = play.backend.organisation_now.in_force
        wizard = await reconnecting(play)
        await sign_in(wizard, play, username=ANNA)
        stop = stop_of(wizard)
        assert stop.problem.evidence.condition == "other-account"
        assert wizard.draft.answers.account is None
        assert wizard.draft.answers.grant is None
        assert play.backend.organisation_now.in_force == before
        await wizard.submit({}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_a_declined_consent_leads_back_to_the_start(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        play.tenant.own_consents.clear()
        wizard = await reconnecting(play)
        await sign_in(wizard, play, button="cancel")
        assert stop_of(wizard).problem.code == "consent-declined"
        wizard.back()
        assert wizard.screen.step == "start"


async def test_going_back_to_the_start_loses_no_sign_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        wizard = await reconnecting(play)
        await sign_in(wizard, play)
        before = wizard.draft
        wizard.back()
        await answer(wizard, "start", choice="reconnect")
        assert wizard.screen.step == "ms-connected"
        assert wizard.draft == before


async def test_whoever_changes_her_mind_sets_up_from_the_beginning(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        wizard = await reconnecting(play)
        await sign_in(wizard, play)
        grant = wizard.draft.answers.grant
        wizard.back()
        assert wizard.screen.step == "start"
        await answer(wizard, "start", choice="set-up")
        assert wizard.draft.provider is None
        assert wizard.draft.answers is None
        assert await play.world.vault.fetch(grant) is None
        await answer(wizard, "platform")
        await answer(wizard, "provider", choice="microsoft365", address=NOREPLY)
        assert wizard.screen.step == "ms-way"


@pytest.mark.parametrize("withdrawn", [False, True])
async def test_an_application_is_connected_again_by_its_consent(tmp_path: Path, *, withdrawn: bool) -> None:
    async with stage(tmp_path) as play:
        await in_force(play, way="application")
        if withdrawn:
            play.tenant.app_roles[CLIENT_ID].clear()
        wizard = await reconnecting(play)
        if withdrawn:
            await sign_in(wizard, play, username=ANNA)
        await answer(wizard, "ms-connected")
        await finish(wizard)
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{NOREPLY}>"]


async def test_a_test_that_fails_leaves_the_former_connection_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        before = play.backend.organisation_now.in_force
        wizard = await reconnecting(play)
        await sign_in(wizard, play)
        await answer(wizard, "ms-connected")
        play.backend.broken["activate"] = "backend-busy"
        await answer(wizard, "test", to="anna@example.org")
        await answer(wizard, "arrival", choice="yes")
        await answer(wizard, "review")
        assert stop_of(wizard).problem.code == "backend-busy"
        assert play.backend.organisation_now.in_force == before
        assert wizard.draft.answers.handed_over
        del play.backend.broken["activate"]
        await wizard.submit({}, progress=ignore)
        assert isinstance(wizard.screen, Done)


@pytest.mark.parametrize("place", ["login", "graph", "smtp_host"])
async def test_a_profile_cannot_lead_the_sign_in_or_the_token_to_another_place(tmp_path: Path, place: str) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        standing = play.backend.organisation_now.in_force
        assert standing is not None
        elsewhere = "smtp.evil.example" if place == "smtp_host" else "https://evil.example"
        settings = {**standing.profile.settings, place: elsewhere}
        forged = replace(standing, profile=replace(standing.profile, settings=settings))
        play.backend.organisation_now = replace(play.backend.organisation_now, in_force=forged)
        wizard = await reconnecting(play)
        assert "evil" not in consent_of(wizard).url
        await sign_in(wizard, play)
        await answer(wizard, "ms-connected")
        await finish(wizard)
        renewed = play.backend.organisation_now.in_force
        assert renewed is not None
        assert renewed.profile == standing.profile
        assert len(play.inbox) == 1


def test_a_profile_of_an_unknown_cloud_is_not_connected_again() -> None:
    settings = GraphSettings(
        client_id=CLIENT_ID, tenant="t", mailbox=BEN, way=Way.ACCOUNT, route=Route.ME, account=BEN, cloud="moon"
    )
    profile = SenderProfile(
        provider="microsoft365", sender="graph", address=BEN, alias="", settings=msgspec.to_builtins(settings)
    )
    assert answers_for(profile) is None
