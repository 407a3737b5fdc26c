"""What the network tells a recorder: names, races for a connection, TLS with its certificates."""

import asyncio
import socket
import ssl
from collections.abc import Callable

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartDns, StartSmtp
from tests.servers.loopback import LoopbackResolver
from tests.servers.ports import Address
from tests.servers.smtp_script import Script, Silence
from tests.unit.senders.smtp.walking import script

from sendwright.network import dial as dial_module
from sendwright.network.certificates import CertificateFacts
from sendwright.network.dial import dial
from sendwright.network.failures import ConnectFailed, ResolveFailed
from sendwright.network.nameserver_resolver import NameserverResolver
from sendwright.network.network import Network
from sendwright.network.noting import noting_handshake
from sendwright.network.system import system_network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context
from sendwright.recording.event import Event, Layer
from sendwright.recording.recorder import SILENCE
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings

ZONES = {"example.org": "@ MX 10 mail\nmail A 192.0.2.1\nmail AAAA 2001:db8::1\nnothing TXT x", "broken.example": None}


@pytest.fixture
def recorder() -> WireRecorder:
    return WireRecorder()


def told(recorder: WireRecorder, layer: Layer) -> list[Event]:
    return [event for event in recorder.events if event.layer is layer]


def names(recorder: WireRecorder, layer: Layer) -> list[str]:
    return [event.name for event in told(recorder, layer)]


async def test_questions_to_a_nameserver_and_its_answers_are_told(recorder: WireRecorder, dns_server: StartDns) -> None:
    server = dns_server(ZONES)
    resolver = NameserverResolver(server.host, port=server.port, timeout_s=3, recorder=recorder)
    await resolver.mail_exchangers("Example.ORG")
    asked, answered = recorder.events
    assert (asked.name, asked.values) == ("asked", {"host": "example.org", "type": "MX"})
    assert answered.text == "10 mail.example.org."
    assert answered.values["server"] == server.host
    assert float(answered.values["took_ms"]) >= 0


async def test_both_families_are_told_of_their_own(recorder: WireRecorder, dns_server: StartDns) -> None:
    server = dns_server(ZONES)
    await NameserverResolver(server.host, port=server.port, timeout_s=3, recorder=recorder).addresses(
        "mail.example.org"
    )
    answers = {event.values["type"]: event.text for event in recorder.events if event.name == "answered"}
    assert answers == {"A": "192.0.2.1", "AAAA": "2001:db8::1"}


@pytest.mark.parametrize(
    ("host", "condition"),
    [("none.example.org", "dns-name-not-found"), ("mail.broken.example", "dns-resolver-failed")],
)
async def test_a_question_that_failed_is_told(
    recorder: WireRecorder, dns_server: StartDns, host: str, condition: str
) -> None:
    server = dns_server(ZONES)
    resolver = NameserverResolver(server.host, port=server.port, timeout_s=3, recorder=recorder)
    with pytest.raises(ResolveFailed):
        await resolver.texts(host)
    assert names(recorder, Layer.DNS) == ["asked", "failed"]
    assert recorder.events[-1].values["condition"] == condition


async def test_the_systems_own_answer_is_told(recorder: WireRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [row])
    await SystemResolver(recorder=recorder).addresses("mail.example.org")
    assert [event.text for event in recorder.events] == ["", "192.0.2.1"]
    assert recorder.events[1].values["server"] == "getaddrinfo"


async def test_nothing_is_asked_for_an_address(recorder: WireRecorder) -> None:
    await SystemResolver(recorder=recorder).addresses("192.0.2.1")
    assert recorder.events == ()


async def test_every_address_of_a_race_is_told_with_its_end(
    recorder: WireRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = socket.socketpair()

    async def connect(address: str, _: int) -> socket.socket:
        if address == "192.0.2.1":
            raise ConnectionRefusedError(111, "no")
        if address == "192.0.2.2":
            await asyncio.sleep(3600)
        return ours

    monkeypatch.setattr(dial_module, "_connect", connect)
    monkeypatch.setattr(dial_module, "STAGGER_S", 0.01)
    await dial(("192.0.2.1", "192.0.2.2", "192.0.2.3"), port=587, timeout_s=5, recorder=recorder)
    ours.close()
    theirs.close()
    ends = {event.values["address"]: event for event in recorder.events if event.name != "connecting"}
    assert {address: event.name for address, event in ends.items()} == {
        "192.0.2.1": "failed",
        "192.0.2.2": "given-up",
        "192.0.2.3": "connected",
    }
    assert ends["192.0.2.1"].values["errno"] == "ECONNREFUSED"
    assert names(recorder, Layer.TCP).count("connecting") == 3


async def test_a_connection_that_times_out_is_told(recorder: WireRecorder, black_hole: Address) -> None:
    with pytest.raises(ConnectFailed):
        await dial((black_hole.host,), port=black_hole.port, timeout_s=0.2, recorder=recorder)
    assert [event.values.get("errno") for event in recorder.events] == [None, "ETIMEDOUT"]


def session(port: int, recorder: WireRecorder, certificates: Certificates, *, trusted: bool = True) -> SmtpSession:
    pem = certificates.ca_file.read_text() if trusted else None
    settings = SmtpSettings(host="localhost", port=port, security=Security.STARTTLS, ca_pem=pem)
    network = Network(resolver=LoopbackResolver(timeout_s=5), tls=client_context, timeout_s=5, recorder=recorder)
    return SmtpSession(settings, network)


async def walk(session: SmtpSession) -> None:
    try:
        for stage in (session.resolve, session.connect, session.greet, session.secure):
            await stage()
    finally:
        await session.quit()


async def test_a_handshake_is_told_with_its_certificates(
    recorder: WireRecorder, scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    server = scripted_smtp(script(certificates.good))
    await walk(session(server.port, recorder, certificates))
    started, handshake, certificate = told(recorder, Layer.TLS)
    assert started.values == {"host": "localhost"}
    assert handshake.values["version"] == "TLSv1.3"
    assert handshake.values["cipher"].startswith("TLS_")
    assert certificate.values["place"] == "1"
    assert "localhost" in certificate.values["names"]
    assert set(certificate.values) == {"place", *CertificateFacts.__struct_fields__}


@pytest.mark.parametrize(("kind", "verify"), [("expired", "10"), ("self_signed", "18"), ("wrong_name", "62")])
async def test_a_certificate_that_is_refused_is_told_with_what_a_second_look_saw(
    *, recorder: WireRecorder, scripted_smtp: StartSmtp, certificates: Certificates, kind: str, verify: str
) -> None:
    server = scripted_smtp(script(getattr(certificates, kind)))
    with pytest.raises(SendFailed):
        await walk(session(server.port, recorder, certificates))
    assert names(recorder, Layer.TLS) == ["started", "failed", "handshake", "certificate"]
    failed, seen = told(recorder, Layer.TLS)[1:3]
    assert (failed.values["condition"], failed.values["verify"]) == ("tls-certificate-refused", verify)
    assert seen.values["purpose"] == "look"


async def test_silence_is_told(recorder: WireRecorder, scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    server = scripted_smtp(Script(greeting=Silence()))
    settings = SmtpSettings(host="localhost", port=server.port, security=Security.STARTTLS)
    network = Network(resolver=LoopbackResolver(timeout_s=1), tls=client_context, timeout_s=0.4, recorder=recorder)
    with pytest.raises(SendFailed):
        await walk(SmtpSession(settings, network))
    assert [event.values for event in recorder.events if event.name == "silence"] == [{"stage": "greet"}]


@pytest.mark.parametrize(
    ("error", "values"),
    [
        (lambda: ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] x"), {"condition": "tls-handshake-failed"}),
        (lambda: ConnectionResetError(104, "gone"), {"condition": "connection-dropped", "errno": "ECONNRESET"}),
        (TimeoutError, {"condition": "connection-timed-out"}),
    ],
)
def test_what_breaks_a_handshake_is_told_and_goes_on(
    recorder: WireRecorder, error: Callable[[], OSError], values: dict[str, str]
) -> None:
    with pytest.raises(OSError), noting_handshake(recorder, name="mail.example.org"):  # noqa: PT011 - each its own
        raise error()
    assert recorder.events[-1].name == "failed"
    assert values.items() <= recorder.events[-1].values.items()


async def test_the_systems_network_hands_its_recorder_on(recorder: WireRecorder) -> None:
    network = system_network(recorder=recorder)
    assert network.recorder is recorder
    assert network.resolver._recorder is recorder  # type: ignore[attr-defined]
    assert isinstance(system_network().recorder, type(SILENCE))
