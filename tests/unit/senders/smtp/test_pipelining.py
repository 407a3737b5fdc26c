"""Commands that go out together (RFC 2920): fewer round trips, and still every failure at its own stage."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator

import pytest
from aiosmtplib import SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from hypothesis import given
from hypothesis import strategies as st
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Answer, Drop, Flood, Say, Silence
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import CONTENT, Walk, evidence_of, script

from sendwright.senders.smtp.wire import Wire

GROUP = ((b"MAIL", b"FROM:<a@example.org>"), (b"RCPT", b"TO:<b@example.org>"), (b"DATA",))
REPLIES = b"250 2.1.0 Ok\r\n550-5.1.1 No\r\n550 5.1.1 such\r\n354 go\r\n"
READ = [SMTPResponse(250, "2.1.0 Ok"), SMTPResponse(550, "5.1.1 No\n5.1.1 such"), SMTPResponse(354, "go")]


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Wire, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    wire = await Wire.over(ours)
    theirs.sendall(b"220 hello\r\n")
    await wire.greeting()
    yield wire, theirs
    wire.abort()
    theirs.close()
    await asyncio.sleep(0)


async def signed_in(walking: Walk) -> Walk:
    await walking.until("sign-in")
    return walking


async def send(walking: Walk) -> dict[str, object]:
    return await walking.session.send(CONTENT, sender=walking.sender, recipient=walking.recipient)


async def test_the_commands_leave_in_one_piece(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    await wire.send_together(*GROUP)
    assert end.recv(4096) == b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"


@given(st.dictionaries(st.integers(1, len(REPLIES) - 1), st.integers(0, 3), max_size=6))
def test_however_the_replies_are_cut_they_are_the_same(cuts: dict[int, int]) -> None:
    asyncio.run(replies_in_pieces(cuts))


async def replies_in_pieces(cuts: dict[int, int]) -> None:
    """Let the replies come in pieces that begin at `cuts`, each after as many turns of the loop as its value says."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    wire = await Wire.over(ours)
    try:
        theirs.sendall(b"220 hello\r\n")
        await wire.greeting()
        await wire.send_together(*GROUP)
        reading = asyncio.create_task(read_three(wire))
        for start, stop in itertools.pairwise([0, *sorted(cuts), len(REPLIES)]):
            for _ in range(cuts.get(start, 0)):
                await asyncio.sleep(0)
            wire.data_received(REPLIES[start:stop])
        async with asyncio.timeout(1):
            assert await reading == READ
        assert wire.spoken is None
    finally:
        wire.abort()
        theirs.close()
        await asyncio.sleep(0)


async def read_three(wire: Wire) -> list[SMTPResponse]:
    return [await wire.next_reply() for _ in range(3)]


async def test_replies_that_came_before_the_end_are_read_after_it(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    await wire.send_together(*GROUP)
    end.sendall(REPLIES)
    end.close()
    await asyncio.sleep(0.02)
    assert await read_three(wire) == READ
    with pytest.raises(SMTPServerDisconnected):
        await wire.message(CONTENT)


async def test_a_reply_too_many_is_nonsense_before_the_message_leaves(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    await wire.send_together(*GROUP)
    end.sendall(REPLIES + b"250 2.0.0 queued as NEVER\r\n")
    await read_three(wire)
    end.recv(4096)
    with pytest.raises(SMTPResponseException, match="NEVER"):
        await wire.message(CONTENT)
    assert wire.end_left is False
    end.setblocking(False)
    with pytest.raises(BlockingIOError):
        end.recv(1)


async def test_a_command_of_a_group_cannot_smuggle_another(pair: tuple[Wire, socket.socket]) -> None:
    wire, _ = pair
    with pytest.raises(ValueError, match="control character"):
        await wire.send_together((b"MAIL", b"FROM:<a\r\nDATA>"))


async def test_a_message_goes_in_two_round_trips(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = await signed_in(walk(server.port))
    written: list[bytes] = []
    write = Wire.write

    def note(wire: Wire, data: bytes) -> None:
        written.append(data)
        write(wire, data)

    monkeypatch.setattr(Wire, "write", note)
    facts = await send(walking)
    assert facts["queue_id"] == "SCRIPTED"
    assert [data.count(b"\r\n") for data in written] == [3, CONTENT.count(b"\r\n") + 1]
    (message,) = server.record.messages
    assert (message.sender, message.recipients, message.content) == (ANNA.address, ("bob@example.net",), CONTENT)


@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
@pytest.mark.parametrize(
    ("place", "stage"),
    [("mail", "sender"), ("rcpt", "recipient"), ("data", "submit"), ("end_of_data", "submit")],
)
async def test_a_refusal_belongs_to_its_stage_and_the_connection_stands(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    extensions: tuple[str, ...],
    place: str,
    stage: str,
) -> None:
    fine = {"data": b"354 go"}.get(place, b"250 Ok")
    answers = {place: (b"550 5.7.1 Not this", fine)}
    server = scripted_smtp(script(certificates.good, extensions=extensions, **answers))
    walking = await signed_in(walk(server.port))
    evidence = await evidence_of(send(walking))
    assert (evidence.stage, evidence.reply, evidence.enhanced) == (stage, 550, "5.7.1")
    assert evidence.perhaps_sent is False
    assert walking.session.is_open
    await walking.session.reset()
    await send(walking)
    assert server.record.connections == 1
    assert len(server.record.messages) == 1 + (place == "end_of_data")


@pytest.mark.parametrize("refused", ["mail", "rcpt"])
async def test_a_server_that_wants_a_message_it_refused_gets_none(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, refused: str
) -> None:
    wants = b"550 5.7.1 no\r\n354 but go on" if refused == "rcpt" else b"550 5.7.1 no\r\n250 ok\r\n354 go on"
    server = scripted_smtp(script(certificates.good, **{refused: Say(wants + b"\r\n")}))
    walking = await signed_in(walk(server.port))
    evidence = await evidence_of(send(walking))
    assert evidence.stage == {"mail": "sender", "rcpt": "recipient"}[refused]
    assert (evidence.reply, evidence.perhaps_sent) == (550, False)
    assert not walking.session.is_open
    assert not server.record.messages


FAULTS: dict[str, tuple[Answer, str]] = {
    "drop": (Drop(), "connection-dropped"),
    "reset": (Drop(reset=True), "connection-dropped"),
    "half a reply": (Drop(b"250 2."), "connection-dropped"),
    "silence": (Silence(), "connection-timed-out"),
    "nonsense": (Say(b"what\r\n"), "nonsense-reply"),
    "no class of reply": (b"777 lucky", "nonsense-reply"),
    "flood": (Flood(2**18), "nonsense-reply"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("place", "stage"), [("mail", "sender"), ("rcpt", "recipient"), ("data", "submit")])
async def test_a_fault_belongs_to_its_stage(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    place: str,
    stage: str,
    fault: str,
) -> None:
    answer, condition = FAULTS[fault]
    server = scripted_smtp(script(certificates.good, **{place: answer}))
    walking = await signed_in(walk(server.port))
    if fault == "silence":
        walking.hurry()
    evidence = await evidence_of(send(walking))
    assert evidence.condition == condition
    # A reset may overtake the replies before it, a flood arrive in one piece with them: then they were never heard.
    assert evidence.stage == stage or fault in {"reset", "flood"}
    assert evidence.perhaps_sent is False
    assert not walking.session.is_open
    assert not server.record.messages


@pytest.mark.parametrize(("place", "stage"), [("mail", "sender"), ("rcpt", "recipient"), ("data", "submit")])
async def test_421_ends_the_group(
    *, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, place: str, stage: str
) -> None:
    server = scripted_smtp(script(certificates.good, **{place: b"421 4.3.2 Closing"}))
    walking = await signed_in(walk(server.port))
    evidence = await evidence_of(send(walking))
    assert (evidence.stage, evidence.reply) == (stage, 421)
    assert not walking.session.is_open


async def test_a_refusal_before_a_drop_is_what_counts(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, mail=Drop(b"554 5.7.1 Go away\r\n")))
    walking = await signed_in(walk(server.port))
    evidence = await evidence_of(send(walking))
    assert (evidence.stage, evidence.reply) == ("sender", 554)
    assert not walking.session.is_open


@pytest.mark.parametrize("address", ["bob", "bob@example.org>\r\nDATA", ""])
@pytest.mark.parametrize("stage", ["sender", "recipient"])
async def test_a_hostile_address_stops_the_group_before_it_leaves(
    *, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, stage: str, address: str
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = await signed_in(walk(server.port))
    setattr(walking, stage, address)
    evidence = await evidence_of(send(walking))
    assert (evidence.stage, evidence.condition) == (stage, "address-not-sendable")
    assert "MAIL" not in server.record.verbs


async def test_a_recipient_with_umlauts_needs_no_second_mail(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = await signed_in(walk(server.port))
    walking.recipient = "jürgen@example.net"
    await send(walking)
    assert "SMTPUTF8" in server.record.messages[0].mail_options
    assert server.record.verbs.count("MAIL") == 1
