"""The octets of a message, header by header and part by part."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from msgspec.structs import replace

from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, encode

WRITTEN_AT = datetime(2026, 11, 20, 9, 41, 5, tzinfo=UTC)
PLAIN = OutgoingMessage(
    sender_address="notifications@contoso.com",
    alias="Contoso",
    recipient="anna@example.org",
    subject="Hello",
    message_id="<1@contoso.com>",
    text="First line\nSecond line\n",
    headers={"X-Sendwright-Kind": "comment"},
    written_at=WRITTEN_AT,
)


def parsed(message: OutgoingMessage, *, smtputf8: bool = False) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(encode(message, smtputf8=smtputf8), policy=policy.default))


def words_of(part: EmailMessage) -> str:
    found = part.get_content()
    assert isinstance(found, str)
    return found.replace("\r\n", "\n").rstrip("\n")


def parts_of(message: OutgoingMessage) -> list[EmailMessage]:
    return cast("list[EmailMessage]", list(parsed(message).iter_parts()))


def test_a_message_of_text_looks_like_this() -> None:
    assert encode(PLAIN).decode("ascii").split("\r\n") == [
        "Date: Fri, 20 Nov 2026 09:41:05 +0000",
        'From: "Contoso" <notifications@contoso.com>',
        "To: anna@example.org",
        "Subject: Hello",
        "Message-ID: <1@contoso.com>",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "X-Sendwright-Kind: comment",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "First line",
        "Second line",
        "",
        "",
    ]


def test_text_and_html_are_alternatives_of_which_html_is_the_better() -> None:
    message = replace(PLAIN, html="<p>Zoë</p>")
    assert parsed(message).get_content_type() == "multipart/alternative"
    assert not parsed(message).defects
    assert [part.get_content_type() for part in parts_of(message)] == ["text/plain", "text/html"]
    assert [words_of(part) for part in parts_of(message)] == ["First line\nSecond line", "<p>Zoë</p>"]


def test_html_alone_brings_its_words_as_text() -> None:
    html = '<p>See <a href="https://example.org/1">it</a></p>'
    parts = parts_of(replace(PLAIN, text="", html=html))
    assert [words_of(part) for part in parts] == ["See it (https://example.org/1)", html]


def test_a_message_without_any_words_is_still_a_message() -> None:
    message = parsed(replace(PLAIN, text=""))
    assert message.get_content_type() == "text/plain"
    assert words_of(message) == ""


def test_the_date_is_when_it_was_written_and_else_now() -> None:
    local = WRITTEN_AT.astimezone(timezone(timedelta(hours=-3, minutes=-30)))
    assert parsed(replace(PLAIN, written_at=local))["Date"].datetime == WRITTEN_AT
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= parsed(replace(PLAIN, written_at=None))["Date"].datetime <= datetime.now(UTC)


def test_encoding_twice_gives_the_same_octets() -> None:
    message = replace(PLAIN, html="<p>x</p>")
    assert encode(message) == encode(message)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain", "quoted-printable"),
        ("Zoë wrote something that is mostly Latin", "quoted-printable"),
        ("日本語の本文", "base64"),
        ("приве́т", "base64"),
        ("", "quoted-printable"),
    ],
)
def test_the_shorter_encoding_is_taken(text: str, encoding: str) -> None:
    message = parsed(replace(PLAIN, text=text))
    assert message["Content-Transfer-Encoding"] == encoding
    assert words_of(message) == text


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\r\nb", "日\r本\n語", ".\n..\n.x", "From me\n>From", "x \t\ny\t"])
def test_line_ends_become_those_of_mail_and_nothing_else_changes(text: str) -> None:
    octets = encode(replace(PLAIN, text=text))
    assert b"\r\n.\r\n" not in octets, "a lone dot would end DATA where somebody forgets to stuff it"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", octets)
    assert words_of(parsed(replace(PLAIN, text=text))) == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("Hello", "Subject: Hello"),
        ("Zoë", "Subject: =?utf-8?b?Wm/Dqw==?="),
        ("a\r\nBcc: x@example.org", "Subject: a  Bcc: x@example.org"),
        ("=?utf-8?q?x?=", "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?="),
        (" trimmed ", "Subject: trimmed"),
        ("", "Subject: "),
    ],
)
def test_a_subject_stays_on_its_line(subject: str, line: str) -> None:
    octets = encode(replace(PLAIN, subject=subject))
    assert f"\r\n{line}\r\nMessage-ID:".encode() in octets
    assert "Bcc" not in parsed(replace(PLAIN, subject=subject))


def test_a_long_subject_is_folded_and_comes_back_whole() -> None:
    subject = "A long subject with many words " * 40
    assert parsed(replace(PLAIN, subject=subject))["Subject"] == subject.strip()
    assert max(map(len, encode(replace(PLAIN, subject=subject)).split(b"\r\n"))) <= 76


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("X-Sendwright-Code", "K7Q4MX", "K7Q4MX"),
        ("List-Unsubscribe", "<https://example.org/" + "u" * 200 + ">", "<https://example.org/" + "u" * 200 + ">"),
        ("X-Note", "a\r\nBcc: x@example.org", "a  Bcc: x@example.org"),
        ("X-Note", "Zoë", "Zoë"),
        ("X-Note", "word " * 300, ("word " * 300).strip()),
        ("X-Empty", "", ""),
    ],
)
def test_an_own_header_is_carried_along(name: str, value: str, found: str) -> None:
    message = replace(PLAIN, headers={name: value})
    assert parsed(message)[name] == found
    assert "Bcc" not in parsed(message)
    assert all(len(line) <= 998 for line in encode(message).split(b"\r\n"))


@pytest.mark.parametrize(
    "name",
    [
        "Bcc",
        "from",
        "SUBJECT",
        "Message-ID",
        "Content-Type",
        "content-transfer-encoding",
        "Auto-Submitted",
        "Sender",
        "X Y",
        "X:Y",
        "X\r\nBcc",
        "",
        "Ü",
        "x" * 71,
    ],
)
def test_a_header_that_is_ours_or_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a header") as raised:
        encode(replace(PLAIN, headers={name: "secret words"}))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "message_id",
    ["", "1@contoso.com", "<1>", "<1@>", "<a b@c>", "<1@c>\r\nBcc: x@y.example", "<1@2>3@4>", "<ü@example.org>"],
)
def test_what_is_no_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="not a Message-ID"):
        encode(replace(PLAIN, message_id=message_id))


@pytest.mark.parametrize("place", ["sender_address", "recipient", "reply_to"])
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("anna@example.org>\r\nRCPT TO:<bob@example.org", "unusable-characters"),
        ("anna@example.org, bob@example.org", "several-addresses"),
        ("Anna <anna@example.org>", "display-name-not-address"),
        ("jürgen@example.org", "needs-smtputf8"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(place: str, address: str, code: str) -> None:
    with pytest.raises(AddressInvalid) as raised:
        encode(replace(PLAIN, **{place: address}))
    assert raised.value.code == code


def test_an_international_domain_goes_out_as_ascii() -> None:
    message = replace(PLAIN, sender_address="info@bücher.example", recipient="a@例え.test", reply_to="b@bücher.example")
    assert encode(message).isascii()
    assert encode(message) == encode(message, smtputf8=True), "nothing in it needs SMTPUTF8"
    read = parsed(message)
    assert read["From"].addresses[0].addr_spec == "info@xn--bcher-kva.example"
    assert read["To"].addresses[0].addr_spec == "a@xn--r8jz45g.test"
    assert read["Reply-To"].addresses[0].addr_spec == "b@xn--bcher-kva.example"


def test_with_smtputf8_an_international_address_goes_out_as_it_is() -> None:
    message = replace(PLAIN, sender_address="jürgen@bücher.example", alias="Jürgen", text="Grüße")
    head, _, body = encode(message, smtputf8=True).partition(b"\r\n\r\n")
    assert "From: =?utf-8?b?SsO8cmdlbg==?= <jürgen@bücher.example>".encode() in head
    assert b"To: anna@example.org" in head
    assert body.isascii()


def test_no_reply_to_stands_there_unless_asked_for() -> None:
    assert parsed(PLAIN)["Reply-To"] is None
    assert parsed(replace(PLAIN, reply_to="help@contoso.com"))["Reply-To"] == "help@contoso.com"


def test_a_boundary_is_in_no_part() -> None:
    message = replace(PLAIN, text="", html="x")
    boundary = cast("str", parsed(message).get_boundary())
    nasty = replace(message, text=f"--{boundary}--\n--{boundary}\n", html=f"<p>--{boundary}--</p>\n--{boundary}--\n")
    assert parsed(nasty).get_boundary() == boundary
    assert [words_of(part) for part in parts_of(nasty)] == [nasty.text.rstrip("\n"), nasty.html.rstrip("\n")]
