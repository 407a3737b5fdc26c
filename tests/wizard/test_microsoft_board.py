"""The board inside the whole wizard: tried, granted, waited for, left and taken up again, and what follows from it."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.providers.microsoft365.powershell import printed
from tests.wizard.microsoft_surroundings import Play, answer, ignore, sign_in, stage, to_plan

from sendwright.diagnosis.stage import Verdict
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.screens import Cell, Done, Rejected, Sheet
from sendwright.senders.graph.settings import Route
from sendwright.wizard.wizard import Wizard

TO = "director@example.org"


async def to_board(play: Play, *, mailbox: str = INFO) -> Wizard:
    wizard = await to_plan(play)
    await answer(wizard, "ms-plan")
    await sign_in(wizard, play)
    await answer(wizard, "ms-connected")
    await answer(wizard, "ms-mailbox", choice="other", mailbox=mailbox)
    assert wizard.screen.step == "ms-board"
    return wizard


async def to_application_board(play: Play) -> Wizard:
    wizard = await to_plan(play, way="application")
    await answer(wizard, "ms-plan")
    await sign_in(wizard, play, username=ANNA)
    await answer(wizard, "ms-connected")
    await answer(wizard, "ms-mailbox", mailbox=NOREPLY, control=BEN)
    assert wizard.screen.step == "ms-board"
    return wizard


def sheet(wizard: Wizard) -> Sheet:
    assert isinstance(wizard.screen, Sheet), wizard.screen
    return wizard.screen


def cell(wizard: Wizard, name: str) -> Cell:
    return next(one for one in sheet(wizard).cells if one.id == name)


async def press(wizard: Wizard, action: str, **typed: str) -> None:
    standing = {field.name: field.value for field in sheet(wizard).fields}
    await wizard.submit(standing | {"recipient": TO} | typed | {"action": action}, progress=ignore)


async def finish(wizard: Wizard, address: str) -> Done:
    await answer(wizard, "ms-board")
    await answer(wizard, "sender", address=address, alias="Example Organisation")
    await answer(wizard, "test", to=TO)
    await answer(wizard, "arrival", choice="yes")
    await answer(wizard, "review")
    assert isinstance(wizard.screen, Done), wizard.screen
    return wizard.screen


async def test_a_try_stays_on_the_board_and_the_proven_route_goes_into_the_profile(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_board(play, mailbox=NOREPLY)
        await press(wizard, "try-mailbox")
        assert wizard.screen.step == "ms-board"
        assert cell(wizard, "mailbox").verdict is Verdict.PASSED
        await finish(wizard, NOREPLY)
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        assert in_force.profile.settings["route"] == Route.MAILBOX


async def test_a_try_that_proved_nothing_leaves_the_usual_route(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_board(play)
        await press(wizard, "try-mailbox")
        assert cell(wizard, "mailbox").verdict is Verdict.FAILED
        await finish(wizard, INFO)
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        assert in_force.profile.settings["route"] == Route.ME


async def test_a_wait_goes_on_after_the_program_was_closed(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.tenant.withdraw(BEN, INFO, *Right)
        wizard = await to_board(play)
        await press(wizard, "try-me")
        assert cell(wizard, "me").verdict is Verdict.FAILED
        await press(wizard, "granted-me")
        before = sheet(wizard)
        assert before.retry is not None
        assert before.retry_at is not None

        again = await play.restarted().wizard()
        while again.screen.step != "ms-board":
            await answer(again, again.screen.step, choice="continue" if again.screen.step == "start" else "")
        taken_up = sheet(again)
        assert taken_up.retry_at == before.retry_at
        assert cell(again, "me").waiting


async def test_what_waits_is_left_alone_before_its_time(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.tenant.withdraw(BEN, INFO, *Right)
        wizard = await to_board(play)
        await press(wizard, "try-me")
        await press(wizard, "granted-me")
        asked = len(play.microsoft.log)
        await press(wizard, "retry")
        assert len(play.microsoft.log) == asked
        play.tenant.grant(BEN, INFO, Right.SEND_AS)
        await press(wizard, "try-me")
        assert cell(wizard, "me").verdict is Verdict.PASSED
        assert sheet(wizard).retry is None


async def test_what_it_pastes_is_marked_and_stays_on_the_page(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_board(play)
        await press(wizard, "read", output=printed.ONLY_SELF)
        assert wizard.screen.step == "ms-board"
        assert f"{BEN} is not in this list" in repr(sheet(wizard).document)
        with pytest.raises(Rejected):
            await press(wizard, "read", output="")


async def test_another_mailbox_is_another_board(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_board(play, mailbox=NOREPLY)
        await press(wizard, "try-me")
        assert cell(wizard, "me").verdict is Verdict.PASSED
        wizard.back()
        await answer(wizard, "ms-mailbox", choice="other", mailbox=INFO)
        assert [one.verdict for one in sheet(wizard).cells] == [None, None, None]


async def test_an_application_is_proven_both_ways_before_it_is_put_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_application_board(play)
        await press(wizard, "try-application")
        await press(wizard, "try-control")
        assert cell(wizard, "application").verdict is Verdict.PASSED
        assert cell(wizard, "control").verdict is Verdict.WARNING
        play.tenant.app_roles[CLIENT_ID] = set()
        play.tenant.scope(CLIENT_ID, NOREPLY)
        await press(wizard, "granted-control")
        assert cell(wizard, "control").verdict is Verdict.PASSED
        await press(wizard, "try-application")
        assert [one.verdict for one in sheet(wizard).cells] == [Verdict.PASSED, Verdict.PASSED]
        await finish(wizard, NOREPLY)


async def test_a_sign_in_page_that_was_not_asked_for_smtp_says_so_and_an_administrator_can_mend_it(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_board(play, mailbox=NOREPLY)
        await press(wizard, "try-smtp")
        assert cell(wizard, "smtp").verdict is Verdict.FAILED
        assert "SMTP.Send" in repr(sheet(wizard).document)
        await press(wizard, "try-me")
        assert cell(wizard, "me").verdict is Verdict.PASSED  # the sign-in itself lives
        play.tenant.consents.setdefault(CLIENT_ID, set()).update(
            {"Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send"}
        )
        await press(wizard, "granted-smtp")
        assert cell(wizard, "smtp").verdict is Verdict.PASSED
        assert play.inbox[-1].mailbox == NOREPLY


async def test_time_passes_and_the_clock_runs_anew_after_each_try(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.tenant.withdraw(BEN, INFO, *Right)
        wizard = await to_board(play)
        await press(wizard, "try-me")
        await press(wizard, "granted-me")
        first = sheet(wizard).retry_at
        await press(wizard, "try-me")
        second = sheet(wizard).retry_at
        assert first is not None
        assert second is not None
        assert timedelta() <= second - first <= timedelta(minutes=2)
