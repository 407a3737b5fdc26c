"""Setting up Microsoft 365 as a signed-in account: own mailbox, shared mailbox, each to a notification sent."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
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

from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, NOREPLY, TENANT_ID
from sendwright.practice.microsoft.tenant import Person
from sendwright.problems.problem import Owner
from sendwright.screens import ConsentWay, Done, Sheet
from sendwright.vault.vault import SecretRef
from sendwright.wizard.wizard import Wizard

OWN = {"choice": "own"}
SHARED = {"choice": "other", "mailbox": NOREPLY}


async def to_consent(play: Play, **given: str) -> Wizard:
    wizard = await to_plan(play)
    await answer(wizard, "ms-plan", **given)
    return wizard


async def to_connected(play: Play) -> Wizard:
    wizard = await to_consent(play)
    assert consent_of(wizard).way is ConsentWay.EMBEDDED
    await sign_in(wizard, play)
    assert wizard.screen.step == "ms-connected", wizard.screen
    return wizard


async def through(wizard: Wizard, *, mailbox: dict[str, str], address: str) -> None:
    await answer(wizard, "ms-connected")
    await answer(wizard, "ms-mailbox", **mailbox)
    await answer(wizard, "ms-board")
    await answer(wizard, "sender", address=address, alias="Example Organisation")
    await answer(wizard, "test", to="anna@example.org")
    await answer(wizard, "arrival", choice="yes")
    await answer(wizard, "review")


@pytest.mark.parametrize(("mailbox", "address"), [(OWN, BEN), (SHARED, NOREPLY)], ids=["own mailbox", "shared mailbox"])
async def test_an_account_signs_in_and_its_notifications_leave(
    tmp_path: Path, mailbox: dict[str, str], address: str
) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        await through(wizard, mailbox=mailbox, address=address)
        assert isinstance(wizard.screen, Done), wizard.screen
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{address}>"]
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        assert in_force.profile.address == address
        assert in_force.profile.settings["account"] == BEN
        assert in_force.profile.settings["tenant"] == TENANT_ID
        assert list(play.backend.credentials[-1]) == ["refresh_token"]


async def test_the_refresh_token_is_gone_from_this_computer_once_the_backend_has_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        ref = wizard.draft.answers.grant
        assert isinstance(ref, SecretRef)
        assert await play.world.vault.fetch(ref) is not None
        await through(wizard, mailbox=OWN, address=BEN)
        assert wizard.draft.answers.handed_over
        assert await play.world.vault.fetch(ref) is None
        token = play.backend.credentials[-1]["refresh_token"]
        assert token
        assert play.microsoft.reuse_detections == 0
        assert token not in msgspec.json.encode(wizard.position).decode()
        assert token not in msgspec.json.encode(wizard.trail.shown).decode()
        assert token not in repr(wizard.draft)


async def test_a_saved_draft_holds_no_token_and_no_address_of_a_sign_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        address = consent_of(wizard).url
        person = await agree(play, address)
        await wizard.submit({"callback": person.left_to}, progress=ignore)
        saved = (play.folder / "draft.json").read_text()
        assert "ms-connected" in saved
        for word in ("state=", "code_challenge", person.answer["code"], "eyJ"):
            assert word not in saved


async def test_only_what_is_needed_is_asked_for(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, sends_from="own")
        page = consent_of(wizard).url
        assert "Mail.Send+" in page or "Mail.Send%20" in page
        assert "Mail.Send.Shared" not in page
        assert "Mail.Read" not in page
        await sign_in(wizard, play)
        assert set(wizard.draft.answers.scopes) == {"Mail.Send", "User.Read"}
        asked = play.tenant.own_consents[CLIENT_ID, BEN]
        assert asked == {"Mail.Send", "User.Read"}


async def test_one_permission_more_is_asked_for_when_the_plan_changes(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play, sends_from="own")
        await sign_in(wizard, play)
        wizard.back()
        await answer(wizard, "ms-plan", sends_from="shared")
        assert "Mail.Send.Shared" in consent_of(wizard).url
        assert "prompt=consent" in consent_of(wizard).url
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"
        assert "Mail.Send.Shared" in wizard.draft.answers.scopes


async def test_the_permission_of_smtp_is_asked_for_by_whoever_wants_that_route(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        assert "SMTP.Send" not in wizard.draft.answers.scopes
        await answer(wizard, "ms-connected", action="also-smtp")
        assert "SMTP.Send" in consent_of(wizard).url
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"
        assert {"Mail.Send", "SMTP.Send"} <= set(wizard.draft.answers.scopes)


async def test_whoever_is_connected_and_goes_back_need_not_sign_in_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        before = wizard.draft.answers
        wizard.back()
        assert isinstance(wizard.screen, Sheet)
        assert [notice.key for notice in wizard.screen.notices] == ["microsoft365.plan.connected"]
        await answer(wizard, "ms-plan")
        assert wizard.screen.step == "ms-connected"
        assert wizard.draft.answers == before


async def test_another_way_lets_go_of_the_sign_in_that_was_made(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        ref = wizard.draft.answers.grant
        wizard.back()
        wizard.back()
        await answer(wizard, "ms-way", choice="application")
        state = wizard.draft.answers
        assert (state.account, state.grant, state.scopes) == (None, None, ())
        assert await play.world.vault.fetch(ref) is None


async def test_signing_in_as_somebody_else_keeps_one_grant_only(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        first = wizard.draft.answers.grant
        await answer(wizard, "ms-connected", action="other-account")
        await sign_in(wizard, play, username=ANNA)
        state = wizard.draft.answers
        assert state.account is not None
        assert state.account.username == ANNA
        assert state.grant != first
        assert await play.world.vault.fetch(first) is None


async def test_consent_declined_says_so_and_leads_to_a_new_page(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        first = consent_of(wizard).url
        await sign_in(wizard, play, button="cancel")
        stop = stop_of(wizard)
        assert stop.problem.code == "consent-declined"
        assert stop.problem.owner is Owner.YOU
        assert wizard.draft.answers.account is None
        await wizard.submit({}, progress=ignore)
        await run(wizard)
        assert consent_of(wizard).url != first
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"


async def test_going_back_from_a_stop_leads_to_the_plan(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        await sign_in(wizard, play, button="cancel")
        wizard.back()
        assert wizard.screen.step == "ms-plan"


async def test_a_forged_answer_is_refused_and_signs_nobody_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url)
        forged = person.left_to.replace(f"state={person.answer['state']}", "state=forged")
        await wizard.submit({"callback": forged}, progress=ignore)
        assert stop_of(wizard).problem.evidence.condition == "state-forged"
        assert wizard.draft.answers.account is None


@pytest.mark.parametrize("extra", ["&state=another", "&error=access_denied", "&code=another"])
async def test_an_answer_that_contradicts_itself_is_refused(tmp_path: Path, extra: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url)
        await wizard.submit({"callback": person.left_to + extra}, progress=ignore)
        assert stop_of(wizard).problem.evidence.condition == "sign-in-answer-not-understood"
        assert person.answer["code"] not in repr(stop_of(wizard))
        assert wizard.draft.answers.account is None


async def test_an_answer_counts_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_consent(play)
        person = await agree(play, consent_of(wizard).url)
        await wizard.submit({"callback": person.left_to}, progress=ignore)
        wizard.back()
        await answer(wizard, "ms-plan", action="sign-in-again")
        await wizard.submit({"callback": person.left_to}, progress=ignore)
        assert stop_of(wizard).problem.evidence.condition == "state-forged"


async def test_a_guest_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.tenant.people["guest@fabrikam.com"] = Person(
            username="guest@fabrikam.com",
            password=play.tenant.people[BEN].password,
            name="Guest",
            oid="3d2a8c74-73e6-4a2a-8c75-7e9a3a8f4c03",
            mailbox=False,
            home="11111111-2222-3333-4444-555555555555",
        )
        wizard = await to_consent(play)
        await sign_in(wizard, play, username="guest@fabrikam.com")
        assert stop_of(wizard).problem.code == "account-of-another-organisation"
        assert wizard.draft.answers.account is None


async def test_a_domain_that_microsoft_does_not_know_can_be_passed_by(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, address="anna@elsewhere.example")
        await answer(wizard, "ms-plan")
        stop = stop_of(wizard)
        assert stop.problem.code == "tenant-not-found"
        assert [action.name for action in stop.actions] == ["without-organisation"]
        await wizard.submit({"action": "without-organisation"}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play)
        assert wizard.draft.answers.tenant_id == TENANT_ID
        wizard.return_to("plan")
        await run(wizard)
        await answer(wizard, "ms-way")
        await answer(wizard, "ms-plan")
        assert wizard.screen.step == "ms-connected"  # the way past the unknown domain is remembered


async def test_microsoft_not_reached_is_a_named_stop_that_can_be_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        down = play.with_microsoft(authority="https://localhost:1")
        wizard = await to_plan(replace(play, world=down.world))
        await answer(wizard, "ms-plan")
        assert stop_of(wizard).problem.code == "connection-refused"
        assert wizard.draft.answers.account is None
