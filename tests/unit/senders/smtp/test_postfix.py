"""A real Postfix: both ports, sign-in, and its refusals."""

import msgspec
import pytest
from tests.servers.accounts import ACCOUNTS, ANNA, DISABLED, FULL, GREYLISTED, NOTIFICATIONS, UNKNOWN, Account
from tests.servers.fixtures import StartPostfix
from tests.servers.postfix import PostfixServer
from tests.unit.senders.smtp.conftest import MakeSettings, StartWalk
from tests.unit.senders.smtp.walking import BOTH, Walk, evidence_of

from sendwright.message import OutgoingMessage, new_message_id
from sendwright.network.network import Network
from sendwright.secret import Secret
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.smtp.settings import Security

pytestmark = pytest.mark.real_server


def port_of(server: PostfixServer, security: Security) -> int:
    return server.ports.submissions if security is Security.TLS else server.ports.submission


def message_from(account: Account, *, to: str) -> OutgoingMessage:
    return OutgoingMessage(
        sender_address=account.address,
        alias="Contoso Benachrichtigungen",
        recipient=to,
        subject="Grüße aus dem Test",
        message_id=new_message_id("example.org"),
        text="Guten Morgen\n.\nEin Punkt allein.\n",
        html="<p>Guten Morgen</p>",
    )


@pytest.fixture
def signed_in(postfix: PostfixServer, walk: StartWalk) -> Walk:
    walking = walk(postfix.ports.submission, username=NOTIFICATIONS.address)
    walking.password = Secret(NOTIFICATIONS.password)
    walking.sender = NOTIFICATIONS.address
    walking.recipient = ANNA.address
    return walking


@pytest.mark.parametrize("security", BOTH)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
async def test_a_message_stands_in_the_mailbox(
    *, postfix: PostfixServer, settings: MakeSettings, network: Network, security: Security, host: str
) -> None:
    chosen = settings(port_of(postfix, security), security, host=host, username=NOTIFICATIONS.address)
    sender = SmtpSender(chosen, Secret(NOTIFICATIONS.password), network)
    message = message_from(NOTIFICATIONS, to=ANNA.address)
    receipt = await sender.submit(message)
    await sender.close()
    arrived = postfix.mailbox(ANNA.address).wait_for_message(subject="Grüße aus dem Test")
    assert arrived["Message-ID"] == message.message_id == receipt.message_id
    assert arrived["From"] == f"{message.alias} <{NOTIFICATIONS.address}>"
    assert receipt.provider_id
    assert receipt.provider_id in postfix.log_text()
    text = arrived.get_body(("plain",))
    assert text is not None
    assert "\n.\n" in text.get_content().replace("\r\n", "\n")


async def test_many_messages_go_over_one_connection(
    postfix: PostfixServer, settings: MakeSettings, network: Network
) -> None:
    chosen = settings(postfix.ports.submission, username=NOTIFICATIONS.address)
    sender = SmtpSender(chosen, Secret(NOTIFICATIONS.password), network)
    receipts = [await sender.submit(message_from(NOTIFICATIONS, to=ANNA.address)) for _ in range(5)]
    await sender.close()
    assert len({receipt.provider_id for receipt in receipts}) == 5


@pytest.mark.parametrize("security", BOTH)
async def test_a_wrong_password_is_refused(postfix: PostfixServer, walk: StartWalk, security: Security) -> None:
    walking = walk(port_of(postfix, security), security)
    walking.password = Secret("canary-wrong")
    evidence = await walking.fails_at("sign-in")
    assert (evidence.reply, evidence.enhanced) == (535, "5.7.8")
    assert "canary" not in str(evidence)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
async def test_each_mechanism_of_dovecot_signs_in(own_postfix: StartPostfix, walk: StartWalk, mechanism: str) -> None:
    server = own_postfix(mechanisms=mechanism.lower())
    assert (await walk(server.ports.submission).until("sign-in"))["mechanism"] == mechanism


async def test_a_token_signs_in(postfix: PostfixServer, walk: StartWalk) -> None:
    walking = walk(postfix.ports.submission)
    await walking.until("secure")
    facts = await walking.session.sign_in(Secret(postfix.token(ANNA.address)), token=True)
    assert facts["mechanism"] == "XOAUTH2"


async def test_a_wrong_token_is_refused_with_an_explanation(postfix: PostfixServer, walk: StartWalk) -> None:
    walking = walk(postfix.ports.submission)
    await walking.until("secure")
    evidence = await evidence_of(walking.session.sign_in(Secret("not.a.token"), token=True))
    assert evidence.reply == 535
    assert evidence.values["oauth_status"]


async def test_a_foreign_sender_is_refused(signed_in: Walk) -> None:
    signed_in.sender = ANNA.address
    evidence = await signed_in.fails_at("recipient")  # Postfix judges the sender with the recipient
    assert (evidence.reply, evidence.enhanced) == (553, "5.7.1")
    assert "not owned by user" in evidence.text


async def test_a_foreign_sender_is_refused_at_once_by_a_server_that_does_not_wait(
    own_postfix: StartPostfix, walk: StartWalk
) -> None:
    server = own_postfix(accounts=ACCOUNTS, parameters={"smtpd_delay_reject": "no"})
    walking = walk(server.ports.submission)
    walking.sender = NOTIFICATIONS.address
    evidence = await walking.fails_at("sender")
    assert (evidence.reply, evidence.enhanced) == (553, "5.7.1")


async def test_an_alias_of_the_account_is_its_own(signed_in: Walk) -> None:
    signed_in.sender = NOTIFICATIONS.aliases[0]
    assert (await signed_in.until("recipient"))["reply"].startswith("250")  # type: ignore[attr-defined]


async def test_relaying_without_sign_in_is_denied(postfix: PostfixServer, walk: StartWalk) -> None:
    walking = walk(postfix.ports.relay)
    await walking.until("secure")
    await walking.session.sender("somebody@example.com")
    evidence = await evidence_of(walking.session.recipient("bob@example.net"))
    assert (evidence.reply, evidence.enhanced) == (554, "5.7.1")
    assert "Relay access denied" in evidence.text


@pytest.mark.parametrize(
    ("recipient", "reply", "enhanced"),
    [
        (UNKNOWN, 550, "5.1.1"),
        (FULL, 552, "5.2.2"),
        (GREYLISTED, 450, "4.7.1"),
        (DISABLED, 550, "5.2.1"),
    ],
)
async def test_a_refused_recipient_carries_the_servers_codes(
    signed_in: Walk, recipient: str, reply: int, enhanced: str
) -> None:
    signed_in.recipient = recipient
    evidence = await signed_in.fails_at("recipient")
    assert (evidence.reply, evidence.enhanced) == (reply, enhanced)
    assert signed_in.session.is_open


async def test_size_is_respected_before_anything_is_sent(own_postfix: StartPostfix, walk: StartWalk) -> None:
    server = own_postfix(size_limit=2_000)
    walking = walk(server.ports.submission)
    walking.recipient = ANNA.address
    walking.content = b"Subject: x\r\n\r\n" + b"x\r\n" * 1_000
    await walking.until("sign-in")
    assert walking.session.extensions.size_limit == 2_000
    evidence = await evidence_of(walking.session.sender(walking.sender, size=len(walking.content)))
    assert (evidence.reply, evidence.enhanced) == (552, "5.3.4")
    await walking.session.reset()  # Postfix remembers the refused size
    await walking.session.sender(walking.sender)
    await walking.session.recipient(walking.recipient)
    evidence = await evidence_of(walking.session.submit(walking.content))
    assert (evidence.condition, evidence.values["limit"]) == ("message-too-large", "2000")


async def test_an_address_with_umlauts_is_carried(
    postfix: PostfixServer, settings: MakeSettings, network: Network
) -> None:
    chosen = settings(postfix.ports.submission, username=NOTIFICATIONS.address)
    sender = SmtpSender(chosen, Secret(NOTIFICATIONS.password), network)
    message = message_from(NOTIFICATIONS, to="jürgen@example.net")
    await sender.submit(msgspec.structs.replace(message, subject="umlaut"))
    await sender.close()
    assert postfix.outside.wait_for_message(subject="umlaut")["To"] == "jürgen@example.net"
