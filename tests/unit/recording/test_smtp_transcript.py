"""One SMTP dialogue as it is told to a recorder: exact order, no sign-in, no message."""

import asyncio
import base64
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.recorder import SILENCE
from sendwright.recording.smtp_transcript import SmtpTranscript, transcript_of
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.senders.smtp.wire import Wire

ANSWER = base64.b64encode(b"\0anna\0canary-pass").decode().encode()


@pytest.fixture
def recorder() -> WireRecorder:
    return WireRecorder()


@pytest.fixture
def transcript(recorder: WireRecorder) -> SmtpTranscript:
    return SmtpTranscript(recorder, connection="7")


def told(recorder: WireRecorder) -> list[tuple[str, str]]:
    return [(event.name, event.text) for event in recorder.events]


def test_commands_and_replies_stand_in_their_order(recorder: WireRecorder, transcript: SmtpTranscript) -> None:
    transcript.heard(220, "mail.example.org ESMTP")
    transcript.said(b"EHLO", b"[192.0.2.1]")
    transcript.heard(250, "mail.example.org\nSIZE 100\nAUTH PLAIN LOGIN")
    transcript.said(b"QUIT")
    transcript.closed()
    assert told(recorder) == [
        ("heard", "220 mail.example.org ESMTP"),
        ("said", "EHLO [192.0.2.1]"),
        ("heard", "250 mail.example.org\nSIZE 100\nAUTH PLAIN LOGIN"),
        ("said", "QUIT"),
        ("closed", ""),
    ]
    assert {event.values["connection"] for event in recorder.events} == {"7"}


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ((b"AUTH", b"PLAIN", ANSWER), "AUTH PLAIN […]"),
        ((b"auth", b"plain", ANSWER), "auth plain […]"),
        ((b"AUTH PLAIN " + ANSWER,), "AUTH PLAIN […]"),
        ((b"AUTH", b"X-UNKNOWN", b"a b c"), "AUTH X-UNKNOWN […]"),
        ((b"AUTH", b"PLAIN", b"="), "AUTH PLAIN […]"),
        ((b"AUTH", b"LOGIN"), "AUTH LOGIN"),
        ((b"AUTH",), "AUTH"),
    ],
)
def test_an_initial_response_is_never_kept(
    recorder: WireRecorder, transcript: SmtpTranscript, words: tuple[bytes, ...], shown: str
) -> None:
    transcript.said(*words)
    assert told(recorder) == [("said", shown)]


def test_every_line_and_every_challenge_of_a_sign_in_is_replaced(
    recorder: WireRecorder, transcript: SmtpTranscript
) -> None:
    transcript.said(b"AUTH", b"CRAM-MD5")
    transcript.heard(334, "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+")
    transcript.said(b"YW5uYSBiOTEzYTYwMmM3ZWRhN2E0OTViNGU2ZTczMzRkMzg5MA==")
    transcript.heard(334, "")
    transcript.said(b"abc")
    transcript.heard(535, "5.7.8 bad b9digest dGhpcyBpcyBub3Qga25vd24h see https://example.org/help")
    transcript.said(b"NOOP")
    transcript.heard(250, "dGhpcyBpcyBub3Qga25vd24h")
    assert told(recorder) == [
        ("said", "AUTH CRAM-MD5"),
        ("heard", "334 […]"),
        ("said", "[…]"),
        ("heard", "334 "),
        ("said", "[…]"),
        ("heard", "535 5.7.8 bad b9digest […] see https://example.org/help"),
        ("said", "NOOP"),
        ("heard", "250 dGhpcyBpcyBub3Qga25vd24h"),
    ]


@pytest.mark.parametrize("line", [b"", b"*"])
def test_to_decline_is_no_secret(recorder: WireRecorder, transcript: SmtpTranscript, line: bytes) -> None:
    transcript.said(b"AUTH", b"XOAUTH2", ANSWER)
    transcript.heard(334, "eyJzdGF0dXMiOiI0MDAifQ==")
    transcript.said(line)
    assert told(recorder)[-1] == ("said", line.decode())


def test_what_was_sent_to_sign_in_is_known_from_then_on(recorder: WireRecorder, transcript: SmtpTranscript) -> None:
    transcript.said(b"AUTH", b"PLAIN", ANSWER)
    transcript.heard(535, "5.7.8 no")
    transcript.said(b"MAIL", b"FROM:<a@example.org>")
    transcript.heard(550, f"you said {ANSWER.decode()}")
    assert told(recorder)[-1] == ("heard", "550 you said […]")
    assert Secret(ANSWER.decode()) in recorder.secrets


def test_a_message_is_told_by_its_size_alone(recorder: WireRecorder, transcript: SmtpTranscript) -> None:
    transcript.sent_message(4711)
    (event,) = recorder.events
    assert (event.name, event.text, event.values) == ("message", ".", {"size": "4711", "connection": "7"})


@given(st.lists(st.binary(max_size=30).filter(lambda line: not {10, 13} & set(line)), min_size=1, max_size=5))
def test_whatever_is_said_in_a_sign_in_nothing_of_it_is_kept(lines: list[bytes]) -> None:
    recorder = WireRecorder()
    transcript = SmtpTranscript(recorder, connection="1")
    transcript.said(b"AUTH", b"LOGIN")
    for line in lines:
        transcript.heard(334, "VXNlcm5hbWU6")
        transcript.said(line)
    assert {text for name, text in told(recorder) if name == "said"} <= {"AUTH LOGIN", "[…]", "", "*"}


def test_where_nobody_listens_there_is_no_transcript(recorder: WireRecorder) -> None:
    assert transcript_of(SILENCE, port=1) is None
    assert transcript_of(recorder, port=1) is not None


async def test_the_order_is_exact_also_where_commands_leave_together(recorder: WireRecorder) -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    wire = await Wire.over(ours, transcript=SmtpTranscript(recorder, connection="1"))
    theirs.sendall(b"220 hello\r\n")
    await wire.greeting()
    await wire.send_together((b"MAIL", b"FROM:<a@example.org>"), (b"RCPT", b"TO:<b@example.org>"), (b"DATA",))
    theirs.sendall(b"250 2.1.0 Ok\r\n550-5.1.1 No\r\n550 5.1.1 such\r\n354 go\r\n")
    for _ in range(3):
        await wire.next_reply()
    theirs.sendall(b"250 taken\r\n")
    await wire.message(b"Subject: canary\r\n\r\ncanary\r\n")
    wire.abort()
    theirs.close()
    await asyncio.sleep(0)
    assert told(recorder) == [
        ("heard", "220 hello"),
        ("said", "MAIL FROM:<a@example.org>"),
        ("said", "RCPT TO:<b@example.org>"),
        ("said", "DATA"),
        ("heard", "250 2.1.0 Ok"),
        ("heard", "550 5.1.1 No\n5.1.1 such"),
        ("heard", "354 go"),
        ("message", "."),
        ("heard", "250 taken"),
        ("closed", ""),
    ]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b"what?\r\n", "what?"),
        (b"", "SMTPServerDisconnected"),
        (b"777 hm\r\n", "777 hm"),
    ],
)
async def test_what_is_no_reply_is_told_too(recorder: WireRecorder, answer: bytes, shown: str) -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    wire = await Wire.over(ours, transcript=SmtpTranscript(recorder, connection="1"))
    theirs.sendall(answer) if answer else theirs.close()
    with pytest.raises(Exception, match=r"."):
        await wire.greeting()
    wire.abort()
    theirs.close()
    await asyncio.sleep(0)
    assert shown in [event.text for event in recorder.events]
