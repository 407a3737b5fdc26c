"""Client submission: the recorded conversation, XOAUTH2, and its refusals."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import product

import aiosmtplib
import pytest
from tests.unit.practice.microsoft.test_graph import mime
from tests.unit.practice.microsoft.visiting import World

from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.practice.microsoft.contoso import ANNA, BEN, INFO, NOREPLY
from sendwright.practice.microsoft.submission import (
    AT_ONCE,
    BUSY,
    DISABLED,
    HOST,
    NO_PASSWORDS,
    NOT_SIGNED_IN,
    UNSUCCESSFUL,
    WRONG_PASSWORD,
)
from sendwright.practice.microsoft.tenant import Right
from sendwright.practice.names import PracticeResolver
from sendwright.secret import Secret
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.smtp.settings import Security, SmtpSettings

SUBMIT = ("https://outlook.office.com/SMTP.Send",)
Connect = Callable[[], Awaitable[aiosmtplib.SMTP]]


def said(reply: aiosmtplib.SMTPResponse) -> str:
    return f"{reply.code} {reply.message}"


@pytest.fixture
async def connect(world: World) -> AsyncIterator[Connect]:
    opened: list[aiosmtplib.SMTP] = []

    async def open_one() -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname="localhost", port=world.microsoft.smtp_port, start_tls=False, tls_context=world.context
        )
        await client.connect()
        opened.append(client)
        await client.starttls()
        await client.ehlo()
        return client

    yield open_one
    for client in opened:
        client.close()


async def token(world: World, username: str = BEN, scopes: tuple[str, ...] = SUBMIT) -> str:
    return str((await world.tokens(username, scopes=scopes))["access_token"])


def answer(user: str, access: str) -> bytes:
    return base64.b64encode(f"user={user}\x01auth=Bearer {access}\x01\x01".encode())


async def sign_in(client: aiosmtplib.SMTP, user: str, access: str) -> str:
    return said(await client.execute_command(b"AUTH", b"XOAUTH2", answer(user, access)))


async def submit(client: aiosmtplib.SMTP, content: bytes, sender: str = BEN, to: str = "jane@example.org") -> str:
    await client.execute_command(b"MAIL", f"FROM:<{sender}>".encode())
    await client.execute_command(b"RCPT", f"TO:<{to}>".encode())
    try:
        return said(await client.data(content))
    except aiosmtplib.SMTPDataError as error:
        return f"{error.code} {error.message}"


async def test_it_speaks_as_in_the_recorded_conversation(world: World) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.microsoft.smtp_port)

    async def ask(line: str = "") -> list[str]:
        if line:
            writer.write(line.encode() + b"\r\n")
        found = [(await reader.readline()).decode().rstrip()]
        while found[-1][3:4] == "-":
            found.append((await reader.readline()).decode().rstrip())
        return found

    (banner,) = await ask()
    assert banner.startswith(f"220 {HOST} Microsoft ESMTP MAIL Service ready at ")
    offered = await ask("EHLO me.example")
    assert offered[0].startswith(f"250-{HOST} Hello")
    assert [line[4:] for line in offered[1:]] == [
        "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME", "CHUNKING",
        "SMTPUTF8",
    ]  # fmt: skip
    assert (await ask("AUTH LOGIN"))[0].startswith("530 ")
    assert (await ask("MAIL FROM:<a@example.org>"))[0].startswith("530 ")
    assert await ask("QUIT") == ["221 2.0.0 Service closing transmission channel"]
    writer.close()
    await writer.wait_closed()


async def test_after_tls_it_offers_login_and_xoauth2_only(connect: Connect) -> None:
    client = await connect()
    assert client.last_ehlo_response.message.splitlines()[5] == "AUTH LOGIN XOAUTH2"
    assert "STARTTLS" not in client.last_ehlo_response.message
    assert said(await client.execute_command(b"AUTH", b"PLAIN", b"AGEAYg==")).startswith("504 ")


async def test_a_message_goes_from_one_s_own_mailbox(world: World, connect: Connect) -> None:
    client = await connect()
    assert await sign_in(client, BEN, await token(world)) == "235 2.7.0 Authentication successful"
    reply = await submit(client, mime(f"Contoso alerts <{BEN}>", **{"Message-ID": "<1@contoso.com>"}))
    assert reply == f"250 2.0.0 OK <1@contoso.com> [Hostname={HOST}]"
    (received,) = world.inbox
    assert (received.sender, received.recipient) == (f"Contoso alerts <{BEN}>", "jane@example.org")
    assert (received.mailbox, received.subject) == (BEN, "Grüße")
    assert [copy.mailbox for copy in world.microsoft.sent_items] == [BEN]


async def test_the_token_may_follow_after_a_question(world: World, connect: Connect) -> None:
    client = await connect()
    assert said(await client.execute_command(b"AUTH", b"XOAUTH2")).startswith("334")
    assert said(await client.execute_command(answer(BEN, await token(world)))).startswith("235 2.7.0")


@pytest.mark.parametrize(("full_access", "send_as"), [*product([False, True], repeat=2)])
async def test_who_may_open_a_shared_mailbox_submits_as_it(
    world: World, connect: Connect, full_access: bool, send_as: bool
) -> None:
    world.tenant.rights.clear()
    wanted = [right for right, on in ((Right.FULL_ACCESS, full_access), (Right.SEND_AS, send_as)) if on]
    world.tenant.grant(BEN, NOREPLY, *wanted)
    client = await connect()
    reply = await sign_in(client, NOREPLY, await token(world))
    if not full_access:
        assert reply == UNSUCCESSFUL
        return
    assert reply.startswith("235 ")
    assert (await submit(client, mime(NOREPLY), NOREPLY)).startswith("250 ")
    assert world.inbox[0].sender == f"Contoso <{NOREPLY}>"
    assert [copy.mailbox for copy in world.microsoft.sent_items] == [NOREPLY]


@pytest.mark.parametrize("right", [None, Right.SEND_AS, Right.SEND_ON_BEHALF])
async def test_from_another_mailbox_is_refused_after_the_message_without_a_right(
    world: World, connect: Connect, right: Right | None
) -> None:
    world.tenant.rights.clear()
    if right:
        world.tenant.grant(BEN, INFO, right)
    client = await connect()
    await sign_in(client, BEN, await token(world))
    reply = await submit(client, mime(INFO))
    if right is None:
        assert reply.startswith(f"554 5.2.252 SendAsDenied; {BEN} not allowed to send as {INFO}; STOREDRV.Submission")
        assert not world.inbox
    else:
        assert reply.startswith("250 2.0.0 OK")
        assert world.inbox[0].sender_header == ("" if right is Right.SEND_AS else f"Ben Example <{BEN}>")


@pytest.mark.parametrize("user", [ANNA, "nobody@contoso.com", "jane@example.org", INFO])
async def test_a_mailbox_that_the_token_does_not_open_is_refused(world: World, connect: Connect, user: str) -> None:
    client = await connect()
    assert await sign_in(client, user, await token(world)) == UNSUCCESSFUL
    assert said(await client.execute_command(b"MAIL", b"FROM:<ben@contoso.com>")) == NOT_SIGNED_IN


async def test_tokens_of_another_kind_or_time_are_refused(world: World, connect: Connect) -> None:
    graph = await token(world, scopes=("Mail.Send",))
    good = await token(world)
    wrong = [graph, "nonsense", "", good[:-8]]
    for access in wrong:
        assert await sign_in(await connect(), BEN, access) == UNSUCCESSFUL
    world.tenant.ahead = timedelta(hours=2)
    assert await sign_in(await connect(), BEN, good) == UNSUCCESSFUL


@pytest.mark.parametrize("value", [b"AAAA", b"***", base64.b64encode(b"user=ben@contoso.com"), b"="])
async def test_an_answer_of_another_form_is_refused(connect: Connect, value: bytes) -> None:
    client = await connect()
    assert said(await client.execute_command(b"AUTH", b"XOAUTH2", value)) == UNSUCCESSFUL


@pytest.mark.parametrize(("excepted", "taken"), [(set(), False), ({BEN.upper()}, True)])
async def test_client_submission_can_be_off_for_all_but_some(
    world: World, connect: Connect, excepted: set[str], taken: bool
) -> None:
    world.tenant.policies.smtp_auth = False
    world.tenant.policies.smtp_auth_mailboxes = excepted
    reply = await sign_in(await connect(), BEN, await token(world))
    assert reply == ("235 2.7.0 Authentication successful" if taken else DISABLED)


@pytest.mark.parametrize(
    ("basic", "smtp", "user", "password", "expected"),
    [
        (True, True, BEN, "let-me-practise", "235 2.7.0 Authentication successful"),
        (True, True, BEN, "wrong", WRONG_PASSWORD),
        (True, True, "nobody@contoso.com", "let-me-practise", WRONG_PASSWORD),
        (True, True, NOREPLY, "let-me-practise", WRONG_PASSWORD),
        (True, True, ANNA, "let-me-practise", WRONG_PASSWORD),  # a second step, which a mail program cannot take
        (False, True, BEN, "let-me-practise", NO_PASSWORDS),
        (True, False, BEN, "let-me-practise", DISABLED),
    ],
)
async def test_passwords_are_taken_only_where_that_is_still_allowed(
    world: World, connect: Connect, *, basic: bool, smtp: bool, user: str, password: str, expected: str
) -> None:
    world.tenant.policies.basic_auth = basic
    world.tenant.policies.smtp_auth = smtp
    client = await connect()
    await client.execute_command(b"AUTH", b"LOGIN", base64.b64encode(user.encode()))
    assert said(await client.execute_command(base64.b64encode(password.encode()))) == expected


async def test_no_more_than_three_at_once(world: World, connect: Connect) -> None:
    access = await token(world)
    clients = [await connect() for _ in range(AT_ONCE + 1)]
    for client in clients:
        await sign_in(client, BEN, access)
    world.microsoft.latency_s = 0.5
    replies = await asyncio.gather(*(submit(client, mime(BEN)) for client in clients))
    assert sorted(reply[:3] for reply in replies) == ["250", "250", "250", "432"]
    assert BUSY in replies


async def test_the_product_s_own_sender_is_understood(world: World) -> None:
    settings = SmtpSettings(
        host="localhost", port=world.microsoft.smtp_port, security=Security.STARTTLS, username=NOREPLY
    )
    resolver = PracticeResolver(tls_port=0, starttls_port=0)
    network = Network(resolver=resolver, tls=lambda _: world.context)
    message = OutgoingMessage(
        sender_address=NOREPLY,
        alias="Contoso",
        recipient="jane@example.org",
        subject="Hello",
        message_id="<2@contoso.com>",
        text="Words",
    )
    sender = SmtpSender(settings, Secret(await token(world)), network, token=True)
    try:
        async with asyncio.timeout(30):
            assert (await sender.submit(message)).reply.startswith("250 2.0.0 OK")
    finally:
        await sender.close()
    assert world.inbox[0].mailbox == NOREPLY
