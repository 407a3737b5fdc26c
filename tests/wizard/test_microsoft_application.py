"""Setting up Microsoft 365 as an application: an administrator agrees, the backend proves it and sends."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
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

from sendwright.document.blocks import Command, Mail, QrCode
from sendwright.handoff.wire import MicrosoftApplication
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, NOREPLY, TENANT_ID
from sendwright.screens import Choice, Done, Rejected, Sheet
from sendwright.wizard.wizard import Wizard


async def to_consent(play: Play) -> Wizard:
    wizard = await to_plan(play, way="application")
    await answer(wizard, "ms-plan")
    return wizard


async def through(wizard: Wizard) -> None:
    await answer(wizard, "ms-connected")
    await answer(wizard, "ms-mailbox", mailbox=NOREPLY)
    await answer(wizard, "ms-board")
    await answer(wizard, "sender", address=NOREPLY, alias="Example Organisation")
    await answer(wizard, "test", to="anna@example.org")
    await answer(wizard, "arrival", choice="yes")
    await answer(wizard, "review")


def blocks(wizard: Wizard, kind: type[Command] | type[Mail] | type[QrCode]) -> list[str]:
    screen = wizard.screen
    assert isinstance(screen, Sheet), screen
    return [
        block.body if isinstance(block, Mail) else block.value
        for block in screen.document.blocks
        if isinstance(block, kind) and isinstance(block, Command | Mail | QrCode)
    ]


async def test_an_administrator_agrees_and_the_backend_sends(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        assert "Mail.Send" not in play.tenant.app_roles.get(CLIENT_ID, set())
        await sign_in(wizard, play, username=ANNA)
        assert wizard.screen.step == "ms-connected"
        assert wizard.draft.answers.consented
        await through(wizard)
        assert isinstance(wizard.screen, Done), wizard.screen
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{NOREPLY}>"]
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        assert in_force.profile.settings["way"] == "application"
        assert in_force.profile.settings["mailbox"] == NOREPLY
        assert in_force.profile.settings["account"] == ""
        assert play.backend.credentials == [{}]  # this computer has nothing to hand over


async def test_an_earlier_consent_needs_no_page(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        wizard = await to_consent(play)
        assert wizard.screen.step == "ms-connected"
        assert wizard.draft.answers.scopes == ("Mail.Send",)


async def test_a_redirect_alone_proves_nothing(tmp_path: Path) -> None:
    """Anybody can open the redirect address; without the permission the wizard waits and shows since when."""
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        page = consent_of(wizard)
        state = page.url.partition("state=")[2].partition("&")[0]
        claim = f"{page.redirect_uri}?admin_consent=True&tenant={TENANT_ID}&state={state}"
        await wizard.submit({"callback": claim}, progress=ignore)
        assert wizard.screen.step == "ms-handover"
        assert not wizard.draft.answers.consented


@pytest.mark.parametrize(
    ("claim", "condition"),
    [
        ("admin_consent=True&tenant={tenant}&state=forged", "state-forged"),
        ("admin_consent=True&tenant=11111111-2222-3333-4444-555555555555&state={state}", "other-tenant"),
        ("admin_consent=False&tenant={tenant}&state={state}", "consent-not-confirmed"),
        ("admin_consent=True&tenant={tenant}&state={state}&state={state}", "sign-in-answer-not-understood"),
    ],
)
async def test_a_forged_redirect_is_refused(tmp_path: Path, claim: str, condition: str) -> None:
    async with stage(tmp_path) as play:
        play.tenant.app_roles[CLIENT_ID] = set()
        wizard = await to_consent(play)
        page = consent_of(wizard)
        state = page.url.partition("state=")[2].partition("&")[0]
        filled = claim.format(tenant=TENANT_ID, state=state)
        await wizard.submit({"callback": f"{page.redirect_uri}?{filled}"}, progress=ignore)
        assert stop_of(wizard).problem.evidence.condition == condition
        assert not wizard.draft.answers.consented


async def test_a_refusal_that_says_consented_too_is_a_refusal(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url, username=ANNA, button="cancel")
        assert person.answer["admin_consent"] == "True"
        await wizard.submit({"callback": person.left_to}, progress=ignore)
        assert stop_of(wizard).problem.code == "consent-declined"
        assert not wizard.draft.answers.consented


async def test_whoever_may_not_agree_passes_it_on_and_the_wizard_notices_the_consent(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way="application")
        await answer(wizard, "ms-plan", action="not-me")
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert screen.step == "ms-handover"
        assert screen.retry is not None
        assert screen.retry_at is not None
        (link,) = blocks(wizard, Command)
        assert blocks(wizard, QrCode) == [link]
        assert link in blocks(wizard, Mail)[0]
        assert f"client_id={CLIENT_ID}" in link
        await answer(wizard, "ms-handover", action=screen.retry.name)
        again = wizard.screen
        assert isinstance(again, Sheet)
        assert again.step == "ms-handover"
        assert again.retry_at is not None
        assert again.retry_at > screen.retry_at
        await agree(play, link, username=ANNA)
        await answer(wizard, "ms-handover", action=screen.retry.name)
        assert wizard.screen.step == "ms-connected"
        assert wizard.draft.answers.asked_at is None


async def test_it_waits_over_a_restart_of_the_program(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way="application")
        await answer(wizard, "ms-plan", action="not-me")
        (link,) = blocks(wizard, Command)
        since = wizard.draft.answers.asked_at
        await agree(play, link, username=ANNA)
        resumed = await play.restarted().wizard()
        assert resumed.resumed
        assert resumed.screen.step == "ms-handover"
        assert resumed.draft.answers.asked_at == since
        await answer(resumed, "ms-handover")
        assert resumed.screen.step == "ms-connected"


async def test_a_backend_out_of_reach_for_a_moment_does_not_end_the_wait(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way="application")
        await answer(wizard, "ms-plan", action="not-me")
        play.backend.broken["consent"] = "backend-busy"
        before = wizard.draft.answers.looked_at
        await answer(wizard, "ms-handover", action="look")
        assert wizard.screen.step == "ms-handover"
        assert isinstance(wizard.screen, Sheet)
        assert wizard.draft.answers.looked_at != before
        await answer(wizard, "ms-handover")  # asked for by hand, it says what is wrong
        assert stop_of(wizard).problem.code == "backend-busy"


async def test_whoever_waits_can_agree_after_all(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way="application")
        await answer(wizard, "ms-plan", action="not-me")
        await answer(wizard, "ms-handover", action="myself")
        await sign_in(wizard, play, username=ANNA)
        assert wizard.screen.step == "ms-connected"


async def test_somebody_without_the_role_is_told_and_can_pass_it_on(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url, username=BEN)
        assert not person.left_to
        await wizard.submit({"shown": person.page.words, "at": person.url}, progress=ignore)
        stop = stop_of(wizard)
        assert stop.problem.code == "consent-needs-admin"
        assert stop.actions[0].name == "not-me"
        await wizard.submit({"action": "not-me"}, progress=ignore)
        assert wizard.screen.step == "ms-handover"


async def test_a_permission_scoped_by_exchange_alone_can_be_stated(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way="application")
        await answer(wizard, "ms-plan", action="not-me")
        await answer(wizard, "ms-handover", action="scoped")
        assert wizard.screen.step == "ms-connected"
        state = wizard.draft.answers
        assert state.consented
        assert state.scopes == ()
        assert state.tenant_id == TENANT_ID


async def test_a_backend_without_a_credential_closes_the_way_and_says_why(tmp_path: Path) -> None:
    async with stage(tmp_path) as everything:
        play = everything.with_features(own_registration=False)
        play.backend.application = MicrosoftApplication()
        wizard = await play.wizard()
        await answer(wizard, "start", choice="set-up")
        await answer(wizard, "platform", choice="this-computer")
        await answer(wizard, "provider", choice="microsoft365", address=NOREPLY)
        screen = wizard.screen
        assert isinstance(screen, Choice)
        notes = {option.value: option.note for option in screen.options}
        assert notes["application"]
        assert not notes["account"]
        with pytest.raises(Rejected) as rejected:
            await wizard.submit({"choice": "application", "address": NOREPLY}, progress=ignore)
        assert rejected.value.fields == {"choice": "microsoft365.way.application-closed"}


@pytest.mark.parametrize("broken", ["backend-busy", "not-found"])
async def test_a_backend_that_does_not_say_leaves_the_other_way_open(tmp_path: Path, broken: str) -> None:
    async with stage(tmp_path) as play:
        play.backend.broken["microsoft"] = broken
        wizard = await to_plan(play)
        await answer(wizard, "ms-plan")
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_the_look_comes_again_half_a_minute_after_the_last_one(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way="application")
        await answer(wizard, "ms-plan", action="not-me")
        state = wizard.draft.answers
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert screen.retry_at == state.asked_at + timedelta(seconds=30)
        assert replace(state, looked_at=None) == replace(wizard.draft.answers, looked_at=None)
        await run(wizard)
