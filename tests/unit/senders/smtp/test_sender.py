"""SmtpSender: one connection for many messages, replaced at most once, and nothing sent twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import pairwise

import msgspec
import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Answer, Drop, Silence
from tests.unit.senders.smtp.conftest import MakeSettings
from tests.unit.senders.smtp.walking import BOTH, evidence_of, script

from sendwright.message import OutgoingMessage, encode
from sendwright.network.network import Network
from sendwright.secret import Secret
from sendwright.senders.sender import Sender
from sendwright.senders.smtp.sender import SmtpSender, needs_utf8
from sendwright.senders.smtp.settings import Security

OK = b"250 2.1.0 Ok"
MESSAGE = OutgoingMessage(
    sender_address=ANNA.address,
    alias="Änna",
    recipient="bob@example.net",
    subject="Grüße",
    message_id="<1@example.org>",
    text="Good morning",
)
OpenSender = Callable[..., SmtpSender]


@pytest.fixture
async def sender(settings: MakeSettings, network: Network) -> AsyncIterator[OpenSender]:
    opened: list[SmtpSender] = []

    def start(
        port: int, security: Security = Security.STARTTLS, *, username: str | None = ANNA.address, **limits: object
    ) -> SmtpSender:
        credential = None if username is None else Secret(ANNA.password)
        patient = replace(network, timeout_s=10)
        chosen = settings(port, security, username=username)
        opened.append(SmtpSender(chosen, credential, patient, **limits))  # type: ignore[arg-type]
        return opened[-1]

    yield start
    for each in opened:
        await each.close()


def numbered(number: int) -> OutgoingMessage:
    return msgspec.structs.replace(MESSAGE, message_id=f"<{number}@example.org>")


@pytest.mark.parametrize("security", BOTH)
async def test_a_message_gets_a_receipt(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender, security: Security
) -> None:
    server = scripted_smtp(script(certificates.good, security, accounts={ANNA.address: ANNA.password}))
    receipt = await sender(server.port, security).submit(MESSAGE)
    assert (receipt.message_id, receipt.provider_id) == ("<1@example.org>", "SCRIPTED")
    assert receipt.reply == "250 2.0.0 Ok: queued as SCRIPTED"
    (captured,) = server.record.messages
    assert captured.message["Message-ID"] == "<1@example.org>"
    assert captured.message["Subject"] == "Grüße"
    assert captured.message.get_content().strip() == "Good morning"
    assert captured.mail_options == f"SIZE={len(captured.content)}"


async def test_a_message_that_takes_long_to_encode_holds_nobody_up(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    large = msgspec.structs.replace(MESSAGE, text="", html="<b>x</b>" * 100_000)
    began = time.perf_counter()
    encode(large)
    alone_s = time.perf_counter() - began
    moments: list[float] = []

    async def tick() -> None:
        while True:
            moments.append(time.perf_counter())
            await asyncio.sleep(0.005)

    server = scripted_smtp(script(certificates.good))
    sending = sender(server.port)
    ticking = asyncio.create_task(tick())
    await sending.submit(large)
    ticking.cancel()
    assert len(server.record.messages) == 1
    longest = max(later - earlier for earlier, later in pairwise(moments))
    assert longest < alone_s / 2


async def test_many_messages_share_one_connection_and_one_sign_in(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good))
    sending = sender(server.port)
    for number in range(5):
        await sending.submit(numbered(number))
    assert server.record.connections == 1
    assert server.record.verbs.count("AUTH") == 1
    assert [message.message["Message-ID"] for message in server.record.messages] == [
        f"<{number}@example.org>" for number in range(5)
    ]
    assert "RSET" not in server.record.verbs


async def test_without_a_user_name_nobody_signs_in(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good))
    await sender(server.port, username=None).submit(MESSAGE)
    assert "AUTH" not in server.record.verbs


async def test_a_token_is_used_as_one(scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=("PLAIN", "XOAUTH2")))
    await sender(server.port, token=True).submit(MESSAGE)
    assert server.record.sign_ins[0].mechanism == "XOAUTH2"


async def test_an_unused_connection_is_left_after_a_while(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good))
    sending = sender(server.port, idle_s=0.05)
    await sending.submit(numbered(1))
    await asyncio.to_thread(server.record.wait_for, "QUIT")
    await sending.submit(numbered(2))
    assert server.record.connections == 2
    assert len(server.record.messages) == 2


@pytest.mark.parametrize("end", [Drop(), Drop(reset=True), b"421 4.4.2 Timeout, closing"])
async def test_a_connection_that_ended_meanwhile_is_replaced_once(
    *, scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender, end: Answer
) -> None:
    server = scripted_smtp(script(certificates.good, mail=(OK, end, OK)))
    sending = sender(server.port)
    await sending.submit(numbered(1))
    await sending.submit(numbered(2))
    assert server.record.connections == 2
    assert len(server.record.messages) == 2


async def test_a_connection_closed_in_silence_is_noticed_before_mail(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, end_of_data=(b"250 2.0.0 Ok", OK)))
    sending = sender(server.port)
    await sending.submit(numbered(1))
    assert sending._session is not None
    sending._session._abort()
    await sending.submit(numbered(2))
    assert server.record.connections == 2


async def test_it_is_not_replaced_twice(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, mail=(OK, Drop())))
    sending = sender(server.port)
    await sending.submit(numbered(1))
    evidence = await evidence_of(sending.submit(numbered(2)))
    assert (evidence.stage, evidence.condition) == ("sender", "connection-dropped")
    assert server.record.connections == 2


async def test_a_first_connection_is_not_replaced(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, mail=(Drop(), OK)))
    sending = sender(server.port)
    assert (await evidence_of(sending.submit(MESSAGE))).condition == "connection-dropped"
    assert server.record.connections == 1
    await sending.submit(MESSAGE)
    assert server.record.connections == 2


@pytest.mark.parametrize("place", ["rcpt", "data", "end_of_data"])
@pytest.mark.parametrize("kept", [False, True])
async def test_nothing_is_repeated_once_mail_was_taken(
    *, scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender, place: str, kept: bool
) -> None:
    good = {"rcpt": OK, "data": b"354 go", "end_of_data": b"250 2.0.0 Ok"}[place]
    answers = (good, Drop()) if kept else (Drop(), good)
    server = scripted_smtp(script(certificates.good, **{place: answers}))
    sending = sender(server.port)
    if kept:
        await sending.submit(numbered(0))
    evidence = await evidence_of(sending.submit(numbered(1)))
    assert evidence.condition == "connection-dropped"
    assert evidence.perhaps_sent is (place == "end_of_data")
    assert server.record.connections == 1
    assert len(server.record.messages) == int(kept) + (place == "end_of_data")


@pytest.mark.parametrize("place", ["mail", "rcpt", "data", "end_of_data"])
async def test_after_a_refusal_the_connection_serves_the_next_message(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender, place: str
) -> None:
    good = {"data": b"354 go"}.get(place, OK)
    server = scripted_smtp(script(certificates.good, **{place: (b"550 5.7.1 Not this one", good)}))
    sending = sender(server.port)
    evidence = await evidence_of(sending.submit(numbered(1)))
    assert (evidence.reply, evidence.enhanced) == (550, "5.7.1")
    await sending.submit(numbered(2))
    assert server.record.connections == 1
    assert server.record.verbs.count("RSET") == 1
    assert server.record.messages[-1].message["Message-ID"] == "<2@example.org>"


async def test_a_connection_that_does_not_recover_is_closed(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, rcpt=(b"550 5.1.1 Unknown", OK), rset=b"500 5.5.1 What"))
    sending = sender(server.port)
    await evidence_of(sending.submit(numbered(1)))
    await sending.submit(numbered(2))
    assert server.record.connections == 2


async def test_a_wrong_password_is_tried_once_per_message(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, accounts={ANNA.address: "another"}))
    sending = sender(server.port)
    assert (await evidence_of(sending.submit(MESSAGE))).reply == 535
    assert server.record.verbs.count("AUTH") == 1


async def test_a_message_that_is_too_large_is_not_announced(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=("SIZE 300",)))
    sending = sender(server.port)
    evidence = await evidence_of(sending.submit(msgspec.structs.replace(MESSAGE, text="x" * 300)))
    assert (evidence.stage, evidence.condition) == ("submit", "message-too-large")
    assert "MAIL" not in server.record.verbs


@pytest.mark.parametrize("field", ["sender_address", "recipient", "reply_to"])
async def test_an_address_with_umlauts_travels_by_smtputf8(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender, field: str
) -> None:
    server = scripted_smtp(script(certificates.good))
    message = msgspec.structs.replace(MESSAGE, **{field: "jürgen@example.org"})
    assert needs_utf8(message)
    await sender(server.port).submit(message)
    (captured,) = server.record.messages
    assert "SMTPUTF8" in captured.mail_options
    assert "BODY=8BITMIME" in captured.mail_options
    assert "jürgen@example.org".encode() in captured.content
    assert server.record.verbs.count("MAIL") == 1


async def test_without_smtputf8_it_cannot_be_sent(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=()))
    message = msgspec.structs.replace(MESSAGE, recipient="jürgen@example.org")
    evidence = await evidence_of(sender(server.port).submit(message))
    assert evidence.condition == "smtputf8-not-offered"


async def test_an_address_that_is_none_is_not_sent(sender: OpenSender) -> None:
    sending = sender(25)
    evidence = await evidence_of(sending.submit(msgspec.structs.replace(MESSAGE, recipient="bob")))
    assert (evidence.condition, evidence.values) == ("address-not-sendable", {"reason": "no-at-sign"})


async def test_a_cancelled_submission_leaves_no_connection(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, rcpt=(Silence(), OK)))
    sending = sender(server.port)
    submission = asyncio.create_task(sending.submit(numbered(1)))
    await asyncio.to_thread(server.record.wait_for, "RCPT")
    submission.cancel()
    with pytest.raises(asyncio.CancelledError):
        await submission
    assert sending._session is None
    await sending.submit(numbered(2))
    assert server.record.connections == 2


async def test_close_takes_leave_and_never_raises(
    scripted_smtp: StartSmtp, certificates: Certificates, sender: OpenSender
) -> None:
    server = scripted_smtp(script(certificates.good, quit=Drop()))
    sending: Sender = sender(server.port)
    await sending.close()
    await sending.submit(MESSAGE)
    await sending.close()
    await sending.close()
    assert server.record.verbs[-1] == "QUIT"
