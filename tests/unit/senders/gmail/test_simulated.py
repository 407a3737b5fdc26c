"""Messages go through the simulated Google: each way, what it replaces, what it refuses."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.unit.senders.doubles import NOW, Keeper
from tests.unit.senders.gmail.doubles import outgoing
from tests.unit.senders.gmail.simulated import Simulated, simulated

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.oauth.grant import AccessToken
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, BEN, CLARA, NOTICES, PENDING, SERVICE_ACCOUNT_ID
from sendwright.problems.classify import classify
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import open_sender
from sendwright.senders.credentials import TOKEN
from sendwright.senders.gmail.sender import UPLOAD_FROM, GmailReceipt
from sendwright.senders.gmail.sending_addresses import SendingAddress, read_addresses
from sendwright.senders.gmail.settings import Way
from sendwright.senders.pace import Paces
from sendwright.senders.sender import SendFailed


@pytest.fixture
async def world() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


async def send(
    world: Simulated,
    profile: SenderProfile | None = None,
    credentials: dict[str, Secret] | None = None,
    *,
    grant: Keeper | None = None,
    text: str = "Hello.",
    paces: Paces | None = None,
) -> GmailReceipt:
    profile = profile or world.profile()
    given = world.client if credentials is None else credentials
    keeper = grant or world.keeper(email=str(profile.settings["account"]))
    sender = open_sender(profile, given, world.network, grant=keeper, paces=paces)
    try:
        receipt = await sender.submit(outgoing(sender_address=profile.address, text=text))
    finally:
        await sender.close()
    assert isinstance(receipt, GmailReceipt)
    return receipt


async def refused(world: Simulated, *rest: object, **named: object) -> str:
    with pytest.raises(SendFailed) as caught:
        await send(world, *rest, **named)  # type: ignore[arg-type]  # as each test names them
    return classify(caught.value.evidence).code


@pytest.mark.parametrize("account", [ANNA, BEN, CLARA])
async def test_an_account_sends_from_its_own_address(world: Simulated, account: str) -> None:
    receipt = await send(world, world.profile(account=account))
    (arrived,) = world.inbox
    assert (account in arrived.sender, arrived.mailbox) == (True, account)
    assert (len(receipt.provider_id), receipt.thread_id) == (16, receipt.provider_id)
    assert [sent.mailbox for sent in world.google.sent] == [account]


async def test_a_service_account_sends_as_whom_it_acts_for(world: Simulated) -> None:
    given = world.delegate(SEND)
    for account in (ANNA, BEN):
        await send(world, world.profile(Way.SERVICE_ACCOUNT, account=account), given)
    assert [arrived.mailbox for arrived in world.inbox] == [ANNA, BEN]


async def test_a_large_message_arrives_whole(world: Simulated) -> None:
    text = ("b" * 70 + "\n") * (UPLOAD_FROM // 71 + 1)
    await send(world, text=text)
    (arrived,) = world.inbox
    assert len(arrived.text.split()) == UPLOAD_FROM // 71 + 1
    assert any("POST /upload/gmail/v1/users/me/messages/send" in line for line in world.google.log)


@pytest.mark.parametrize(
    ("address", "arrives"), [(NOTICES, NOTICES), (PENDING, ANNA), ("hello@example.org", ANNA), (ANNA.upper(), ANNA)]
)
async def test_an_address_that_gmail_does_not_know_is_replaced_and_nothing_says_so(
    world: Simulated, address: str, arrives: str
) -> None:
    receipt = await send(world, world.profile(address=address))
    assert receipt.reply == "200 OK"
    assert arrives.lower() in world.inbox[0].sender.lower()


async def test_an_access_token_that_ended_is_replaced_and_the_message_sent_once(world: Simulated) -> None:
    keeper = world.keeper()
    await send(world, grant=keeper)
    world.workspace.ahead = timedelta(hours=2)
    await send(world, grant=keeper)
    assert (keeper.renewals, len(world.inbox)) == (2, 2)


async def test_only_what_sending_needs_is_asked_for(world: Simulated) -> None:
    keeper = world.keeper(*USUAL, SETTINGS)
    await send(world, grant=keeper)
    assert [(asked, access.scope) for asked, access in keeper.made.items()] == [(SEND, SEND)]


async def test_a_password_that_changed_ends_the_connection(world: Simulated) -> None:
    keeper = world.keeper()
    await send(world, grant=keeper)
    world.workspace.people[ANNA].password += "-new"
    assert await refused(world, grant=keeper) == "google-connection-ended"
    assert len(world.inbox) == 1


async def test_a_mailbox_that_is_off_an_interface_and_a_box_have_their_names(world: Simulated) -> None:
    narrow = {TOKEN: world.access(OPENID, EMAIL)}
    assert await refused(world, None, narrow) == "consent-incomplete"
    world.workspace.people[BEN].mailbox = False
    assert await refused(world, world.profile(account=BEN)) == "gmail-mailbox-missing"
    for client in world.workspace.clients.values():
        client.interface = False
    assert await refused(world) == "gmail-interface-off"
    assert world.inbox == []


async def test_a_delegation_that_was_taken_back_stops_the_sign_in(world: Simulated) -> None:
    given = world.delegate(SEND)
    world.workspace.delegations[SERVICE_ACCOUNT_ID] = {SETTINGS}
    assert await refused(world, world.profile(Way.SERVICE_ACCOUNT), given) == "google-delegation-missing"


async def test_a_day_that_is_used_up_pauses_everybody_for_hours(world: Simulated) -> None:
    world.workspace.people[ANNA].sent_today = 2_000
    paces = Paces()
    with pytest.raises(SendFailed) as caught:
        await send(world, paces=paces)
    evidence = caught.value.evidence
    assert classify(evidence).code == "sending-limit-reached"
    assert evidence.retry_after_s is not None
    assert 23 * 3_600.0 < evidence.retry_after_s <= 24 * 3_600.0
    asked = len(world.google.log)
    assert await refused(world, paces=paces) == "sending-limit-reached"
    assert len(world.google.log) == asked
    await send(world, world.profile(account=BEN), paces=paces)


@pytest.mark.parametrize("status", [403, 429])
async def test_the_time_in_the_words_is_kept_by_everybody(world: Simulated, status: int) -> None:
    paces = Paces()
    world.google.faults.tell(Fault(path="messages/send", status=status, retry_after="40"))
    with pytest.raises(SendFailed) as caught:
        await send(world, paces=paces)
    evidence = caught.value.evidence
    assert evidence.retry_after_s is not None
    assert 38.0 < evidence.retry_after_s <= 42.0
    assert await refused(world, paces=paces) == "gmail-rate-limited"
    assert world.inbox == []


@pytest.mark.parametrize(
    ("fault", "arrived", "code"),
    [
        (Fault(path="messages/send", status=0, after=True), 1, "message-perhaps-sent"),
        (Fault(path="messages/send", status=500, after=True), 1, "message-perhaps-sent"),
        (Fault(path="messages/send", status=0), 0, "message-perhaps-sent"),
        (Fault(path="messages/send", status=503), 0, "gmail-unavailable"),
    ],
)
async def test_what_was_taken_and_what_was_not_looks_the_same_and_is_not_repeated(
    world: Simulated, fault: Fault, arrived: int, code: str
) -> None:
    world.google.faults.tell(fault)
    assert await refused(world) == code
    assert len(world.inbox) == arrived
    assert len([line for line in world.google.log if "messages/send as" in line]) == 1


async def test_the_list_of_sending_addresses_is_read_as_it_stands(world: Simulated) -> None:
    world.workspace.people[ANNA].send_as[NOTICES].server = "smtp.example.com"
    access = AccessToken(secret=world.access(*USUAL, SETTINGS), expires_at=NOW + timedelta(days=1))
    found = await read_addresses(world.settings(), access, world.network, clock=lambda: NOW)
    assert found == (
        SendingAddress(address=ANNA, name="Anna Example", primary=True, default=True),
        SendingAddress(address=NOTICES, name="Notices", server="smtp.example.com"),
        SendingAddress(address=PENDING, confirmed=False),
    )


async def test_without_the_scope_the_list_is_refused_by_its_name(world: Simulated) -> None:
    access = AccessToken(secret=world.access(), expires_at=NOW + timedelta(days=1))
    with pytest.raises(SendFailed) as caught:
        await read_addresses(world.settings(), access, world.network, clock=lambda: NOW)
    assert classify(caught.value.evidence).code == "consent-incomplete"
    whole = AccessToken(secret=world.access(MAIL), expires_at=NOW + timedelta(days=1))
    assert await read_addresses(world.settings(), whole, world.network, clock=lambda: NOW)
