"""Messages as a real mail server delivers them: what was typed arrives, and nothing else does."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from msgspec.structs import replace
from tests.servers.accounts import ANNA, NOTIFICATIONS
from tests.servers.certificates import Certificates
from tests.servers.postfix import PostfixServer

from sendwright.message import OutgoingMessage, compose_notification, compose_test, encode, new_code, new_message_id

Deliver = Callable[[OutgoingMessage], EmailMessage]

pytestmark = pytest.mark.real_server

SMUGGLED = "before|.|MAIL FROM:<evil@example.org>|RCPT TO:<anna@example.org>|DATA|Subject: smuggled||.|x"
SMUGGLED = SMUGGLED.replace("|", "\r\n")
TEXTS = (SMUGGLED, SMUGGLED.replace("\r\n", "\n"), SMUGGLED.replace("\r\n", "\r"), ".\n.\r.\r\n.")


def a_message(**changed: object) -> OutgoingMessage:
    message = OutgoingMessage(
        sender_address=NOTIFICATIONS.address,
        alias="Contoso",
        recipient=ANNA.address,
        subject="Hello",
        message_id=new_message_id("example.org"),
        text="Hello Anna\n",
    )
    return replace(message, **changed)


@pytest.fixture
def deliver(postfix: PostfixServer, certificates: Certificates) -> Deliver:
    context = ssl.create_default_context(cafile=certificates.ca_file)

    def hand_over(message: OutgoingMessage) -> EmailMessage:
        """Return the message as it lies in the mailbox, the only one there."""
        place = (postfix.host, postfix.ports.submissions)
        with smtplib.SMTP_SSL(*place, local_hostname="localhost", context=context, timeout=30) as connection:
            connection.login(NOTIFICATIONS.address, NOTIFICATIONS.password)
            connection.sendmail(message.sender_address, [message.recipient], encode(message))
        mailbox = postfix.mailbox(ANNA.address)
        found = mailbox.wait_for_message(lambda one: one["Message-ID"] == message.message_id)
        assert len(mailbox.messages()) == 1
        return found

    return hand_over


def shown(found: EmailMessage) -> tuple[str, str]:
    """Return alias and address as a mail program shows them."""
    raw = dict(found.raw_items())["From"]
    name, address = parseaddr(str(raw).replace("\r", "").replace("\n", ""))
    return str(make_header(decode_header(name))), address


@pytest.mark.parametrize(
    "alias",
    [
        'Contoso, "the best" <evil@example.org>',
        "=?utf-8?q?evil?=",
        "合同会社コントソの通知サービス、どうぞよろしくお願いいたします",
        "شركة كونتوسو",
        "Zoë \U0001f469\u200d\U0001f469\u200d\U0001f467",
        "a\r\nBcc: evil@example.org",
    ],
)
def test_an_alias_arrives_as_it_was_typed(deliver: Deliver, alias: str) -> None:
    found = deliver(a_message(alias=alias))
    assert shown(found) == (alias.replace("\r\n", "  "), NOTIFICATIONS.address)
    assert found["Bcc"] is None
    assert found["To"] == ANNA.address


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("html", ["", SMUGGLED])
def test_nobody_smuggles_a_second_message_in(deliver: Deliver, text: str, html: str) -> None:
    found = deliver(a_message(text=text, html=html))
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().rstrip("\n") == "\n".join(text.splitlines()).rstrip("\n")
    assert found["Subject"] == "Hello"


def test_a_test_message_arrives_whole(deliver: Deliver) -> None:
    code = new_code()
    message = compose_test(
        sender=NOTIFICATIONS.address,
        alias="Contoso & Söhne",
        recipient=ANNA.address,
        organisation="Contoso & Söhne GmbH",
        asked_by="Anna Admin",
        asked_at=datetime.now(UTC),
        path_description="mail.example.org, port 465",
        code=code,
        platform_name="Example Platform",
    )
    found = deliver(message)
    assert found["Subject"] == f"Test message for Contoso & Söhne GmbH: {code}"
    assert found["X-Sendwright-Code"] == code
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["X-Auto-Response-Suppress"] == "All"
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content() == message.text + "\n"
    assert html.get_content().rstrip("\n") == message.html.rstrip("\n")


def test_a_notification_arrives_whole(deliver: Deliver) -> None:
    message = compose_notification(
        sender=NOTIFICATIONS.address,
        alias="Contoso",
        recipient=ANNA.address,
        kind="rights-request",
        kind_label="Rights request",
        subject="Bob asks for access “Ledger”",
        message_id=new_message_id("example.org"),
        written_at=datetime(2026, 11, 20, 9, 41, tzinfo=UTC),
        platform_name="Example Platform",
        text="Bob asks.\n\nhttps://example.org/requests/7",
    )
    found = deliver(message)
    assert found["Subject"] == "Bob asks for access “Ledger”"
    assert found["X-Sendwright-Kind"] == "rights-request"
    assert found["Date"].datetime == datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
    html = found.get_body(("html",))
    assert html is not None
    assert 'href="https://example.org/requests/7"' in html.get_content()
