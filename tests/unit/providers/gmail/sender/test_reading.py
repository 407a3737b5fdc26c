"""The list of sending addresses is read with a token for nothing else, and with nothing lost where it is not."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.desks import account_desk, delegate, nobody, service_desk
from tests.unit.providers.gmail.pictured import account, service

from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.scopes import MAIL, SEND, SETTINGS, USUAL
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, NOTICES, PENDING
from sendwright.practice.google.workspace import SendAs
from sendwright.problems.evidence import Failure
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sender.alias_step import AliasStep
from sendwright.providers.gmail.sender.reading import may_read, read_list
from sendwright.providers.gmail.service_account.tokens import key_of, token_for
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import SenderProof

BOTH = (*USUAL, SETTINGS)


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (account(), False),
        (account(scopes=BOTH), True),
        (account(scopes=(*USUAL, MAIL)), True),
        (account(scopes=BOTH, grant=None), False),
        (account(scopes=BOTH, handed_over=True), False),
        (service(), True),
        (service(key=None), False),
        (service(key=None, keyless=True), False),
    ],
)
def test_it_may_be_read_where_somebody_here_has_the_permission(state: GmailAnswers, may: bool) -> None:
    assert may_read(state) is may


async def test_the_list_stands_there_as_the_mailbox_has_it() -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        other = SendAs(address="sales@example.com", name="Sales", server="smtp.example.com", default=True)
        desk.workspace.people[ANNA].send_as[other.address] = other
        read = await read_list(replace(desk.state, returning=True), desk.world)
        assert read.addresses is not None
        by_address = {one.address: one for one in read.addresses}
        assert set(by_address) == {ANNA, NOTICES, PENDING, "sales@example.com"}
        assert by_address[ANNA].primary
        assert not by_address[PENDING].confirmed
        assert by_address["sales@example.com"].server == "smtp.example.com"
        assert by_address["sales@example.com"].default
        assert read.read_at is not None
        assert not read.returning
        assert read.proof is SenderProof.LISTED


async def test_the_permission_of_the_whole_mailbox_does_as_well() -> None:
    async with account_desk(AliasStep, scopes=(*USUAL, MAIL)) as desk:
        assert (await read_list(desk.state, desk.world)).proof is SenderProof.LISTED


async def test_nothing_is_sent_and_nothing_changed_by_reading() -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        before = dict(desk.workspace.people[ANNA].send_as)
        await read_list(desk.state, desk.world)
        assert desk.listening.inbox == []
        assert desk.workspace.people[ANNA].send_as == before
        asked = [line for line in desk.listening.google.log if "sendAs" in line]
        assert len(asked) == 1
        assert asked[0].startswith("GET ")


@pytest.mark.parametrize("status", [0, 401, 403, 429, 500, 503])
async def test_a_refusal_is_named_and_leaves_what_was_known(status: int) -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        await desk.press("read")
        known = desk.state.addresses
        desk.listening.google.faults.tell(Fault(path="sendAs", status=status), times=6)  # asked again or not
        await desk.press("read")
        assert desk.state.addresses == known
        problem = desk.cell("list").problem
        assert problem is not None
        assert problem.code != "unrecognised"


async def test_a_sign_in_that_ended_meanwhile_is_named() -> None:
    async with account_desk(AliasStep, scopes=BOTH) as desk:
        desk.workspace.people[ANNA].suspended = True
        desk.later(hours=2)
        with pytest.raises(Failure):
            await read_list(desk.state, desk.world)


async def test_a_service_account_asks_for_the_scope_of_the_list_alone() -> None:
    async with service_desk(AliasStep, desk=nobody, handed=nobody) as desk:
        delegate(desk, SETTINGS)
        read = await read_list(replace(desk.state, sender=NOTICES), desk.world)
        assert read.proof is SenderProof.LISTED
        with pytest.raises(Failure):
            await token_for(desk.state, ANNA, SEND, desk.world)


async def test_a_token_is_told_to_the_recorder_and_so_is_the_key() -> None:
    async with service_desk(AliasStep, desk=nobody, handed=nobody) as desk:
        delegate(desk, SEND)
        access = await token_for(desk.state, ANNA, SEND, desk.world)
        key = await key_of(desk.state, desk.world)
        known = desk.world.recorder.secrets
        assert access.secret in known
        assert key.private_key in known
        assert access.expires_at > desk.world.clock() + timedelta(minutes=30)


@pytest.mark.parametrize("kept", [None, "no key", "{}"])
async def test_a_key_that_is_gone_or_broken_is_not_used(kept: str | None) -> None:
    async with service_desk(AliasStep, desk=nobody, handed=nobody) as desk:
        assert desk.state.key is not None
        await desk.world.vault.forget(desk.state.key)
        if kept is not None:
            await desk.world.vault.keep(desk.state.key, Secret(kept))
        with pytest.raises(VaultUnavailable) as unavailable:
            await key_of(desk.state, desk.world)
        assert unavailable.value.condition == "not-kept"
