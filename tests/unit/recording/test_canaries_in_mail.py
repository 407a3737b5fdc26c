"""Canaries through a whole SMTP dialogue, with servers that repeat what they are told; and through names."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartDns, StartSmtp
from tests.servers.loopback import LoopbackResolver
from tests.servers.smtp_script import Answer, Drop, Say
from tests.unit.recording.canaries import FORMS, KINDS, leaks
from tests.unit.recording.everything_shown import of_failure, of_recorder
from tests.unit.senders.smtp.walking import CONTENT, Walk, script

from sendwright.network.failures import ResolveFailed
from sendwright.network.nameserver_resolver import NameserverResolver
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.recording.event import Layer
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings

StartWalk = Callable[[int, str], Walk]

SENDABLE = {kind: secret for kind, secret in KINDS.items() if "\n" not in secret}
ECHOED = ("in words", "SASL PLAIN", "base64", "XOAUTH2", "URL", "hex", "HTML, every letter", "base64 in upper case")


@pytest.fixture
def recorder() -> WireRecorder:
    return WireRecorder()


@pytest.fixture
async def walk(certificates: Certificates, recorder: WireRecorder) -> AsyncIterator[StartWalk]:
    walks: list[Walk] = []

    def start(port: int, secret: str) -> Walk:
        settings = SmtpSettings(
            host="localhost",
            port=port,
            security=Security.STARTTLS,
            username=ANNA.address,
            ca_pem=certificates.ca_file.read_text(),
        )
        network = Network(resolver=LoopbackResolver(timeout_s=5), tls=client_context, timeout_s=5, recorder=recorder)
        session = SmtpSession(settings, network, submit_timeout_s=5)
        walks.append(Walk(session, settings, password=Secret(secret)))
        return walks[-1]

    yield start
    for each in walks:
        await each.session.close()


def echo(secret: str, code: str = "535") -> bytes:
    lines = [f"5.7.8 {FORMS[form](secret)}" for form in ECHOED]
    whole = [*(f"{code}-{line}" for line in lines), f"{code} 5.7.8 no"]
    return "\r\n".join(whole).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("kind", SENDABLE)
async def test_a_password_that_the_server_repeats_is_seen_nowhere(
    *, kind: str, recorder: WireRecorder, scripted_smtp: StartSmtp, certificates: Certificates,
    walk: StartWalk, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    secret = SENDABLE[kind]
    caplog.set_level(logging.DEBUG)
    server = scripted_smtp(script(certificates.good, auth=echo(secret)))
    walking = walk(server.port, secret)
    await walking.until("secure")
    with pytest.raises(SendFailed) as caught:
        await walking.until("sign-in")
    await walking.session.quit()
    assert caught.value.evidence.reply == 535
    assert not leaks(of_recorder(recorder), secret)
    assert not leaks(of_failure(caught.value), secret)
    assert not leaks(caplog.text, secret)
    said = [event.text for event in recorder.events if event.name == "said"]
    assert said[-2:] == ["AUTH PLAIN […]", "QUIT"]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"])
@pytest.mark.parametrize("kind", ["password", "password with umlauts", "access token of Microsoft", "emoji"])
async def test_no_mechanism_lets_anything_out(
    *,
    mechanism: str,
    kind: str,
    recorder: WireRecorder,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
) -> None:
    secret = KINDS[kind]
    final = echo(secret)
    auth: Answer = (Say(b"334 eyJzdGF0dXMiOiI0MDAifQ==\r\n"), final) if mechanism == "XOAUTH2" else final
    server = scripted_smtp(script(certificates.good, mechanisms=(mechanism,), auth=auth, unknown=final))
    walking = walk(server.port, secret)
    await walking.until("secure")
    with pytest.raises(SendFailed) as caught:
        await walking.session.sign_in(Secret(secret), token=mechanism == "XOAUTH2")
    assert not leaks(of_recorder(recorder) + of_failure(caught.value), secret)
    assert f"AUTH {mechanism}" in of_recorder(recorder)


@pytest.mark.parametrize("kind", ["password", "API key of SendGrid", "private key", "password with quotes"])
@pytest.mark.parametrize(("place", "stage"), [("mail", "sender"), ("rcpt", "recipient"), ("end_of_data", "submit")])
async def test_nor_what_is_repeated_later_nor_what_stands_in_the_message(
    *,
    kind: str,
    place: str,
    stage: str,
    recorder: WireRecorder,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
) -> None:
    secret = KINDS[kind]
    repeated = echo(secret.replace("\n", " "), "550")
    server = scripted_smtp(script(certificates.good, **{place: repeated}))
    walking = walk(server.port, secret)
    walking.content = CONTENT + secret.replace("\n", "\r\n").encode() + b"\r\nunknown-canary-9\r\n"
    await walking.before(stage)
    with pytest.raises(SendFailed) as caught:
        await walking.until(stage)
    assert not leaks(of_recorder(recorder) + of_failure(caught.value), secret)
    assert "unknown-canary-9" not in of_recorder(recorder)


@pytest.mark.parametrize(
    "answer", [Say(b"what is {} supposed to be?\r\n"), Say(b"777 {}\r\n"), Drop(b"535 {}"), Say(b"334 {}\r\n")]
)
async def test_nor_what_is_no_reply(
    *, recorder: WireRecorder, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, answer: Say | Drop
) -> None:
    secret = KINDS["password"]
    form = FORMS["SASL PLAIN"](secret).encode()
    if isinstance(answer, Say):
        answer = Say(answer.data.replace(b"{}", form))
    else:
        answer = replace(answer, say=answer.say.replace(b"{}", form))
    server = scripted_smtp(script(certificates.good, auth=answer, unknown=b"535 5.7.8 " + form))
    walking = walk(server.port, secret)
    await walking.until("secure")
    with pytest.raises(SendFailed) as caught:
        await walking.until("sign-in")
    assert not leaks(of_recorder(recorder) + of_failure(caught.value), secret)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_secret_that_was_typed_as_the_name_of_a_server_is_not_kept(
    kind: str, recorder: WireRecorder, dns_server: StartDns
) -> None:
    secret = KINDS[kind]
    recorder.learn(Secret(secret))
    server = dns_server({"example.org": "@ A 127.0.0.1"})
    resolver = NameserverResolver(server.host, port=server.port, timeout_s=3, recorder=recorder)
    with pytest.raises(ResolveFailed):
        await resolver.addresses(f"{secret}.example.org")
    with pytest.raises(ResolveFailed):
        await resolver.texts(f"{secret[:60]}.example.org")
    assert not leaks(of_recorder(recorder), secret)
    assert all(event.layer is Layer.DNS for event in recorder.events)


@pytest.mark.parametrize("kind", KINDS)
async def test_nor_is_it_in_what_a_session_says_of_that_name(kind: str, recorder: WireRecorder) -> None:
    secret = KINDS[kind]
    settings = SmtpSettings(host=f"{secret}.invalid", port=25, security=Security.TLS)
    network = Network(
        resolver=NameserverResolver("127.0.0.1", port=9, timeout_s=0.2, recorder=recorder),
        tls=client_context,
        timeout_s=0.3,
        recorder=recorder,
    )
    session = SmtpSession(settings, network)
    session.guard(Secret(secret))
    with pytest.raises(SendFailed) as caught:
        await session.resolve()
    evidence = caught.value.evidence
    assert not leaks(f"{evidence.text} {evidence.values} {caught.value!r} {of_recorder(recorder)}", secret)
