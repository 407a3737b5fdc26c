"""STARTTLS: mandatory, and nothing that was said in clear is believed afterwards."""

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Drop, Say
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import evidence_of, script

from sendwright.problems.evidence import System

READY = b"220 2.0.0 Ready to start TLS\r\n"


async def test_a_server_without_starttls_is_refused_and_gets_nothing_more(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, offers_starttls=False, auth_before_tls=True))
    walking = walk(server.port)
    evidence = await walking.fails_at("secure")
    assert (evidence.stage, evidence.condition) == ("secure", "starttls-not-offered")
    assert "AUTH" in evidence.values["extensions"]
    with pytest.raises(ValueError, match="TLS"):
        await walking.session.sign_in(walking.password)
    assert server.record.verbs == ["EHLO"]


@pytest.mark.parametrize(
    ("answer", "reply", "enhanced"),
    [
        (b"454 4.7.0 TLS not available due to local problem", 454, "4.7.0"),
        (b"502 5.5.1 Command not implemented", 502, "5.5.1"),
        (b"250 2.0.0 Why not", 250, "2.0.0"),
    ],
)
async def test_a_refused_starttls_carries_the_reply(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    answer: bytes,
    reply: int,
    enhanced: str,
) -> None:
    server = scripted_smtp(script(certificates.good, starttls=answer))
    evidence = await walk(server.port).fails_at("secure")
    assert (evidence.condition, evidence.reply, evidence.enhanced) == ("starttls-refused", reply, enhanced)
    assert evidence.text == answer.decode()[4:]


@pytest.mark.parametrize(
    "injected",
    [
        b"250-mail.example.org\r\n250 AUTH PLAIN\r\n",
        b"235 2.7.0 signed in\r\n",
        b"x",
    ],
)
async def test_bytes_injected_before_tls_end_the_connection(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, injected: bytes
) -> None:
    server = scripted_smtp(script(certificates.good, starttls=Say(READY + injected)))
    walking = walk(server.port)
    evidence = await walking.fails_at("secure")
    assert evidence.condition == "data-before-tls"
    assert injected.decode().split("\r\n")[0] in evidence.text
    assert not walking.session.is_open
    assert "AUTH" not in server.record.verbs


async def test_a_second_reply_to_the_first_ehlo_is_not_taken_for_that_of_starttls(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    offer = b"250-mail.example.org\r\n250 STARTTLS\r\n"
    server = scripted_smtp(script(certificates.good, ehlo=Say(offer + b"220 go ahead\r\n")))
    evidence = await walk(server.port).fails_at("secure")
    assert (evidence.stage, evidence.condition) == ("secure", "nonsense-reply")
    assert "STARTTLS" not in server.record.verbs


async def test_a_server_that_hangs_up_instead_of_the_handshake_was_dropped(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, starttls=Drop(READY)))
    evidence = await walk(server.port).fails_at("secure")
    assert (evidence.system, evidence.condition) == (System.SOCKET, "connection-dropped")


async def test_the_second_ehlo_belongs_to_the_stage_secure(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    offer = b"250-mail.example.org\r\n250 STARTTLS"
    server = scripted_smtp(script(certificates.good, ehlo=(offer, b"550 5.7.1 No more")))
    evidence = await walk(server.port).fails_at("secure")
    assert (evidence.stage, evidence.reply, evidence.enhanced) == ("secure", 550, "5.7.1")


async def test_an_offer_made_in_clear_is_forgotten_even_when_none_follows(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    offer = b"250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN"
    server = scripted_smtp(script(certificates.good, ehlo=(offer, b"550 5.7.1 No more")))
    walking = walk(server.port)
    await walking.fails_at("secure")
    assert not walking.session.extensions.words
    assert (await evidence_of(walking.session.sign_in(walking.password))).condition == "auth-not-offered"
    assert "AUTH" not in server.record.verbs
