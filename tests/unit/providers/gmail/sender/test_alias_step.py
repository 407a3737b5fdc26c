"""Another address for From: proven by the list of sending addresses, or by what arrives, or left open."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.desks import TO, Desk, account_desk, delegate, nobody, service_desk

from sendwright.diagnosis.stage import Verdict
from sendwright.errors import VaultUnavailable
from sendwright.message.arrived import LARGEST
from sendwright.oauth.fixed import access_ended
from sendwright.oauth.google.scopes import SEND, SETTINGS, USUAL
from sendwright.practice.google.example import ANNA, GROUP, NOTICES, PENDING
from sendwright.practice.google.workspace import SendAs
from sendwright.problems.evidence import System
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sender.alias_step import AliasStep
from sendwright.providers.gmail.sender.arrival import code_of
from sendwright.providers.gmail.sender.sender_step import chosen
from sendwright.screens import Elsewhere, Halted, Rejected
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import SenderProof
from sendwright.world import World

BOTH = (*USUAL, SETTINGS)


async def service_credentials(state: GmailAnswers, world: World) -> dict[str, Secret]:
    assert state.key is not None
    key = await world.vault.fetch(state.key)
    assert key is not None
    return {"service_account_key": key}


# The page


async def test_it_comes_only_where_another_address_shall_be_seen() -> None:
    async with account_desk(AliasStep) as desk:
        assert desk.step.applies(desk.state)
        for state in (
            replace(desk.state, sender=""),
            replace(desk.state, sender=ANNA.upper()),
            replace(desk.state, reconnecting=True),
            replace(desk.state, account=None),
        ):
            assert not desk.step.applies(state)


async def test_at_first_the_message_is_advised_and_going_on_says_that_nothing_is_proven() -> None:
    async with account_desk(AliasStep) as desk:
        sheet = desk.sheet
        assert sheet.submit == "gmail.alias.without"
        assert [cell.id for cell in sheet.cells] == ["arrival", "list"]
        assert [cell.recommended for cell in sheet.cells] == [True, False]
        assert [cell.verdict for cell in sheet.cells] == [None, None]
        assert [notice.key for notice in sheet.notices] == ["gmail.alias.unproven"]
        assert [one.name for one in sheet.fields] == ["recipient"]
        assert sheet.retry is None


async def test_whoever_goes_on_without_a_proof_is_taken_at_her_word() -> None:
    async with account_desk(AliasStep) as desk:
        await desk.press()
        assert desk.state.proof_of("") is SenderProof.UNPROVEN
        assert desk.state.settings(NOTICES).proof is SenderProof.UNPROVEN


async def test_the_own_address_settles_it() -> None:
    async with account_desk(AliasStep) as desk:
        await desk.press("own")
        assert desk.state.from_address == ANNA
        assert desk.state.proof_of("") is SenderProof.OWN
        assert not desk.step.applies(desk.state)


async def test_an_unknown_button_is_refused() -> None:
    async with account_desk(AliasStep) as desk:
        with pytest.raises(Rejected):
            await desk.press("anything")


# The list


async def test_reading_the_list_first_asks_for_the_permission() -> None:
    async with account_desk(AliasStep) as desk:
        assert desk.cell("list").action is not None
        assert desk.cell("list").action.name == "allow"  # type: ignore[union-attr]
        with pytest.raises(Elsewhere) as elsewhere:
            await desk.press("allow")
        state = elsewhere.value.state
        assert elsewhere.value.step == "gmail-prepare"
        assert isinstance(state, GmailAnswers)
        assert state.returning


async def test_back_with_the_permission_the_list_is_read_by_itself() -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        desk.state = replace(desk.state, returning=True)
        assert desk.sheet.retry is not None
        assert desk.sheet.retry.name == "read"
        assert desk.sheet.retry_at is not None
        await desk.press("read")
        assert desk.sheet.retry is None
        assert not desk.state.returning
        assert desk.state.proof is SenderProof.LISTED
        assert desk.cell("list").verdict is Verdict.PASSED
        assert desk.sheet.submit == "wizard.continue"
        assert desk.sheet.notices == ()


async def test_back_without_the_permission_the_message_still_does() -> None:
    async with account_desk(AliasStep) as desk:
        desk.state = replace(desk.state, returning=True)
        assert desk.sheet.retry is None
        assert "gmail.alias.not-allowed" in [notice.key for notice in desk.sheet.notices]
        await desk.press()
        assert not desk.state.returning


@pytest.mark.parametrize(
    ("address", "verdict", "problem", "proof"),
    [
        (NOTICES, Verdict.PASSED, None, SenderProof.LISTED),
        (NOTICES.upper(), Verdict.PASSED, None, SenderProof.LISTED),
        (PENDING, Verdict.FAILED, "gmail-alias-unconfirmed", SenderProof.UNPROVEN),
        (GROUP, Verdict.FAILED, "gmail-alias-missing", SenderProof.UNPROVEN),
        ("other@example.com", Verdict.WARNING, None, SenderProof.LISTED),
    ],
)
async def test_the_list_says_how_each_address_stands(
    address: str, verdict: Verdict, problem: str | None, proof: SenderProof
) -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        other = SendAs(address="other@example.com", server="smtp.example.com")
        desk.workspace.people[ANNA].send_as[other.address] = other
        desk.state = chosen(desk.state, address)
        await desk.press("read")
        cell = desk.cell("list")
        assert cell.verdict is verdict
        assert (cell.problem.code if cell.problem else None) == problem
        assert desk.state.proof is proof
        if problem is not None and cell.problem is not None:
            assert cell.problem.values["sender"] == address
            assert cell.problem.values["username"] == ANNA
            assert NOTICES in desk.facts("list")["Addresses that can be used"]
        if verdict is Verdict.WARNING:
            assert "smtp.example.com" in desk.facts("list")["Mind"]


async def test_another_address_is_looked_up_in_the_list_that_was_read() -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        await desk.press("read")
        asked = len(desk.listening.google.log)
        desk.state = chosen(desk.state, GROUP)
        assert desk.state.proof is SenderProof.UNPROVEN
        desk.state = chosen(desk.state, NOTICES)
        assert desk.state.proof is SenderProof.LISTED
        assert len(desk.listening.google.log) == asked


async def test_a_list_that_google_refuses_is_shown_with_its_problem() -> None:
    async with account_desk(AliasStep) as desk:
        desk.state = replace(desk.state, scopes=BOTH)  # said, and not granted
        await desk.press("read")
        cell = desk.cell("list")
        assert cell.verdict is Verdict.FAILED
        assert cell.problem is not None
        assert desk.state.addresses is None
        assert desk.state.proof is SenderProof.UNPROVEN


async def test_after_the_hand_over_the_list_needs_a_new_sign_in() -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        desk.state = replace(desk.state, handed_over=True)
        assert desk.cell("list").action is not None
        with pytest.raises(Elsewhere):
            await desk.press("allow")


async def test_a_service_account_reads_the_list_with_the_scope_for_it() -> None:
    async with service_desk(AliasStep, desk=service_credentials, handed=nobody) as desk:
        desk.state = chosen(desk.state, NOTICES)
        delegate(desk, SEND)
        await desk.press("read")
        assert desk.cell("list").problem is not None
        assert desk.cell("list").problem.code == "google-delegation-missing"  # type: ignore[union-attr]
        delegate(desk, SEND, SETTINGS)
        await desk.press("read")
        assert desk.cell("list").verdict is Verdict.PASSED
        assert desk.cell("list").problem is None


async def test_without_a_key_here_nobody_can_read_the_list_here() -> None:
    async with service_desk(AliasStep, desk=nobody, handed=nobody) as desk:
        desk.state = replace(chosen(desk.state, NOTICES), key=None, keyless=True)
        assert desk.cell("list").action is None
        with pytest.raises(Halted):
            await desk.press("read")


# The message


async def sent(desk: Desk, address: str = NOTICES) -> Desk:
    desk.state = chosen(desk.state, address)
    return await desk.press("send", recipient=TO)


async def test_a_message_that_arrived_as_wished_proves_the_sender() -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk)
        [received] = desk.listening.inbox
        assert received.recipient == TO
        assert code_of(desk.state.sent) in received.subject
        assert desk.cell("arrival").verdict is None
        assert not desk.cell("arrival").recommended
        await desk.press("compare", source=desk.source())
        assert desk.cell("arrival").verdict is Verdict.PASSED
        assert desk.facts("arrival")["Sender that recipients see"] == NOTICES
        assert desk.state.proof is SenderProof.ARRIVED
        assert desk.sheet.submit == "wizard.continue"
        await desk.press()
        assert desk.state.settings(NOTICES).proof is SenderProof.ARRIVED


@pytest.mark.parametrize("address", [PENDING, GROUP])
async def test_a_sender_that_was_replaced_is_caught(address: str) -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk, address)
        await desk.press("compare", source=desk.source())
        cell = desk.cell("arrival")
        assert cell.verdict is Verdict.FAILED
        assert cell.problem is not None
        assert cell.problem.code == "gmail-sender-replaced"
        assert cell.problem.values["sender"] == address
        assert desk.facts("arrival")["Sender that recipients see"] == ANNA
        assert desk.state.proof is SenderProof.UNPROVEN
        assert desk.sheet.submit == "gmail.alias.anyway"
        [notice] = desk.sheet.notices
        assert (notice.key, notice.values["instead"]) == ("gmail.alias.replaced", ANNA)


async def test_what_gmail_says_it_replaced_is_shown() -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk, GROUP)
        await desk.press("compare", source=f"X-Google-Original-From: Team <{GROUP}>\r\n{desk.source()}")
        assert desk.facts("arrival")["Replaced address"] == GROUP


async def test_the_line_with_the_sender_is_taken_at_her_word() -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk)
        await desk.press("compare", source=f"From: Notices <{NOTICES}>")
        assert desk.state.proof is SenderProof.ARRIVED
        await desk.press("compare", source=f"From: Anna <{ANNA}>")
        assert desk.state.proof is SenderProof.UNPROVEN


async def test_a_message_from_before_shows_nothing() -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk)
        former = desk.source()
        await desk.press("send")
        await desk.press("compare", source=former)
        assert desk.cell("arrival").verdict is Verdict.WARNING
        assert desk.state.proof is SenderProof.UNPROVEN
        await desk.press("compare", source=desk.source())
        assert desk.state.proof is SenderProof.ARRIVED
        await desk.press("compare", source=former)
        assert desk.state.proof is SenderProof.ARRIVED


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ({}, "gmail.alias.source-missing"),
        ({"source": "  \n"}, "gmail.alias.source-missing"),
        ({"source": "no sender in here"}, "gmail.alias.unreadable.no-sender"),
        ({"source": f"Received: x\nFrom: {NOTICES}\nFrom: {ANNA}"}, "gmail.alias.unreadable.several-senders"),
        ({"source": "x" * (LARGEST + 1)}, "gmail.alias.unreadable.too-large"),
    ],
)
async def test_what_says_nothing_is_not_taken_for_an_answer(answer: dict[str, str], key: str) -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk)
        with pytest.raises(Rejected) as rejected:
            await desk.press("compare", **answer)
        assert rejected.value.fields == {"source": key}
        assert desk.state.arrived is None


async def test_nothing_is_compared_before_anything_was_sent() -> None:
    async with account_desk(AliasStep) as desk:
        with pytest.raises(Rejected) as rejected:
            await desk.press("compare", source=f"From: {NOTICES}")
        assert rejected.value.fields == {"source": "gmail.alias.not-sent"}
        assert desk.state.proof is SenderProof.UNPROVEN


async def test_a_message_that_google_refuses_shows_why() -> None:
    async with account_desk(AliasStep) as desk:
        desk.workspace.policies.rewrite = "refuse"
        await sent(desk, GROUP)
        cell = desk.cell("arrival")
        assert cell.verdict is Verdict.FAILED
        assert cell.problem is not None
        assert desk.state.sent == ""
        desk.workspace.policies.rewrite = "replace"
        await desk.press("send")
        assert desk.cell("arrival").verdict is None
        assert desk.state.sent


@pytest.mark.parametrize("typed", ["", "nobody", "a b@example.org"])
async def test_the_recipient_has_to_be_an_address(typed: str) -> None:
    async with account_desk(AliasStep) as desk:
        with pytest.raises(Rejected) as rejected:
            await desk.press("send", recipient=typed)
        assert set(rejected.value.fields) == {"recipient"}
        assert desk.listening.inbox == []


@pytest.mark.parametrize("failure", [VaultUnavailable("locked"), access_ended(System.GOOGLE)])
async def test_nothing_is_sent_without_a_sign_in(failure: Exception) -> None:
    async def failing(state: GmailAnswers, world: World) -> dict[str, Secret]:
        del state, world
        raise failure

    async with account_desk(AliasStep) as desk:
        desk.step = AliasStep(desk=failing, handed=failing)
        with pytest.raises(Halted) as halted:
            await desk.press("send")
        assert isinstance(halted.value.state, GmailAnswers)
        assert halted.value.state.recipient == TO
        assert desk.listening.inbox == []


async def test_a_service_account_sends_it_with_its_key() -> None:
    async with service_desk(AliasStep, desk=service_credentials, handed=nobody) as desk:
        delegate(desk, SEND)
        await sent(desk)
        await desk.press("compare", source=desk.source())
        assert desk.state.proof is SenderProof.ARRIVED


async def test_the_keyboard_begins_at_what_comes_next() -> None:
    async with account_desk(AliasStep) as desk:
        assert desk.sheet.begin == ""
        await sent(desk)
        assert desk.sheet.begin == "source"
        assert "gmail.alias.next" in [notice.key for notice in desk.sheet.notices if notice.field == "source"]
        await desk.press("compare", source=desk.source())
        assert desk.state.proof is SenderProof.ARRIVED
        assert desk.sheet.begin == ""
        assert not [notice for notice in desk.sheet.notices if notice.field]


async def test_nobody_goes_on_past_a_replaced_sender_by_pressing_enter() -> None:
    async with account_desk(AliasStep) as desk:
        await sent(desk)
        await desk.press("compare", source=f"From: {ANNA}")
        assert desk.sheet.begin == "own"
        assert [action.name for action in desk.sheet.actions if not (action.quiet or action.stays)] == ["own"]
