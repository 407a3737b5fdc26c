"""Whatever is typed anywhere: one message, our headers, nobody else's commands."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

from hypothesis import given
from hypothesis import strategies as st

from sendwright.address.phrase import clean
from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, encode

OUR_HEADERS = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "MIME-Version",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Sendwright-Kind",
    "Content-Type",
]

hostile = st.sampled_from(
    [
        *("\r\n", "\n", "\r", "\r\n.\r\n", "\x00", "\x0b", "\u2028", "\x85", "\ud800", "\u202e", " ", "\t"),
        *("Bcc: evil@example.org", "\r\nBcc: evil@example.org\r\n\r\n", "RCPT TO:<evil@example.org>"),
        *("=?utf-8?q?=0d=0aBcc:_evil@example.org?=", "<evil@example.org>", "--=_", "ü", "日本"),
        *('"', "\\", ",", ";", "("),
    ]
)
typed = st.one_of(st.text(max_size=100), st.lists(hostile, max_size=12).map("".join))


def composed(alias: str, subject: str, value: str, text: str, html: str) -> OutgoingMessage:
    return OutgoingMessage(
        sender_address="notifications@contoso.com",
        alias=alias,
        recipient="anna@example.org",
        subject=subject,
        message_id="<1@contoso.com>",
        text=text,
        html=html,
        headers={"X-Sendwright-Kind": value},
    )


@given(typed, typed, typed, typed, typed)
def test_no_words_make_another_header_or_end_the_message(
    alias: str, subject: str, value: str, text: str, html: str
) -> None:
    octets = encode(composed(alias, subject, value, text, html))
    assert octets.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", octets)
    assert b"\x00" not in octets
    assert b"\r\n.\r\n" not in octets
    assert all(len(line) <= 998 for line in octets.split(b"\r\n"))
    message = message_from_bytes(octets, policy=policy.compat32)
    assert [name for name in message if name != "Content-Transfer-Encoding"] == OUR_HEADERS
    assert message["To"] == "anna@example.org"
    assert parseaddr(message["From"].replace("\r\n", ""))[1] == "notifications@contoso.com"
    assert not message.defects


@given(typed, typed)
def test_words_come_back_as_they_were(alias: str, subject: str) -> None:
    message = message_from_bytes(encode(composed(alias, subject, "comment", "x", "")), policy=policy.compat32)
    name, _ = parseaddr(message["From"].replace("\n", ""))
    assert str(make_header(decode_header(name))) == clean(alias)
    assert str(make_header(decode_header(message["Subject"].replace("\n", "")))) == clean(subject)


@given(typed, typed)
def test_bodies_come_back_as_they_were(text: str, html: str) -> None:
    message = message_from_bytes(encode(composed("A", "B", "comment", text, html)), policy=policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    expected = [one for one in (text or None, html or None) if one is not None]
    found = [part.get_payload(decode=True) for part in parts][-len(expected) or len(parts) :]
    for payload, words in zip(found, expected, strict=False):
        assert isinstance(payload, bytes)
        lines = re.sub(r"\r\n?", "\n", words).encode(errors="replace")
        assert payload.replace(b"\r\n", b"\n").rstrip(b"\n") == lines.rstrip(b"\n")


@given(typed, typed)
def test_an_address_is_refused_or_stays_one_address(sender: str, recipient: str) -> None:
    message = OutgoingMessage(
        sender_address=f"{sender}@contoso.com", alias="A", recipient=recipient, subject="S", message_id="<1@a.example>"
    )
    try:
        octets = encode(message, smtputf8=True)
    except AddressInvalid:
        return
    head = octets.decode().partition("\r\n\r\n")[0]
    fields = [line for line in head.split("\r\n") if not line.startswith(" ")]
    assert len(fields) == 10
    assert sum(line.startswith(("Bcc", "RCPT")) for line in fields) == 0
