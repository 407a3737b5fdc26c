"""The delegation: what is entered, what Google then gives, and how long it takes."""

from dataclasses import replace as with_
from typing import cast

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.desks import delegate, nobody, service_desk

from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import Command, Document
from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.scopes import MAIL, SEND, SETTINGS
from sendwright.practice.google.example import ANNA, BEN, NOTICES, SERVICE_ACCOUNT_ID
from sendwright.problems.evidence import System
from sendwright.providers.gmail.answers import Check, GmailAnswers
from sendwright.providers.gmail.service_account.delegation_step import DelegationStep
from sendwright.screens import Elsewhere, Halted, Rejected
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Route, SenderProof, Way
from sendwright.vault.vault import Vault


def commands(document: Document) -> list[str]:
    return [block.value for block in document.blocks if isinstance(block, Command)]


# The page


async def test_it_shows_what_is_to_be_copied_and_warns_of_its_reach() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        sheet = desk.sheet
        assert commands(sheet.document) == [SERVICE_ACCOUNT_ID, SEND]
        assert any(getattr(block, "strong", False) for block in sheet.document.blocks)
        assert sheet.submit == "gmail.delegation.check"
        assert [cell.id for cell in sheet.cells] == ["sender", "broader"]
        assert [cell.recommended for cell in sheet.cells] == [True, False]
        assert {one.name: one.value for one in sheet.fields} == {"subject": ANNA, "control": ""}


async def test_without_a_mailbox_there_is_nothing_to_try_yet() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        desk.state = replace(desk.state, subject="", address=NOTICES)
        assert desk.sheet.cells == ()
        assert desk.sheet.fields[0].value == NOTICES


async def test_it_comes_only_for_a_service_account_that_is_known() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        applies = desk.step.applies
        assert applies(desk.state)
        assert not applies(replace(desk.state, way=Way.ACCOUNT))
        assert not applies(replace(desk.state, service_account_id=""))


async def test_where_smtp_needs_the_whole_mailbox_it_says_so_and_tries_nothing_broader() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        desk.state = replace(desk.state, route=Route.SMTP)
        assert commands(desk.sheet.document) == [SERVICE_ACCOUNT_ID, MAIL]
        assert [cell.id for cell in desk.sheet.cells] == ["sender"]
        delegate(desk, SEND)
        await desk.press("try-sender")
        assert desk.cell("sender").verdict is Verdict.FAILED
        delegate(desk, MAIL)
        await desk.press("try-sender")
        assert desk.cell("sender").verdict is Verdict.PASSED


# From this computer


async def test_what_is_entered_just_so_passes_and_the_walk_goes_on() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        await desk.press()
        assert desk.state.connected
        assert desk.cell("sender").verdict is Verdict.PASSED
        assert desk.cell("broader").verdict is Verdict.PASSED
        assert desk.sheet.submit == "wizard.continue"
        assert desk.sheet.notices == ()
        assert desk.listening.inbox == []
        await desk.press()


async def test_one_try_of_the_mailbox_shows_also_that_nothing_broader_is_given() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        await desk.press("try-sender", control=BEN)
        assert {name: shown.granted for name, shown in desk.state.checks.items()} == {
            "sender": True,
            "broader": False,
            "control": True,
        }


async def test_nothing_entered_is_refused_and_the_page_stays() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        with pytest.raises(Elsewhere) as elsewhere:
            await desk.press()
        assert elsewhere.value.step == "gmail-delegation"
        state = elsewhere.value.state
        assert isinstance(state, GmailAnswers)
        desk.state = state
        cell = desk.cell("sender")
        assert cell.verdict is Verdict.FAILED
        assert cell.problem is not None
        assert cell.problem.code == "google-delegation-missing"
        assert cell.problem.values["username"] == ANNA
        assert cell.action is not None
        assert cell.action.name == "granted-sender"
        assert not state.connected
        assert Check.BROADER not in state.checks


async def test_a_wrong_scope_is_not_enough() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SETTINGS)
        await desk.press("try-sender")
        assert desk.cell("sender").verdict is Verdict.FAILED


async def test_more_than_sending_is_a_warning_that_is_seen_before_going_on() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND, MAIL)
        with pytest.raises(Elsewhere) as elsewhere:
            await desk.press()
        desk.state = cast("GmailAnswers", elsewhere.value.state)
        assert desk.cell("broader").verdict is Verdict.WARNING
        assert [notice.key for notice in desk.sheet.notices] == ["gmail.delegation.too-much"]
        await desk.press()
        delegate(desk, SEND)
        await desk.press("try-broader")
        assert desk.cell("broader").verdict is Verdict.PASSED
        assert desk.sheet.notices == ()


async def test_another_user_cannot_be_kept_out_and_that_is_said() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        with pytest.raises(Elsewhere) as elsewhere:
            await desk.press(control=BEN)
        desk.state = cast("GmailAnswers", elsewhere.value.state)
        cell = desk.cell("control")
        assert cell.verdict is Verdict.WARNING
        assert cell.problem is None
        [notice] = desk.sheet.notices
        assert (notice.key, notice.values) == ("gmail.delegation.reaches", {"control": BEN})
        await desk.press()


async def test_an_unknown_user_is_no_proof_of_a_limit() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        await desk.press("try-sender", control="nobody@example.org")
        cell = desk.cell("control")
        assert cell.verdict is Verdict.NOT_REACHED
        assert cell.problem is not None
        assert cell.problem.code == "google-delegated-user-unknown"
        assert cell.problem.values["username"] == "nobody@example.org"


async def test_a_refusal_of_another_user_counts_only_once_the_mailbox_is_given() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        await desk.press("try-broader")
        assert desk.cell("broader").verdict is Verdict.NOT_REACHED
        delegate(desk, SEND)
        await desk.press("try-sender")
        assert desk.cell("broader").verdict is Verdict.PASSED


async def test_another_mailbox_has_shown_nothing_yet() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        await desk.press("try-sender", control=BEN)
        desk.state = replace(desk.state, sender=NOTICES, proof=SenderProof.ARRIVED)
        await desk.press("try-broader", subject=BEN, control="")
        assert set(desk.state.checks) == {"broader"}
        assert desk.state.proof is SenderProof.UNPROVEN
        assert desk.state.subject == BEN


async def test_another_control_user_changes_nothing_but_itself() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        await desk.press("try-sender", control=BEN)
        await desk.press("try-broader", control="clara@example.org")
        assert set(desk.state.checks) == {"sender", "broader"}


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"subject": ""}, {"subject"}),
        ({"subject": "nobody"}, {"subject"}),
        ({"control": "a b@example.org"}, {"control"}),
        ({"subject": "x", "control": "y"}, {"subject", "control"}),
        ({"control": ANNA.upper()}, {"control"}),
    ],
)
async def test_addresses_have_to_be_sound_and_different(answer: dict[str, str], fields: set[str]) -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        for action in ("", "try-sender"):
            with pytest.raises(Rejected) as rejected:
                await desk.press(action, **answer)
            assert set(rejected.value.fields) == fields


@pytest.mark.parametrize("action", ["try-control", "try-", "granted-nothing", "anything"])
async def test_what_is_not_there_cannot_be_tried(action: str) -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        with pytest.raises(Rejected):
            await desk.press(action)


async def test_a_key_that_is_gone_stops_and_keeps_what_was_typed() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        assert desk.state.key is not None
        await desk.world.vault.forget(desk.state.key)
        with pytest.raises(Halted) as halted:
            await desk.press("try-sender", subject=BEN)
        assert cast("GmailAnswers", halted.value.state).subject == BEN
        assert halted.value.problem.evidence.system is System.KEYCHAIN


async def test_a_key_that_google_does_not_know_is_named() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        delegate(desk, SEND)
        account = next(iter(desk.workspace.service_accounts.values()))
        account.keys.clear()
        await desk.press("try-sender")
        cell = desk.cell("sender")
        assert cell.problem is not None
        assert cell.problem.code == "google-service-account-key-refused"
        assert cell.action is not None
        assert cell.action.name == "try-sender"


# Waiting


async def test_what_was_just_entered_is_waited_for_and_tried_again_by_itself() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        await desk.press("try-sender")
        assert desk.sheet.retry is None
        await desk.press("granted-sender")
        cell = desk.cell("sender")
        assert cell.waiting
        assert cell.verdict is None
        assert cell.problem is None
        assert desk.sheet.retry is not None
        due = desk.sheet.retry_at
        assert due is not None
        assert 0 < (due - desk.world.clock()).total_seconds() <= 60
        await desk.press("retry")
        assert desk.sheet.retry_at == due  # not yet: nothing was tried
        delegate(desk, SEND)
        desk.later(minutes=1)
        await desk.press("retry")
        assert desk.cell("sender").verdict is Verdict.PASSED
        assert desk.cell("broader").verdict is Verdict.PASSED
        assert desk.sheet.retry is None


async def test_the_pauses_grow_and_end_after_a_day() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        await desk.press("try-sender")
        await desk.press("granted-sender")
        pauses = []
        while desk.sheet.retry_at is not None:
            pause = (desk.sheet.retry_at - desk.world.clock()).total_seconds()
            pauses.append(round(pause / 60))
            desk.later(seconds=pause + 1)
            await desk.press("retry")
        assert pauses == sorted(pauses)
        assert 23 * 60 <= sum(pauses) <= 24 * 60
        assert desk.cell("sender").verdict is Verdict.FAILED


async def test_what_stands_in_the_way_of_trying_does_not_stop_the_page() -> None:
    async with service_desk(DelegationStep, handed=nobody) as desk:
        await desk.press("try-sender")
        await desk.press("granted-sender")
        first = desk.sheet.retry_at

        class Closed:
            async def fetch(self, ref: object) -> Secret | None:
                raise VaultUnavailable("locked")

        desk.world = with_(desk.world, vault=cast("Vault", Closed()))
        desk.later(minutes=1, seconds=1)
        await desk.press("retry")
        assert desk.cell("sender").waiting
        assert desk.sheet.retry_at is not None
        assert first is not None
        assert desk.sheet.retry_at > first
