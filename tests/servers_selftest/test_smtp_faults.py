"""Every fault a script can order is visible to a client, at the place it was ordered for."""

import dataclasses
import re
import smtplib
import socket
import ssl

import aiosmtplib
import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Answer, Drop, Flood, Say, Script, Security, Silence

ANNA, OTTO = "anna@example.org", "otto@example.com"
# What a client says to reach each place, in order.
LINES = {
    "greeting": b"",
    "ehlo": b"EHLO client.example.org\r\n",
    "auth": b"AUTH PLAIN AHUAcA==\r\n",
    "noop": b"NOOP\r\n",
    "rset": b"RSET\r\n",
    "mail": b"MAIL FROM:<anna@example.org>\r\n",
    "rcpt": b"RCPT TO:<otto@example.com>\r\n",
    "data": b"DATA\r\n",
    "end_of_data": b"Subject: x\r\n\r\nx\r\n.\r\n",
    "helo": b"HELO client.example.org\r\n",
    "unknown": b"XYZZY\r\n",
    "quit": b"QUIT\r\n",
}


@pytest.fixture
def trust(certificates: Certificates) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates.ca_file))


def _arrive(server: ScriptedSmtp, place: str, *, timeout: float = 10) -> socket.socket:
    """Connect and say everything up to this place; what is answered there is still unread."""
    client = socket.create_connection(server.address, timeout=timeout)
    try:
        for step, line in LINES.items():
            client.sendall(line)
            if step == place:
                break
            replies = b""
            while not re.search(rb"^[23]\d\d .*\r\n\Z", replies, re.MULTILINE):
                chunk = client.recv(4_096)
                assert chunk, f"ended at {step}"
                replies += chunk
    except BaseException:  # a reset may come before the line is through
        client.close()
        raise
    return client


def _hear(server: ScriptedSmtp, place: str) -> bytes:
    """Give everything that is answered at this place until the end of the connection."""
    with _arrive(server, place) as client:
        return b"".join(iter(lambda: client.recv(4_096), b""))


def _version(server: ScriptedSmtp, security: Security, context: ssl.SSLContext, *, timeout: float = 10) -> str | None:
    """Go over to TLS; gives the version spoken, or raises what the ssl module raises."""
    with socket.create_connection(server.address, timeout=timeout) as line:
        if security is Security.STARTTLS:
            line.sendall(b"EHLO client.example.org\r\nSTARTTLS\r\n")
            replies = b""
            while not replies.endswith(b"Ready to start TLS\r\n"):
                replies += line.recv(4_096)
        with context.wrap_socket(line, server_hostname=server.host) as secured:
            return secured.version()


def _script(**answers: Answer) -> Script:
    ordinary = Script(auth_before_tls=True, unknown=b"250 2.0.0 whatever")
    return dataclasses.replace(ordinary, **answers)  # type: ignore[arg-type]  # every place takes answers


def test_an_ordinary_server_lets_the_client_through_to_the_end(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp(_script())
    assert _hear(server, "quit") == b"221 2.0.0 Bye\r\n"
    assert len(server.record.messages) == 1


@pytest.mark.parametrize("place", LINES)
@pytest.mark.parametrize("said", [b"", b"250 2.", b"250-more to come\r\n"])
def test_the_line_drops_where_the_script_says(scripted_smtp: StartSmtp, place: str, said: bytes) -> None:
    server = scripted_smtp(_script(**{place: Drop(say=said)}))
    assert _hear(server, place) == said


@pytest.mark.parametrize("place", LINES)
def test_the_line_is_reset_where_the_script_says(scripted_smtp: StartSmtp, place: str) -> None:
    server = scripted_smtp(_script(**{place: Drop(reset=True)}))
    with pytest.raises(ConnectionResetError):
        _hear(server, place)


@pytest.mark.parametrize("place", LINES)
def test_the_server_falls_silent_where_the_script_says(scripted_smtp: StartSmtp, place: str) -> None:
    server = scripted_smtp(_script(**{place: Silence()}))
    with _arrive(server, place) as client:
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(1)


@pytest.mark.parametrize("place", LINES)
def test_after_a_421_the_server_hangs_up(scripted_smtp: StartSmtp, place: str) -> None:
    server = scripted_smtp(_script(**{place: b"421 4.3.2 Shutting down"}))
    assert _hear(server, place) == b"421 4.3.2 Shutting down\r\n"


def test_a_421_greeting(scripted_smtp: StartSmtp) -> None:
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        smtplib.SMTP(*scripted_smtp(Script(greeting=b"421 4.3.2 Too busy")).address, "client.example.org")
    assert refused.value.smtp_code == 421


def test_a_message_whose_answer_was_cut_off_was_taken(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp(Script(end_of_data=Drop()))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtplib.SMTP(*server.address, "client.example.org").sendmail(ANNA, OTTO, "Subject: x\n\nx")
    assert len(server.record.messages) == 1


def test_a_connection_that_ends_inside_the_message_leaves_none(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp(Script(drop_in_message_after=1_000))
    with pytest.raises((ConnectionError, smtplib.SMTPServerDisconnected)):
        smtplib.SMTP(*server.address, "client.example.org").sendmail(ANNA, OTTO, "x" * 10_000_000)
    assert server.record.messages == []
    assert server.record.verbs == ["EHLO", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("lines", [True, False])
def test_a_reply_of_megabytes_arrives_in_full(scripted_smtp: StartSmtp, lines: bool) -> None:
    server = scripted_smtp(Script(greeting=Flood(3_000_000, lines=lines)))
    with socket.create_connection(server.address, timeout=10) as client:
        received = 0
        newlines = 0
        while received < 3_000_000:
            chunk = client.recv(65_536)
            received += len(chunk)
            newlines += chunk.count(b"\n")
    assert (newlines > 30_000) is lines
    assert lines or newlines == 0


@pytest.mark.parametrize(
    "banner",
    [b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff\x15\x03\x01"],
)
def test_another_protocol_answers(scripted_smtp: StartSmtp, banner: bytes) -> None:
    with socket.create_connection(scripted_smtp(Script(greeting=Say(banner))).address, timeout=10) as client:
        assert client.recv(1_000) == banner


async def test_plaintext_where_tls_is_expected(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp()
    client = aiosmtplib.SMTP(hostname=server.host, port=server.port, use_tls=True, timeout=5)
    with pytest.raises(aiosmtplib.SMTPConnectError) as refused:
        await client.connect()
    cause = refused.value.__cause__
    assert isinstance(cause, ssl.SSLError)
    assert cause.reason in {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG"}


def test_tls_where_plaintext_is_expected(scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    server = scripted_smtp(Script(security=Security.TLS, certificate=certificates.good))
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP(*server.address, "client.example.org", timeout=0.2)


@pytest.mark.parametrize(
    "script", [Script(), Script(security=Security.STARTTLS, offers_starttls=False)], ids=["plain", "stripped"]
)
def test_starttls_that_is_not_offered_is_not_understood_either(scripted_smtp: StartSmtp, script: Script) -> None:
    with smtplib.SMTP(*scripted_smtp(script).address, "client.example.org") as client:
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.docmd("STARTTLS")[0] == 500


def test_starttls_refused_for_now_leaves_the_line_usable(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: ssl.SSLContext
) -> None:
    refusal = b"454 4.7.0 TLS not available due to temporary reason"
    script = Script(
        security=Security.STARTTLS,
        certificate=certificates.good,
        starttls=(refusal, b"220 2.0.0 Now"),
    )
    with smtplib.SMTP(*scripted_smtp(script).address, "client.example.org") as client:
        client.ehlo()
        assert client.docmd("STARTTLS")[0] == 454
        assert client.noop()[0] == 250
        client.starttls(context=trust)
        assert client.ehlo()[0] == 250


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize(
    ("handshake", "raised"),
    [
        (Say(b"garbage that is no TLS record\r\n"), ssl.SSLError),
        (Drop(), (ssl.SSLError, ConnectionError)),
        (Drop(reset=True), ConnectionError),
        (Silence(), TimeoutError),
    ],
    ids=repr,
)
def test_a_handshake_that_fails(
    scripted_smtp: StartSmtp,
    trust: ssl.SSLContext,
    security: Security,
    handshake: Answer,
    raised: type[Exception] | tuple[type[Exception], ...],
) -> None:
    server = scripted_smtp(Script(security=security, handshake=handshake))
    timeout = 0.3 if isinstance(handshake, Silence) else 10
    with pytest.raises(raised):
        _version(server, security, trust, timeout=timeout)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_a_server_of_yesterday_speaks_old_tls_only(
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    trust: ssl.SSLContext,
    security: Security,
    newest: ssl.TLSVersion,
) -> None:
    server = scripted_smtp(Script(security=security, certificate=certificates.good, newest_tls=newest))
    old = ssl.create_default_context(cafile=str(certificates.ca_file))
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("ALL:@SECLEVEL=0")
    assert _version(server, security, old) == {"TLSv1": "TLSv1", "TLSv1_1": "TLSv1.1"}[newest.name]
    with pytest.raises((ssl.SSLError, ConnectionError)):
        _version(server, security, trust)


@pytest.mark.parametrize("kind_and_code", [("expired", 10), ("unknown_issuer", 20), ("wrong_name", 64)])
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_any_certificate_can_be_shown(
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    trust: ssl.SSLContext,
    security: Security,
    kind_and_code: tuple[str, int],
) -> None:
    kind, verify_code = kind_and_code
    server = scripted_smtp(Script(security=security, certificate=getattr(certificates, kind)))
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        _version(server, security, trust)
    assert refused.value.verify_code == verify_code


def test_bytes_slipped_in_before_tls(scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    injected = Say(b"220 2.0.0 Ready\r\n250 2.1.0 injected\r\n")
    server = scripted_smtp(Script(security=Security.STARTTLS, certificate=certificates.good, starttls=injected))
    with socket.create_connection(server.address, timeout=10) as client, client.makefile("rwb") as line:
        line.readline()
        line.write(b"STARTTLS\r\n")
        line.flush()
        assert [line.readline(), line.readline()] == [b"220 2.0.0 Ready\r\n", b"250 2.1.0 injected\r\n"]
