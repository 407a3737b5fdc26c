"""Single tries against a simulated Microsoft: what becomes of them when something around them fails."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.boards import TO, account_board, application_board, backend_of, rights

from sendwright.diagnosis.stage import GRAPH_STAGES, Verdict
from sendwright.errors import VaultUnavailable
from sendwright.handoff.backend import Backend
from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, INFO
from sendwright.practice.microsoft.tenant import Right
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.board_step import BoardStep
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.world import PlatformAccess, World


async def test_one_small_message_goes_to_the_person_and_says_what_it_is(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO, Right.SEND_AS)
        await board.press("try-me")
        [received] = board.play.inbox
        assert received.recipient == BEN
        assert received.subject == "May info@contoso.com send?"
        assert "anna" in received.text
        assert len(received.text) < 1_000
        assert received.html == ""
        assert board.state.proofs["me"].request_id
        assert [result.id for result in board.reported] == list(GRAPH_STAGES)


async def test_the_address_that_was_typed_is_kept_for_the_next_try(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO, Right.SEND_AS)
        await board.press("try-me", recipient=TO)
        assert next(field.value for field in board.sheet.fields if field.name == "recipient") == TO
        await board.press("try-me")
        assert [received.recipient for received in board.play.inbox] == [TO, TO]


@pytest.mark.parametrize(("status", "code"), [(503, "ServiceUnavailable"), (429, "ApplicationThrottled")])
async def test_a_service_that_is_busy_is_not_a_missing_right(status: int, code: str, tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO, Right.SEND_AS)
        board.play.microsoft.faults.tell(Fault(path="/sendMail", status=status, code=code))
        await board.press("try-me", recipient=TO)
        proof = board.state.proofs["me"]
        assert (proof.accepted, proof.missing) == (False, "")
        cell = board.cell("me")
        assert cell.action is not None
        assert cell.action.name == "try-me"
        await board.press("try-me")
        assert board.cell("me").verdict is Verdict.PASSED


async def test_a_refused_try_keeps_the_evidence_for_the_card(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)
        evidence = board.state.proofs["me"].evidence
        assert evidence is not None
        assert (evidence.http, evidence.reason) == (403, "ErrorSendAsDenied")
        card = board.cell("me").problem
        assert card is not None
        assert card.values["sender"] == INFO
        assert card.values["username"] == BEN


async def test_smtp_that_the_organisation_switched_off_is_a_policy(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO, *Right)
        board.play.tenant.policies.smtp_auth = False
        await board.press("try-smtp", recipient=TO)
        assert board.state.proofs["smtp"].missing == "policy"
        board.play.tenant.policies.smtp_auth_mailboxes.add(INFO)
        await board.press("granted-smtp")
        assert board.cell("smtp").verdict is Verdict.PASSED


async def test_a_sign_in_that_ended_is_shown_in_the_cell(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        board.play.tenant.revoked.add(BEN)
        await board.press("try-me", recipient=TO)
        cell = board.cell("me")
        assert cell.verdict is Verdict.FAILED
        assert cell.problem is not None
        assert cell.problem.evidence.system is System.ENTRA
        assert board.play.inbox == []


async def test_a_closed_keychain_stops_and_keeps_what_was_known(tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO)
        await board.press("try-me", recipient=TO)

        async def closed(state: MicrosoftAnswers, world: World) -> dict[str, Secret]:
            raise VaultUnavailable("locked")

        board.step = BoardStep(desk=closed, handed=closed)
        with pytest.raises(Halted) as halted:
            await board.press("granted-me")
        kept = halted.value.state
        assert isinstance(kept, MicrosoftAnswers)
        assert kept.proofs["me"].granted_at is not None


async def test_a_backend_that_is_not_reached_stops_and_is_not_a_refusal(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:

        @asynccontextmanager
        async def closed() -> AsyncIterator[Backend]:
            raise Halted(classify(Evidence(stage="backend", system=System.SOCKET, errno="ECONNREFUSED")))
            yield

        assert board.world.platform is not None
        platform = PlatformAccess(organisation=board.world.platform.organisation, open=closed)
        board.world = dataclasses.replace(board.world, platform=platform)
        with pytest.raises(Halted):
            await board.press("try-application")
        assert board.state.proofs == {}


async def test_what_the_backend_has_already_is_not_handed_over_again_after_a_failed_test(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        assert board.world.platform is not None
        opened, openings = board.world.platform.open, []

        @asynccontextmanager
        async def second_time_closed() -> AsyncIterator[Backend]:
            openings.append(1)
            if len(openings) == 2:
                raise Halted(classify(Evidence(stage="backend", system=System.SOCKET, errno="ECONNRESET")))
            async with opened() as backend:
                yield backend

        platform = PlatformAccess(organisation=board.world.platform.organisation, open=second_time_closed)
        board.world = dataclasses.replace(board.world, platform=platform)
        board.play.tenant.scope(CLIENT_ID, INFO)
        with pytest.raises(Halted) as halted:
            await board.press("try-application")
        assert isinstance(halted.value.state, MicrosoftAnswers)
        board.state = halted.value.state
        await board.press("try-application")
        assert backend_of(board).calls.count("stage") == 1
        assert board.cell("application").verdict is Verdict.PASSED


async def test_without_a_backend_an_application_stops_with_a_reason(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        board.world = dataclasses.replace(board.world, platform=None)
        with pytest.raises(Halted) as halted:
            await board.press("try-application")
        assert halted.value.problem.evidence.system is System.BACKEND


async def test_a_changed_mailbox_is_staged_anew(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        board.play.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        await board.press("try-application")
        first = board.state.trial
        board.state = replace(board.state, mailbox=BEN)
        await board.press("try-application")
        assert first is not None
        assert board.state.trial is not None
        assert first.version != board.state.trial.version
        assert backend_of(board).calls.count("stage") == 2
