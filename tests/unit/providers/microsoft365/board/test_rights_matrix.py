"""All sixteen combinations of rights and scope, by every route, against a simulated Microsoft."""

from itertools import product
from pathlib import Path

import pytest
from tests.unit.providers.microsoft365.boards import TO, account_board, application_board, backend_of, rights

from sendwright.diagnosis.stage import Verdict
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO
from sendwright.practice.microsoft.tenant import Right

SWITCHES = list(product((False, True), repeat=4))


def expected(route: str, *, send_as: bool, on_behalf: bool, full: bool, scope: bool) -> str:
    """Return the right that lacks, as Exchange documents it; empty where the message is taken.

    Source: learn.microsoft.com/graph/outlook-send-mail-from-other-user and
    /exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.
    """
    if not scope:
        return "scope"
    if route in {"mailbox", "smtp"} and not full:
        return "full-access"
    if route == "smtp":
        return ""
    return "" if send_as or on_behalf else "send-as"


@pytest.mark.parametrize(("send_as", "on_behalf", "full", "scope"), SWITCHES)
async def test_each_combination_gives_each_cell_its_right_verdict(
    send_as: bool, on_behalf: bool, full: bool, scope: bool, tmp_path: Path
) -> None:
    given = {Right.SEND_AS: send_as, Right.SEND_ON_BEHALF: on_behalf, Right.FULL_ACCESS: full}
    async with account_board(tmp_path, shared=scope) as board:
        rights(board.play, INFO, *(right for right, there in given.items() if there))
        for route in ("me", "mailbox", "smtp"):
            before = len(board.play.inbox)
            await board.press(f"try-{route}", recipient=TO)
            wanted = expected(route, send_as=send_as, on_behalf=on_behalf, full=full, scope=scope)
            proof, cell = board.state.proofs[route], board.cell(route)
            assert (proof.accepted, proof.missing) == (not wanted, wanted), (route, proof)
            assert cell.verdict is (Verdict.FAILED if wanted else Verdict.PASSED)
            assert (cell.problem is not None) is bool(wanted)
            assert len(board.play.inbox) - before == (0 if wanted else 1)


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ((Right.SEND_AS,), ""),
        ((Right.SEND_ON_BEHALF,), BEN),
        ((Right.SEND_AS, Right.SEND_ON_BEHALF), ""),
    ],
)
async def test_what_recipients_may_see_covers_what_they_do_see(
    given: tuple[Right, ...], sender: str, tmp_path: Path
) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO, *given)
        await board.press("try-me", recipient=TO)
        [received] = board.play.inbox
        assert sender in received.sender_header
        assert bool(received.sender_header) is bool(sender)
        assert INFO in received.sender
        seen = board.facts("me")["Recipients see"]
        assert INFO in seen
        assert "on behalf of" in seen  # which of both it was, no answer tells


@pytest.mark.parametrize(("route", "copies"), [("me", {BEN}), ("mailbox", {INFO}), ("smtp", {INFO})])
async def test_the_copy_lands_where_the_cell_says(route: str, copies: set[str], tmp_path: Path) -> None:
    async with account_board(tmp_path) as board:
        rights(board.play, INFO, *Right)
        await board.press(f"try-{route}", recipient=TO)
        assert {copy.mailbox for copy in board.play.microsoft.sent_items} == copies
        assert copies.pop() in board.facts(route)["Sent copy"]


async def test_a_limited_application_is_proven_by_its_mailbox_and_by_the_control_mailbox(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        board.play.tenant.scope(CLIENT_ID, INFO)
        await board.press("try-application")
        await board.press("try-control")
        assert board.cell("application").verdict is Verdict.PASSED
        assert board.cell("control").verdict is Verdict.PASSED
        assert board.sheet.notices == ()
        assert [received.recipient for received in board.play.inbox] == [TO]


async def test_an_application_that_reaches_every_mailbox_is_warned_of_with_the_recipe(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        board.play.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        await board.press("try-application")
        await board.press("try-control")
        assert board.cell("application").verdict is Verdict.PASSED
        assert board.cell("control").verdict is Verdict.WARNING
        [warning] = board.sheet.notices
        assert (warning.key, warning.warning) == ("microsoft365.board.reaches-all", True)
        words = repr(board.sheet.documents[0].blocks)
        assert "New-ManagementRoleAssignment" in words
        assert "Remove-MgServicePrincipalAppRoleAssignment" in words
        assert ANNA in words


async def test_a_control_mailbox_that_is_refused_counts_only_beside_a_mailbox_that_succeeds(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        board.play.tenant.scope(CLIENT_ID, "somebody@contoso.com")
        await board.press("try-control")
        assert board.cell("control").verdict is Verdict.NOT_REACHED
        await board.press("try-application")
        assert board.cell("application").verdict is Verdict.FAILED
        assert board.state.proofs["application"].missing == "scope"
        board.play.tenant.scope(CLIENT_ID, INFO)
        await board.press("granted-application")
        assert board.cell("application").verdict is Verdict.PASSED
        assert board.cell("control").verdict is Verdict.PASSED


async def test_a_control_mailbox_that_does_not_exist_proves_nothing(tmp_path: Path) -> None:
    async with application_board(tmp_path, control="nobody@contoso.com") as board:
        board.play.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        await board.press("try-application")
        await board.press("try-control")
        assert board.cell("control").verdict is Verdict.NOT_REACHED
        assert "another reason" in board.facts("control")["This means"]


async def test_the_backend_is_given_the_credentials_once(tmp_path: Path) -> None:
    async with application_board(tmp_path) as board:
        board.play.tenant.scope(CLIENT_ID, INFO)
        for action in ("try-application", "try-control", "try-application"):
            await board.press(action)
        calls = backend_of(board).calls
        assert calls.count("stage") == 1
        assert calls.count("test") == 3
        assert "activate" not in calls
