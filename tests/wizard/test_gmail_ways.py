"""What somebody else has to allow at Google, what its page shows and nobody else hears, and a further permission."""

from pathlib import Path

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
    to_way,
)

from sendwright.document.blocks import Command, Mail, QrCode
from sendwright.oauth.google.scopes import MAIL, SETTINGS
from sendwright.practice.google.example import ANNA, BEN, CLIENT_ID, CLIENT_SECRET, NOTICES
from sendwright.screens import Choice, Rejected, Sheet
from sendwright.wizard.wizard import Wizard


async def handed_over(play: Play) -> Wizard:
    wizard = await to_plan(play)
    await wizard.submit({"action": "not-me"}, progress=ignore)
    assert wizard.screen.step == "gmail-handover"
    return wizard


async def test_somebody_else_is_asked_and_waited_for_even_over_a_new_start(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await handed_over(play)
        wizard = await play.restarted().wizard()
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert screen.step == "gmail-handover"
        blocks = screen.document.blocks
        assert CLIENT_ID in {block.value for block in blocks if isinstance(block, Command)}
        mail = next(block for block in blocks if isinstance(block, Mail))
        assert CLIENT_ID in mail.body
        code = next(block for block in blocks if isinstance(block, QrCode))
        assert code.value.startswith("https://admin.google.com/")
        assert "gmail-hand-over" in {document.id for document in screen.documents}
        await answer(wizard, "gmail-handover")
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"
        assert wizard.draft.answers.asked_at is None


async def test_nothing_that_is_passed_on_is_secret(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await handed_over(play)
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert CLIENT_SECRET not in repr((screen.document, screen.documents))


async def test_an_app_that_the_organisation_blocks_leads_to_its_administrator(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.workspace.policies.blocked.add(CLIENT_ID)
        wizard = await to_plan(play)
        await answer(wizard, "gmail-plan")
        person = play.person(ANNA)
        left_to = await person.agree(consent_of(wizard).url)
        assert left_to == ""
        await wizard.submit({"action": "showed-error"}, progress=ignore)
        await answer(wizard, "gmail-shown", words=person.page.words)
        stop = stop_of(wizard)
        assert stop.problem.code == "google-app-blocked-by-admin"
        assert next(action.name for action in stop.actions) == "not-me"
        await wizard.submit({"action": "not-me"}, progress=ignore)
        assert wizard.screen.step == "gmail-handover"
        play.workspace.policies.blocked.clear()
        await answer(wizard, "gmail-handover")
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-connected"


async def test_the_list_of_sending_addresses_is_asked_for_only_when_the_person_agrees(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        first = wizard.draft.answers.grant
        await wizard.submit({"action": "allow"}, progress=ignore)
        await run(wizard)
        screen = consent_of(wizard)
        assert SETTINGS.replace(":", "%3A").replace("/", "%2F") in screen.url
        assert "include_granted_scopes=true" in screen.url
        await sign_in(wizard, play)
        assert wizard.screen.step == "gmail-alias"
        answers = wizard.draft.answers
        assert SETTINGS in answers.scopes
        assert first is not None
        assert answers.grant != first
        assert await play.world.vault.fetch(first) is None
        assert play.google.revoked == []


async def test_declining_the_list_leaves_the_connection_as_it_is(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        before = wizard.draft.answers
        await wizard.submit({"action": "allow"}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play, button="cancel")
        stop = stop_of(wizard)
        assert stop.problem.code == "google-sign-in-cancelled"
        assert [action.name for action in stop.actions] == ["without-list"]
        await wizard.submit({"action": "without-list"}, progress=ignore)
        assert wizard.screen.step == "gmail-alias"
        after = wizard.draft.answers
        assert (after.account, after.grant, after.scopes) == (before.account, before.grant, before.scopes)


async def test_going_back_past_a_declined_list_does_not_ask_for_it_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        await wizard.submit({"action": "allow"}, progress=ignore)
        await run(wizard)
        await wizard.submit({"action": "without-list"}, progress=ignore)
        while wizard.screen.step != "gmail-plan":
            wizard.back()
        await answer(wizard, "gmail-plan")
        assert wizard.screen.step == "gmail-connected"


async def test_somebody_else_may_not_agree_for_the_mailbox(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        before = wizard.draft.answers
        await wizard.submit({"action": "allow"}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play, BEN)
        assert stop_of(wizard).problem.code == "other-account"
        assert wizard.draft.answers.grant == before.grant


async def to_alias(play: Play) -> Wizard:
    wizard = await to_connected(play)
    await answer(wizard, "gmail-connected")
    await answer(wizard, "gmail-sender", choice="other", sender=NOTICES)
    assert wizard.screen.step == "gmail-alias", wizard.screen
    return wizard


async def test_smtp_has_its_price_and_it_is_asked_for_alone(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, route="smtp")
        await answer(wizard, "gmail-plan")
        assert MAIL.replace(":", "%3A").replace("/", "%2F") in consent_of(wizard).url
        assert "gmail.send" not in consent_of(wizard).url
        await sign_in(wizard, play)
        assert MAIL in wizard.draft.answers.scopes


@pytest.mark.parametrize("route", ["smtp", "relay"])
async def test_a_message_leaves_by_smtp(tmp_path: Path, route: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play, route=route)
        await answer(wizard, "gmail-connected")
        await answer(wizard, "gmail-sender")
        await answer(wizard, "sender", address=ANNA, alias="Example Organisation")
        await answer(wizard, "test", to=BEN)
        assert wizard.screen.step == "arrival", wizard.screen
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{ANNA}>"]


async def test_changing_the_route_afterwards_asks_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        while wizard.screen.step != "gmail-way":
            wizard.back()
        await answer(wizard, "gmail-way", route="smtp")
        assert wizard.draft.answers.account is None
        assert wizard.screen.step == "gmail-plan"


async def test_without_a_client_of_the_platform_the_other_ways_remain(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_way(play.with_google(client_id="", client_secret=None))
        screen = wizard.screen
        assert isinstance(screen, Choice)
        assert screen.chosen == "own"
        with pytest.raises(Rejected) as rejected:
            await answer(wizard, "gmail-way", choice="account")
        assert rejected.value.fields == {"choice": "gmail.way.account-closed"}
