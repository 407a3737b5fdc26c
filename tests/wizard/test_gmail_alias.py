"""Another sender than the account's own address, inside the whole wizard: listed, arrived, replaced, left open."""

from pathlib import Path

from tests.wizard.google_surroundings import Play, answer, ignore, run, sign_in, stage, to_connected

from sendwright.oauth.google.scopes import SETTINGS
from sendwright.practice.google.example import ANNA, GROUP, NOTICES, PENDING
from sendwright.screens import Consent, Done, Review, Sheet
from sendwright.wizard.wizard import Wizard

TO = "ben@example.org"


async def to_alias(play: Play, sender: str = NOTICES) -> Wizard:
    wizard = await to_connected(play)
    await answer(wizard, "gmail-connected")
    await answer(wizard, "gmail-sender", choice="other", sender=sender)
    assert wizard.screen.step == "gmail-alias", wizard.screen
    return wizard


async def press(wizard: Wizard, action: str, **given: str) -> Sheet:
    screen = wizard.screen
    assert isinstance(screen, Sheet), screen
    standing = {one.name: one.value for one in screen.fields}
    await wizard.submit(standing | given | {"action": action}, progress=ignore)
    await run(wizard)
    assert isinstance(wizard.screen, Sheet), wizard.screen
    return wizard.screen


async def finish(wizard: Wizard, address: str) -> None:
    await answer(wizard, "sender", address=address, alias="Example Organisation")
    await answer(wizard, "test", to=TO)
    await answer(wizard, "arrival", choice="yes")
    assert isinstance(wizard.screen, Review), wizard.screen


def settings(play: Play) -> dict[str, object]:
    in_force = play.backend.organisation_now.in_force
    assert in_force is not None
    return in_force.profile.settings


def warnings(wizard: Wizard) -> list[str]:
    return [notice.key for notice in wizard.screen.notices if notice.warning]


async def test_what_arrived_proves_the_sender_and_nothing_is_left_to_be_said(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        await press(wizard, "send", recipient=TO)
        sheet = await press(wizard, "compare", source=play.inbox[-1].source.decode())
        assert sheet.submit == "wizard.continue"
        await answer(wizard, "gmail-alias")
        assert wizard.screen.step == "sender"
        assert "gmail.remarks.unproven" not in warnings(wizard)
        await finish(wizard, NOTICES)
        await answer(wizard, "review")
        assert isinstance(wizard.screen, Done), wizard.screen
        assert settings(play)["proof"] == "arrived"
        assert play.inbox[-1].sender == f"Example Organisation <{NOTICES}>"


async def test_an_alias_that_gmail_replaces_is_caught_and_the_own_address_taken(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play, GROUP)
        await press(wizard, "send", recipient=TO)
        sheet = await press(wizard, "compare", source=play.inbox[-1].source.decode())
        [problem] = [cell.problem for cell in sheet.cells if cell.problem is not None]
        assert problem.code == "gmail-sender-replaced"
        assert "gmail.alias.replaced" in warnings(wizard)
        standing = {one.name: one.value for one in sheet.fields}
        await wizard.submit(standing | {"action": "own"}, progress=ignore)
        assert wizard.screen.step == "sender"
        await finish(wizard, ANNA)
        await answer(wizard, "review")
        assert settings(play)["proof"] == "own"


async def test_whoever_goes_on_without_proof_is_reminded_to_the_end(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play, GROUP)
        await answer(wizard, "gmail-alias")
        advice = await wizard.advise({"address": GROUP, "alias": "Example Organisation"})
        assert "gmail.remarks.unproven" in [notice.key for notice in advice.notices]
        await finish(wizard, GROUP)
        assert "gmail.remarks.unproven" in warnings(wizard)
        await answer(wizard, "review")
        assert isinstance(wizard.screen, Done), wizard.screen
        assert "gmail.remarks.unproven" in warnings(wizard)
        assert settings(play)["proof"] == "unproven"


async def test_the_list_is_read_after_one_more_permission(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        sheet = wizard.screen
        assert isinstance(sheet, Sheet)
        await wizard.submit({one.name: one.value for one in sheet.fields} | {"action": "allow"}, progress=ignore)
        await run(wizard)
        consent = wizard.screen
        assert isinstance(consent, Consent), consent
        assert SETTINGS.replace(":", "%3A").replace("/", "%2F") in consent.url
        await sign_in(wizard, play)
        while wizard.screen.step != "gmail-alias":
            await answer(wizard, wizard.screen.step)
        back = wizard.screen
        assert isinstance(back, Sheet)
        assert back.retry is not None
        read = await press(wizard, back.retry.name)
        assert read.submit == "wizard.continue"
        await answer(wizard, "gmail-alias")
        await finish(wizard, NOTICES)
        await answer(wizard, "review")
        assert settings(play)["proof"] == "listed"


async def test_a_permission_that_was_left_out_loses_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        sheet = wizard.screen
        assert isinstance(sheet, Sheet)
        await wizard.submit({one.name: one.value for one in sheet.fields} | {"action": "allow"}, progress=ignore)
        await run(wizard)
        await sign_in(wizard, play, boxes=("https://www.googleapis.com/auth/gmail.send",))
        while wizard.screen.step != "gmail-alias":
            await answer(wizard, wizard.screen.step)
        assert "gmail.alias.not-allowed" in [notice.key for notice in wizard.screen.notices]
        await press(wizard, "send", recipient=TO)
        await press(wizard, "compare", source=play.inbox[-1].source.decode())
        await answer(wizard, "gmail-alias")
        assert wizard.screen.step == "sender"


async def test_a_confirmation_that_came_meanwhile_is_seen_by_a_second_message(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play, PENDING)
        await press(wizard, "send", recipient=TO)
        first = play.inbox[-1].source.decode()
        await press(wizard, "compare", source=first)
        play.workspace.people[ANNA].send_as[PENDING].pending = False
        await press(wizard, "send", recipient=TO)
        sheet = await press(wizard, "compare", source=first)
        assert sheet.submit != "wizard.continue"
        sheet = await press(wizard, "compare", source=play.inbox[-1].source.decode())
        assert sheet.submit == "wizard.continue"


async def test_the_program_may_be_closed_between_sending_and_comparing(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_alias(play)
        await press(wizard, "send", recipient=TO)
        again = await play.restarted().wizard()
        await answer(again, again.screen.step) if again.screen.step != "gmail-alias" else None
        assert again.screen.step == "gmail-alias", again.screen
        sheet = await press(again, "compare", source=play.inbox[-1].source.decode())
        assert sheet.submit == "wizard.continue"
