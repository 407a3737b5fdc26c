"""What a message that arrived says of its sender, whatever somebody pasted or dropped."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.message import OutgoingMessage, encode
from sendwright.message.arrived import LARGEST, LONGEST_SENDER, Unreadable, read_arrived
from sendwright.message.authentication import Stated

WANTED = "notices@example.org"
SHOWN = f"""Delivered-To: director@example.com
Received: by 2002:a05:7300 with SMTP id x1;
        Fri, 20 Nov 2026 01:00:01 -0800 (PST)
Authentication-Results: mx.example.com;
       dkim=pass header.i=@example.org header.s=google header.b="abc/1";
       spf=pass (mx.example.com: domain of anna@example.org designates 192.0.2.1) smtp.mailfrom=anna@example.org;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.org
Authentication-Results: forged.example; dkim=pass header.i=@evil.example
From: =?utf-8?q?M=C3=A9lanie?= Notices
 <{WANTED}>
X-Google-Original-From: Notices <info@example.org>
Message-ID: <replaced@mail.gmail.com>
X-Google-Original-Message-ID: <ours@example.org>
Date: Fri, 20 Nov 2026 09:00:00 +0000
Subject: Test of the sender
X-Sendwright-Kind: test
X-Sendwright-Code: ACDEFG
Sender: anna@example.org

From: somebody@else.example
Message-ID: <inside@else.example>
"""
PAGE = f"""Original Message
Message ID\t<replaced@mail.gmail.com>
Created at:\tFri, Nov 20, 2026 at 9:00 AM (Delivered after 1 second)
From:\tNotices <{WANTED}>
To:\tdirector@example.com
Subject:\tTest
SPF:\tPASS with IP 192.0.2.1 Learn more

Download Original\tCopy to clipboard

"""


def test_the_source_of_a_message_says_everything() -> None:
    seen = read_arrived(SHOWN)
    assert seen.sender == WANTED
    assert seen.originals == ("info@example.org",)
    assert seen.acting == "anna@example.org"
    assert seen.message_ids == ("<replaced@mail.gmail.com>", "<ours@example.org>")
    assert (seen.kind, seen.code) == ("test", "ACDEFG")
    assert seen.written_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert seen.whole


def test_of_many_claims_that_an_address_was_replaced_only_the_first_are_read() -> None:
    claims = "".join(f"X-Google-Original-From: {number}@example.org\n" for number in range(100))
    seen = read_arrived(f"From: a@example.org\nReceived: here\n{claims}\n")
    assert seen.originals == ("0@example.org", "1@example.org", "2@example.org")


def test_only_the_topmost_results_are_shown_as_they_are_stated() -> None:
    assert read_arrived(SHOWN).stated == (
        Stated(method="dkim", result="pass", domain="example.org"),
        Stated(method="spf", result="pass", domain="example.org"),
        Stated(method="dmarc", result="pass", domain="example.org"),
    )


@pytest.mark.parametrize(
    "content",
    [
        SHOWN.replace("\n", "\r\n"),
        SHOWN.replace("\n", "\r"),
        SHOWN.encode(),
        b"\xef\xbb\xbf" + SHOWN.encode(),
        SHOWN.encode("utf-16"),
        f"\ufeff{SHOWN}",
        f"From anna@example.org Fri Nov 20 09:00:00 2026\n{SHOWN}",
        PAGE + SHOWN,
        f"\n\n  \n{SHOWN}",
    ],
    ids=["crlf", "cr", "octets", "mark", "utf-16", "pasted-mark", "mbox", "gmail-page", "blank-lines"],
)
def test_however_it_was_copied_it_is_read_alike(content: bytes | str) -> None:
    seen = read_arrived(content)
    assert (seen.sender, seen.code, seen.whole) == (WANTED, "ACDEFG", True)
    assert len(seen.stated) == 3


@pytest.mark.parametrize(
    "line",
    [
        f"From: Notices <{WANTED}>",
        f"from:\tNotices <{WANTED}>",
        f"  From : {WANTED}  ",
        f"De\u00a0: Notices <{WANTED}>",
        f"Van: {WANTED}",
        f"Von: Notices <{WANTED}>\nAn: director@example.com",
        f"De : Notices <{WANTED}>\nÀ : director@example.com\nObjet : Test",
        WANTED,
        f"Notices <{WANTED}>",
        f'"Notices, Example" <{WANTED}>\n',
        PAGE,
    ],
)
def test_the_line_with_the_sender_alone_will_do(line: str) -> None:
    seen = read_arrived(line)
    assert seen.sender == WANTED
    assert not seen.whole
    assert seen.message_ids == ()


HEADER = "Message-ID: <a@example.org>\nDate: Fri, 20 Nov 2026 09:00:00 +0000\n\nWords"


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("=?utf-8?Q?notices=40example.org?= <anna@example.org>", "anna@example.org"),
        (f'"{WANTED}" <anna@example.org>', "anna@example.org"),
        (f'"{WANTED} via Team" <team@example.org>', "team@example.org"),
        (f"anna@example.org ({WANTED})", "anna@example.org"),
        ('"a\\" <x@y.example>" <anna@example.org>', "anna@example.org"),
        ("Contoso B.V. <anna@example.org>", "anna@example.org"),
        ("\ufffd\ufffd <anna@example.org>", "anna@example.org"),
        ("Anna.Example@EXAMPLE.org", "Anna.Example@example.org"),
        ("Buch <info@xn--bcher-kva.example>", "info@bücher.example"),
        ("Buch <info@bücher.example>", "info@bücher.example"),
        ("=?utf-8?Q?notices=40example.org?=", ""),
        ("=?utf-8?Q?notices?=@example.org", ""),
        (f"{WANTED} <anna@example.org>", ""),
        (f"<{WANTED}><anna@example.org>", ""),
        (f"anna@example.org){WANTED}", ""),
        (f"Notices <{WANTED}> via team", ""),
        (f"{WANTED}, anna@example.org", ""),
        (f"group: {WANTED};", ""),
        ("undisclosed:;", ""),
        ("", ""),
        ("nobody", ""),
        ("\x00\x00@@@", ""),
        ("(" * 3_000, ""),
        ("a," * 1_900, ""),
        ("<" * 3_000, ""),
        ("=?utf-8?q?" * 300, ""),
        ("x" * LONGEST_SENDER + f" <{WANTED}>", ""),
    ],
)
def test_only_the_one_address_that_stands_there_counts(value: str, sender: str) -> None:
    assert read_arrived(f"From: {value}\n{HEADER}").sender == sender


@pytest.mark.parametrize("second", ["anna@example.org", WANTED])
def test_several_senders_say_nothing_for_sure(second: str) -> None:
    seen = read_arrived(f"From: {WANTED}\nFrom: {second}\n{HEADER}")
    assert seen.sender == ""
    assert seen.whole


def test_a_forwarded_message_is_read_as_itself_and_not_as_what_it_brings() -> None:
    outer = f"Received: by x\nFrom: anna@example.org\nMessage-ID: <outer@example.org>\n\n{SHOWN}"
    seen = read_arrived(outer)
    assert seen.sender == "anna@example.org"
    assert seen.message_ids == ("<outer@example.org>",)
    assert seen.code == ""


def test_a_message_of_ours_is_read_as_it_was_written() -> None:
    message = OutgoingMessage(
        sender_address=WANTED,
        alias="Mélanie & Söhne, “Notices” <x@y.example>",
        recipient="director@example.com",
        subject="Test",
        message_id="<ours@example.org>",
        text="Words",
        headers={"X-Sendwright-Kind": "test", "X-Sendwright-Code": "ACDEFG"},
        written_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    )
    seen = read_arrived(encode(message))
    assert (seen.sender, seen.message_ids, seen.kind, seen.code) == (WANTED, ("<ours@example.org>",), "test", "ACDEFG")
    assert seen.written_at == message.written_at


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        (b" \r\n\t", "empty"),
        ("Subject: Test\nTo: a@example.org\n\nWords", "no-sender"),
        ("just some words", "no-sender"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "outlook-file"),
        (bytes(range(256)) * 20, "no-sender"),
        (b"%PDF-1.7\n" + b"\xff" * 100, "no-sender"),
        ("x" * (LARGEST + 1), "too-large"),
        (b"x" * (LARGEST + 1), "too-large"),
        (("!" * 76 + " " * 200) * 20_000, "no-sender"),
    ],
)
def test_what_is_no_message_is_told_by_name(content: bytes | str, code: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_arrived(content)
    assert unreadable.value.code == code


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Fri, 99 Nov 2026 09:00:00 +0000", "Fri, 20 Nov 99999 09:00:00 +0000", "0" * 500]
)
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert read_arrived(f"From: {WANTED}\nReceived: x\nDate: {date}\n").written_at is None


@given(st.binary(max_size=2_000))
def test_no_octets_bring_it_down(content: bytes) -> None:
    found = ""
    with suppress(Unreadable):
        found = read_arrived(content).sender
    assert found == "" or "@" in found


@given(st.text(alphabet='ab<>@"(),:;=?\\ .\t\u00e9\x00', max_size=200))
def test_no_sender_is_shown_that_does_not_stand_there(value: str) -> None:
    seen = read_arrived(f"Received: x\nFrom: {value}\n\n")
    assert seen.sender.casefold() in value.casefold()


@given(st.lists(st.sampled_from(SHOWN.splitlines()), max_size=40))
def test_lines_in_any_order_are_read_or_refused(lines: list[str]) -> None:
    try:
        seen = read_arrived("\n".join(lines))
    except Unreadable:
        return
    assert seen.sender in {"", WANTED, "somebody@else.example", "info@example.org", "anna@example.org"}
