"""What was granted takes effect by and by: the board waits and tries again, and calls nothing failed meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.providers.microsoft365.boards import TO, account_board, application_board, rights

from sendwright.diagnosis.stage import Verdict
from sendwright.errors import VaultUnavailable
from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO
from sendwright.practice.microsoft.tenant import Right
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.board_step import BoardStep
from sendwright.secret import Secret
from sendwright.world import World


async def test_what_was_granted_is_proven_by_itself_as_soon_as_it_acts(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        tenant = board.play.tenant
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        assert board.cell("me").verdict is Verdict.FAILED
        assert board.sheet.retry is None

        tenant.policies.grant_delay_s = timedelta(minutes=12).total_seconds()
        tenant.grant(BEN, INFO, Right.SEND_AS)
        await board.press("granted-me")
        tried = 1
        while board.cell("me").verdict is not Verdict.PASSED:
            sheet, cell = board.sheet, board.cell("me")
            assert cell.waiting
            assert cell.verdict is None
            assert cell.problem is None
            assert sheet.retry is not None
            assert sheet.retry_at is not None
            pause = sheet.retry_at - tenant.now()
            assert timedelta() < pause <= timedelta(minutes=61)
            tenant.ahead += pause
            await board.press(sheet.retry.name)
            tried += 1
            assert tried < 12
        assert tried == 5
        assert not board.cell("me").waiting
        assert board.sheet.retry is None
        assert len(board.play.inbox) == 1


async def test_a_retry_that_comes_too_early_tries_nothing(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        before = list(board.asked)
        await board.press("retry")
        assert board.asked == before


async def test_a_right_that_never_comes_is_a_refusal_again_in_the_end(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        board.later(hours=7)
        await board.press("try-me")
        cell = board.cell("me")
        assert (cell.waiting, cell.verdict) == (False, Verdict.FAILED)
        assert board.sheet.retry is None
        assert cell.action is not None
        assert cell.action.name == "granted-me"


async def test_only_what_is_due_is_tried(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        board.later(seconds=50)
        await board.press("try-mailbox")
        await board.press("granted-mailbox")
        board.later(seconds=15)
        board.asked.clear()
        await board.press("retry")
        assert board.asked == ["me"]


async def test_a_fault_on_the_way_does_not_end_the_waiting(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        board.play.microsoft.faults.tell(Fault(path="/v1.0/me/sendMail", status=503, code="ServiceUnavailable"))
        board.later(minutes=2)
        await board.press("retry")
        proof = board.state.proofs["me"]
        assert proof.missing == "send-as"
        assert board.cell("me").waiting


async def test_the_page_says_since_when_and_how_long_it_usually_takes(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        facts = board.facts("me")
        assert facts["Missing"] == "Send As, or Send on Behalf, on the mailbox"
        assert facts["Takes effect"] == "Usually a few minutes, sometimes about an hour"
        assert {"Granted", "Next try", "Last tried"} <= facts.keys()


async def test_a_limit_on_the_application_is_awaited_too(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        tenant = board.play.tenant
        tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        await board.press("try-application")
        await board.press("try-control")
        cell = board.cell("control")
        assert cell.action is not None
        assert (cell.action.name, cell.action.label) == ("granted-control", "microsoft365.board.limited")
        await board.press("granted-control")
        assert board.cell("control").waiting
        assert board.facts("control")["Takes effect"] == "Usually 30 minutes to 2 hours"

        tenant.scope(CLIENT_ID, INFO)
        tenant.app_roles[CLIENT_ID] = set()
        board.later(minutes=2)
        await board.press("retry")
        assert board.cell("control").verdict is Verdict.PASSED
        assert board.sheet.retry_at is None
        assert ANNA not in {received.sender for received in board.play.inbox[2:]}


@pytest.mark.parametrize("minutes", [0, 5, 30])
async def test_a_wait_that_was_begun_again_begins_anew(minutes: int, tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        board.later(minutes=minutes)
        state = board.state
        await board.press("granted-me")
        assert board.state.proofs["me"].granted_at is not None
        assert state.proofs["me"].granted_at is not None
        gone = board.state.proofs["me"].granted_at - state.proofs["me"].granted_at
        assert gone >= timedelta(minutes=minutes)
        assert board.sheet.retry_at is not None
        assert board.sheet.retry_at - board.play.tenant.now() <= timedelta(minutes=1)


async def test_a_retry_uses_the_address_of_the_try_whatever_is_being_typed(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        board.later(minutes=2)
        rights(board.play, INFO, Right.SEND_AS)
        await board.press("retry", recipient="half an addr")
        assert board.cell("me").verdict is Verdict.PASSED
        assert [received.recipient for received in board.play.inbox] == [TO]


async def test_what_stands_in_the_way_of_a_retry_does_not_end_the_waiting(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        await board.press("granted-me")
        step, board.step = board.step, BoardStep(desk=_closed, handed=_closed)
        board.later(minutes=2)
        await board.press("retry")
        assert board.cell("me").waiting
        assert board.sheet.retry_at is not None
        assert board.sheet.retry_at > board.play.tenant.now()
        board.step = step
        board.later(minutes=5)
        rights(board.play, INFO, Right.SEND_AS)
        await board.press("retry")
        assert board.cell("me").verdict is Verdict.PASSED


async def _closed(state: MicrosoftAnswers, world: World) -> dict[str, Secret]:
    raise VaultUnavailable("locked")
