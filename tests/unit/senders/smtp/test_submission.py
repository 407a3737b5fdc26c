"""DATA: sizes, dots, refusals, and when a message may have been taken although nothing was answered."""

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Delay, Drop, Flood, Say, Silence
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import CONTENT, script

from sendwright.senders.smtp.wire import AT_ONCE, CHUNK

SIZES = [0, AT_ONCE - 200, AT_ONCE + 200, CHUNK, 4 * CHUNK + 17]


def of_size(size: int) -> bytes:
    line = b".leading dot, " + b"x" * 60 + b"\r\n"
    return CONTENT + line * (size // len(line))


@pytest.mark.parametrize("size", SIZES)
async def test_the_content_arrives_byte_by_byte(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, size: int
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    walking.content = of_size(size)
    facts = await walking.until("submit")
    assert facts["size"] == len(walking.content)
    assert server.record.messages[0].content == walking.content


async def test_a_message_above_the_servers_size_is_not_sent(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=("SIZE 100",)))
    walking = walk(server.port)
    walking.content = of_size(200)
    evidence = await walking.fails_at("submit")
    assert (evidence.stage, evidence.condition) == ("submit", "message-too-large")
    assert (evidence.values["size"], evidence.values["limit"]) == (str(len(walking.content)), "100")
    assert "DATA" not in server.record.verbs
    assert walking.session.is_open


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE many", "SIZE -1"])
async def test_a_size_without_a_number_is_no_limit(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, size: str
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=(size,)))
    await walk(server.port).until("submit")
    assert len(server.record.messages) == 1


@pytest.mark.parametrize(
    ("answer", "reply", "enhanced"),
    [
        (b"552 5.3.4 Message size exceeds fixed limit", 552, "5.3.4"),
        (b"554 5.7.1 Spam", 554, "5.7.1"),
        (b"451 4.3.0 Try again", 451, "4.3.0"),
        (b"421 4.3.2 Shutting down", 421, "4.3.2"),
    ],
)
@pytest.mark.parametrize("place", ["data", "end_of_data"])
async def test_a_refused_message_was_not_sent(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    place: str,
    answer: bytes,
    reply: int,
    enhanced: str,
) -> None:
    server = scripted_smtp(script(certificates.good, **{place: answer}))
    walking = walk(server.port)
    evidence = await walking.fails_at("submit")
    assert (evidence.stage, evidence.reply, evidence.enhanced) == ("submit", reply, enhanced)
    assert evidence.perhaps_sent is False
    assert walking.session.is_open is (reply != 421)


LOST = {
    "dropped": (Drop(), "connection-dropped"),
    "reset": (Drop(reset=True), "connection-dropped"),
    "silent": (Silence(), "connection-timed-out"),
    "nonsense": (Say(b"what?\r\n"), "nonsense-reply"),
    "half a reply": (Drop(b"250 2.0"), "connection-dropped"),
    "endless": (Flood(2**20), "nonsense-reply"),
}


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("size", [0, 2 * CHUNK])
async def test_a_connection_lost_after_the_final_dot_says_perhaps_sent(
    *, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, how: str, size: int
) -> None:
    answer, condition = LOST[how]
    server = scripted_smtp(script(certificates.good, end_of_data=answer))
    walking = walk(server.port, timeout_s=10)
    walking.content = of_size(size)
    await walking.before("submit")
    if condition == "connection-timed-out":
        walking.hurry(1)
    evidence = await walking.fails_at("submit")
    assert (evidence.stage, evidence.condition) == ("submit", condition)
    assert evidence.perhaps_sent is True
    assert len(server.record.messages) == 1
    assert not walking.session.is_open


@pytest.mark.parametrize("how", LOST)
async def test_a_connection_lost_before_the_message_was_wanted_sent_nothing(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, how: str
) -> None:
    answer, condition = LOST[how]
    server = scripted_smtp(script(certificates.good, data=answer))
    walking = walk(server.port, timeout_s=10)
    await walking.before("submit")
    if condition == "connection-timed-out":
        walking.hurry()
    evidence = await walking.fails_at("submit")
    assert (evidence.condition, evidence.perhaps_sent) == (condition, False)


async def test_a_connection_dropped_in_the_middle_of_a_large_message_sent_nothing(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, drop_in_message_after=100_000))
    walking = walk(server.port)
    walking.content = of_size(9_000_000)
    evidence = await walking.fails_at("submit")
    assert (evidence.condition, evidence.perhaps_sent) == ("connection-dropped", False)
    assert not server.record.messages


async def test_data_answered_with_another_code_than_354_is_nonsense(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, data=b"250 fine"))
    walking = walk(server.port)
    evidence = await walking.fails_at("submit")
    assert (evidence.reply, evidence.condition) == (250, "nonsense-reply")
    assert not walking.session.is_open


async def test_a_further_354_after_the_final_dot_is_nonsense(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, end_of_data=b"354 more"))
    walking = walk(server.port)
    evidence = await walking.fails_at("submit")
    assert (evidence.reply, evidence.condition) == (354, "nonsense-reply")
    assert evidence.perhaps_sent is True


async def test_a_slow_server_gets_the_longer_time_of_a_message(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, end_of_data=Delay(0.8, b"250 2.0.0 Ok: queued as LATE")))
    walking = walk(server.port, timeout_s=10)
    await walking.before("submit")
    walking.hurry()
    walking.session._submit_timeout_s = 10
    assert (await walking.until("submit"))["queue_id"] == "LATE"
