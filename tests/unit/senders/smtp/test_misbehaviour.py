"""Every misbehaviour at every place of the dialogue: named, in time, and never a hang or a library's exception."""

import time

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartProxy, StartSmtp
from tests.servers.smtp_script import Answer, Drop, Flood, Say, Silence, Trickle
from tests.servers.tcp_proxy import Cut, Fault
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import BOTH, evidence_of, script

from sendwright.senders.smtp.settings import Security

STARTTLS_OFFERED = b"250-mail.example.org\r\n250 STARTTLS"

PLACES = {
    "ehlo": "greet",
    "starttls": "secure",
    "second ehlo": "secure",
    "auth": "sign-in",
    "mail": "sender",
    "rcpt": "recipient",
    "data": "submit",
    "end_of_data": "submit",
}

FAULTS: dict[str, tuple[Answer, str]] = {
    "drop": (Drop(), "connection-dropped"),
    "drop in the middle of a line": (Drop(b"250-half a li"), "connection-dropped"),
    "drop between lines": (Drop(b"250-one line\r\n"), "connection-dropped"),
    "reset": (Drop(reset=True), "connection-dropped"),
    "silence": (Silence(), "connection-timed-out"),
    "half a line, then silence": (Say(b"250-mail"), "connection-timed-out"),
    "endless lines": (Flood(2**20), "nonsense-reply"),
    "an endless line": (Flood(2**20, lines=False), "nonsense-reply"),
    "no reply at all": (Say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "nonsense-reply"),
    "no class of reply": (b"777 lucky", "nonsense-reply"),
    "bytes": (Say(b"\x00\xff\xfe\r\n"), "nonsense-reply"),
}


def placed(place: str, answer: Answer) -> dict[str, Answer]:
    if place == "second ehlo":
        return {"ehlo": (STARTTLS_OFFERED, answer)}
    return {place: answer}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", PLACES)
async def test_a_fault_is_named_in_time(
    *, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, place: str, fault: str
) -> None:
    answer, condition = FAULTS[fault]
    server = scripted_smtp(script(certificates.good, **placed(place, answer)))
    walking = walk(server.port, timeout_s=10)
    await walking.before(PLACES[place])
    if condition == "connection-timed-out":
        walking.hurry()
    began = time.monotonic()
    evidence = await walking.fails_at(PLACES[place])
    assert time.monotonic() - began < 5
    assert (evidence.stage, evidence.condition) == (PLACES[place], condition)
    assert evidence.perhaps_sent is (place == "end_of_data")
    assert evidence.reply is None
    assert len(evidence.text) <= 2_000
    assert not walking.session.is_open


@pytest.mark.parametrize("place", [place for place in PLACES if place != "second ehlo"])
async def test_421_ends_the_connection_wherever_it_comes(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, place: str
) -> None:
    server = scripted_smtp(script(certificates.good, **{place: b"421 4.3.2 Closing"}))
    walking = walk(server.port)
    evidence = await walking.fails_at(PLACES[place])
    assert (evidence.reply, evidence.enhanced) == (421, "4.3.2")
    assert evidence.perhaps_sent is False
    assert not walking.session.is_open


@pytest.mark.parametrize("place", ["auth", "mail", "rcpt", "data"])
async def test_octets_that_come_one_by_one_are_a_reply(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, place: str
) -> None:
    slow = Trickle(b"550-5.7.1 letter\r\n550 5.7.1 by letter\r\n", pause=0.001)
    server = scripted_smtp(script(certificates.good, **{place: slow}))
    evidence = await walk(server.port).fails_at(PLACES[place])
    assert (evidence.reply, evidence.enhanced) == (550, "5.7.1")
    assert evidence.text == "5.7.1 letter\n5.7.1 by letter"


@pytest.mark.parametrize("security", BOTH)
@pytest.mark.parametrize("cut", [Cut.CLOSE, Cut.RESET])
@pytest.mark.parametrize("octets", [1, 30, 100, 400, 900, 1_400])
async def test_a_line_cut_after_any_number_of_octets_is_a_failure_with_a_name(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    tcp_proxy: StartProxy,
    security: Security,
    cut: Cut,
    octets: int,
) -> None:
    server = scripted_smtp(script(certificates.good, security))
    proxy = tcp_proxy(server.address, fault=Fault(after_server_octets=octets, cut=cut))
    walking = walk(proxy.port, security, timeout_s=3)
    evidence = await evidence_of(walking.until("submit"))
    assert evidence.condition in {"connection-dropped", "connection-timed-out"}
    assert evidence.stage not in {"resolve", "submit"}
    assert not server.record.messages


async def test_after_a_drop_nothing_more_can_be_said(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, mail=Drop()))
    walking = walk(server.port)
    await walking.fails_at("sender")
    evidence = await walking.fails_at("sender")
    assert evidence.condition == "connection-dropped"
    assert server.record.connections == 1
