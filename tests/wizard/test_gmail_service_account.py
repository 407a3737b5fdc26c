"""Setting up Gmail by a service account with domain-wide delegation, to a notification sent."""

from pathlib import Path

import pytest
from tests.unit.providers.gmail.desks import key_file
from tests.wizard.google_surroundings import Play, answer, ignore, run, stage, to_way

from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import Command
from sendwright.oauth.google.scopes import MAIL, SEND
from sendwright.practice.google.example import ANNA, BEN, NOTICES, SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID
from sendwright.screens import Cell, Done, Rejected, Review, Sheet
from sendwright.wizard.wizard import Wizard

TO = "ben@example.org"


async def to_key(play: Play) -> Wizard:
    wizard = await to_way(play)
    await answer(wizard, "gmail-way", choice="service-account")
    while wizard.screen.step != "gmail-key":
        await answer(wizard, wizard.screen.step)
    return wizard


async def to_delegation(play: Play) -> Wizard:
    wizard = await to_key(play)
    file = play.folder.parent / "key.json"
    file.write_text(key_file(play.workspace).reveal())
    await answer(wizard, "gmail-key", choice="key", file=str(file))
    assert wizard.screen.step == "gmail-delegation", wizard.screen
    return wizard


def cell(wizard: Wizard, name: str) -> Cell:
    screen = wizard.screen
    assert isinstance(screen, Sheet), screen
    return next(one for one in screen.cells if one.id == name)


async def press(wizard: Wizard, action: str, **given: str) -> None:
    screen = wizard.screen
    assert isinstance(screen, Sheet), screen
    standing = {one.name: one.value for one in screen.fields}
    await wizard.submit(standing | given | {"action": action}, progress=ignore)
    await run(wizard)


async def test_a_service_account_is_delegated_and_its_notifications_leave(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_delegation(play)
        play.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
        await answer(wizard, "gmail-delegation", subject=ANNA)
        await answer(wizard, "gmail-sender", choice="own")
        await answer(wizard, "sender", address=ANNA, alias="Example Organisation")
        await answer(wizard, "test", to=TO)
        await answer(wizard, "arrival", choice="yes")
        assert isinstance(wizard.screen, Review), wizard.screen
        await answer(wizard, "review")
        assert isinstance(wizard.screen, Done), wizard.screen
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        settings = in_force.profile.settings
        assert (settings["way"], settings["service_account"], settings["account"]) == (
            "service-account",
            SERVICE_ACCOUNT,
            ANNA,
        )
        assert settings["client_id"] == SERVICE_ACCOUNT_ID
        assert sorted(play.backend.credentials[-1]) == ["service_account_key"]
        assert {one.sender for one in play.inbox} == {f"Example Organisation <{ANNA}>"}


async def test_nothing_goes_on_before_google_lets_it_act(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_delegation(play)
        await answer(wizard, "gmail-delegation", subject=ANNA)
        assert wizard.screen.step == "gmail-delegation"
        assert cell(wizard, "sender").verdict is Verdict.FAILED
        await press(wizard, "granted-sender")
        assert cell(wizard, "sender").waiting
        again = await play.restarted().wizard()
        if again.screen.step != "gmail-delegation":
            await answer(again, again.screen.step)
        assert cell(again, "sender").waiting
        play.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
        await press(again, "try-sender")
        assert cell(again, "sender").verdict is Verdict.PASSED
        await answer(again, "gmail-delegation")
        assert again.screen.step == "gmail-sender"


async def test_a_broad_delegation_is_seen_before_the_walk_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_delegation(play)
        play.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND, MAIL}
        await answer(wizard, "gmail-delegation", subject=ANNA, control=BEN)
        assert wizard.screen.step == "gmail-delegation"
        assert cell(wizard, "broader").verdict is Verdict.WARNING
        assert cell(wizard, "control").verdict is Verdict.WARNING
        keys = [notice.key for notice in wizard.screen.notices]
        assert keys == ["gmail.delegation.reaches", "gmail.delegation.too-much"]
        await answer(wizard, "gmail-delegation")
        assert wizard.screen.step == "gmail-sender"


async def test_an_alias_of_the_mailbox_is_proven_by_what_arrives(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_delegation(play)
        play.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
        await answer(wizard, "gmail-delegation", subject=ANNA)
        await answer(wizard, "gmail-sender", choice="other", sender=NOTICES)
        await press(wizard, "send", recipient=TO)
        await press(wizard, "compare", source=play.inbox[-1].source.decode())
        assert cell(wizard, "arrival").verdict is Verdict.PASSED
        await answer(wizard, "gmail-alias")
        assert wizard.screen.step == "sender"


async def test_without_a_key_a_backend_without_an_identity_is_named(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_key(play)
        given = {"choice": "keyless", "service_account": SERVICE_ACCOUNT, "service_account_id": SERVICE_ACCOUNT_ID}
        with pytest.raises(Rejected) as rejected:
            await answer(wizard, "gmail-key", **given)
        assert rejected.value.fields == {"choice": "gmail.key.no-identity"}
        play.backend.identity = "sendwright@platform.iam.gserviceaccount.com"
        await answer(wizard, "gmail-key", **given)
        screen = wizard.screen
        assert isinstance(screen, Sheet), screen
        commands = [block.value for block in screen.document.blocks if isinstance(block, Command)]
        assert commands[0] == play.backend.identity
        assert commands[-2:] == [SERVICE_ACCOUNT_ID, SEND]


async def test_the_key_stands_in_no_saved_draft(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await to_delegation(play)
        saved = b"".join(file.read_bytes() for file in play.folder.rglob("*") if file.is_file())
        assert SERVICE_ACCOUNT.encode() in saved
        assert b"PRIVATE KEY" not in saved
