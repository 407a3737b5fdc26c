"""Second looks: the other way, without credentials, and never a failure of their own."""

import time

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import Address
from tests.servers.smtp_script import Answer, Drop, Flood, Say, Script, Silence
from tests.unit.senders.smtp.walking import script

from sendwright.senders.smtp.second_look import LONGEST_S, SecondLook
from sendwright.senders.smtp.settings import Security


def look_at(port: int, *, timeout_s: float = 2) -> SecondLook:
    return SecondLook("127.0.0.1", port=port, server_name="localhost", hello="[127.0.0.1]", timeout_s=timeout_s)


async def test_starttls_is_asked_for_and_nothing_else(scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    server = scripted_smtp(script(certificates.expired))
    offer = await look_at(server.port).starttls()
    assert offer is not None
    assert offer.chain[0].names[0] == "localhost"
    assert server.record.verbs == ["EHLO", "STARTTLS"]
    assert server.record.commands[0].argument == "[127.0.0.1]"


async def test_tls_at_once_is_seen_without_a_word(scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    server = scripted_smtp(script(certificates.expired, Security.TLS))
    offer = await look_at(server.port).tls()
    assert offer is not None
    assert offer.version == "TLSv1.3"
    assert server.record.verbs == []


@pytest.mark.parametrize(
    "answers",
    [
        {"starttls": b"454 4.7.0 not now"},
        {"offers_starttls": False},
        {"greeting": Drop()},
        {"greeting": Silence()},
        {"greeting": Flood(2**20)},
        {"greeting": Flood(2**20, lines=False)},
        {"ehlo": Say(b"\xff\xfe\r\n"), "starttls": Drop()},
        {"handshake": Say(b"nonsense\r\n")},
    ],
)
async def test_where_it_does_not_come_to_tls_there_is_nothing_to_see(
    scripted_smtp: StartSmtp, certificates: Certificates, answers: dict[str, Answer]
) -> None:
    server = scripted_smtp(script(certificates.good, **answers))
    began = time.monotonic()
    assert await look_at(server.port, timeout_s=1).starttls() is None
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("greeting", "line"),
    [
        (b"220 mail.example.org", "220 mail.example.org"),
        (Say(b"SSH-2.0-x\nmore\n"), "SSH-2.0-x"),
        (Say(b"no end"), ""),
        (Silence(), ""),
        (Drop(), ""),
        (Drop(b"cut o"), "cut o"),
        (Flood(2**20, lines=False), ""),
    ],
)
async def test_the_first_line_is_what_is_said_in_clear(scripted_smtp: StartSmtp, greeting: Answer, line: str) -> None:
    server = scripted_smtp(Script(greeting=greeting))
    assert await look_at(server.port, timeout_s=0.6).first_line() == line
    assert server.record.verbs == []


async def test_nobody_there_is_nothing_to_see(closed_port: Address, black_hole: Address) -> None:
    for address in (closed_port, black_hole):
        look = look_at(address.port, timeout_s=0.4)
        assert await look.first_line() == ""
        assert await look.tls() is None
        assert await look.starttls() is None


@pytest.mark.parametrize(("given", "taken"), [(2, 1), (10, LONGEST_S), (600, LONGEST_S)])
def test_a_look_is_short(given: float, taken: float) -> None:
    assert look_at(25, timeout_s=given)._timeout_s == taken
