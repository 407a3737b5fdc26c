"""The scripted SMTP server is an ordinary one until its script says otherwise, and remembers what it saw."""

import base64
import smtplib
import ssl
from collections.abc import Iterator

import aiosmtplib
import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Answer, Delay, Script, Security, Trickle

ANNA, OTTO = "anna@example.org", "otto@example.com"
SECRET = "wax-Falke-42"
TEXT = b"Subject: hello\r\n\r\nOne line\r\n.\r\n..\r\n.hidden\r\n"


@pytest.fixture
def trust(certificates: Certificates) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates.ca_file))


@pytest.fixture
def secured(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: ssl.SSLContext
) -> Iterator[tuple[ScriptedSmtp, smtplib.SMTP]]:
    script = Script(
        security=Security.STARTTLS,
        certificate=certificates.good,
        mechanisms=("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"),
        accounts={ANNA: SECRET},
        auth_required=True,
    )
    server = scripted_smtp(script)
    with smtplib.SMTP(*server.address, "client.example.org", timeout=10) as client:
        client.starttls(context=trust)
        client.ehlo()
        yield server, client


def _client(server: ScriptedSmtp) -> smtplib.SMTP:
    return smtplib.SMTP(*server.address, "client.example.org", timeout=10)


def test_a_message_is_captured_as_it_was_sent(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp()
    with _client(server) as client:
        client.sendmail(ANNA, [OTTO, "rita@example.com"], TEXT, mail_options=["BODY=8BITMIME"])
    server.record.wait_for("QUIT")
    (captured,) = server.record.messages
    assert captured.content == TEXT
    assert captured.message["Subject"] == "hello"
    assert (captured.sender, captured.recipients) == (ANNA, (OTTO, "rita@example.com"))
    assert captured.mail_options == f"size={len(TEXT)} BODY=8BITMIME"
    assert not captured.encrypted
    assert server.record.verbs == ["EHLO", "MAIL", "RCPT", "RCPT", "DATA", "QUIT"]
    assert server.record.connections == 1


@pytest.mark.parametrize("content", [b"\r\n", b".\r\n", b"a\r\n", b"\r\n\r\n", b"..\r\n.\r\n"])
def test_odd_messages_are_captured_exactly(scripted_smtp: StartSmtp, content: bytes) -> None:
    server = scripted_smtp()
    with _client(server) as client:
        client.sendmail(ANNA, OTTO, content)
    assert server.record.messages[0].content == content


def test_a_message_of_megabytes_arrives_through_tls(secured: tuple[ScriptedSmtp, smtplib.SMTP]) -> None:
    server, client = secured
    client.login(ANNA, SECRET)
    content = b"Subject: long\r\n\r\n" + (b"x" * 998 + b"\r\n") * 5_000
    client.sendmail(ANNA, OTTO, content)
    assert server.record.messages[0].content == content
    assert server.record.messages[0].encrypted


def test_commands_know_whether_they_were_encrypted(secured: tuple[ScriptedSmtp, smtplib.SMTP]) -> None:
    server, client = secured
    client.noop()
    seen = [(command.verb, command.encrypted) for command in server.record.commands]
    assert seen == [("EHLO", False), ("STARTTLS", False), ("EHLO", True), ("NOOP", True)]


def test_auth_and_starttls_are_offered_where_they_belong(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: ssl.SSLContext
) -> None:
    server = scripted_smtp(Script(security=Security.STARTTLS, certificate=certificates.good))
    with _client(server) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert not client.has_extn("auth")
        client.starttls(context=trust)
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.esmtp_features["auth"].split() == ["PLAIN", "LOGIN"]


def test_the_tls_port_speaks_tls_from_the_first_byte(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: ssl.SSLContext
) -> None:
    server = scripted_smtp(Script(security=Security.TLS, certificate=certificates.good))
    with smtplib.SMTP_SSL(*server.address, "client.example.org", context=trust) as client:
        assert client.sendmail(ANNA, OTTO, TEXT) == {}
    assert all(command.encrypted for command in server.record.commands)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize(("password", "code"), [(SECRET, 235), ("wrong", 535)])
def test_every_sign_in_is_judged_and_remembered(
    secured: tuple[ScriptedSmtp, smtplib.SMTP], mechanism: str, password: str, code: int
) -> None:
    server, client = secured
    client.user, client.password = ANNA, password
    try:
        answered = client.auth(mechanism, getattr(client, f"auth_{mechanism.lower().replace('-', '_')}"))[0]
    except smtplib.SMTPAuthenticationError as refused:
        answered = refused.smtp_code
    assert answered == code
    (attempt,) = server.record.sign_ins
    assert (attempt.mechanism, attempt.username, attempt.encrypted) == (mechanism, ANNA, True)
    assert (attempt.secret == password) is (mechanism != "CRAM-MD5")
    assert client.mail(ANNA)[0] == (250 if code == 235 else 530)


@pytest.mark.parametrize(("token", "codes"), [(SECRET, [235]), ("wrong", [334, 535])])
def test_xoauth2_refuses_in_two_steps(secured: tuple[ScriptedSmtp, smtplib.SMTP], token: str, codes: list[int]) -> None:
    server, client = secured
    initial = base64.b64encode(f"user={ANNA}\1auth=Bearer {token}\1\1".encode()).decode()
    seen = [client.docmd("AUTH", f"XOAUTH2 {initial}")[0]]
    if seen == [334]:
        seen.append(client.docmd("")[0])
    assert seen == codes
    assert server.record.sign_ins[0].secret == token


@pytest.mark.parametrize(
    ("arguments", "code"), [("PLAIN %%%", 501), ("PLAIN YWJj", 501), ("GSSAPI", 504), ("XOAUTH2 YWJj", 501)]
)
def test_a_sign_in_that_makes_no_sense_is_no_attempt(
    secured: tuple[ScriptedSmtp, smtplib.SMTP], arguments: str, code: int
) -> None:
    server, client = secured
    assert client.docmd("AUTH", arguments)[0] == code
    assert server.record.sign_ins == []


def test_single_addresses_and_mechanisms_have_answers_of_their_own(scripted_smtp: StartSmtp) -> None:
    script = Script(
        mail={"boss@example.org": b"553 5.7.1 Not yours"},
        rcpt={OTTO: b"550 5.1.1 Unknown"},
        auth={"LOGIN": b"534 5.7.9 Application-specific password required"},
        auth_before_tls=True,
    )
    with _client(scripted_smtp(script)) as client:
        client.ehlo()
        assert client.mail("boss@example.org")[0] == 553
        assert client.rcpt(ANNA)[0] == 503  # no sender yet
        assert client.mail(ANNA)[0] == 250
        assert client.rcpt(OTTO) == (550, b"5.1.1 Unknown")
        assert client.docmd("DATA")[0] == 503  # no recipient yet
        assert client.rcpt("rita@example.com")[0] == 250
        assert client.rset()[0] == 250
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("AUTH", "LOGIN " + base64.b64encode(b"u").decode())[0] == 334
        assert client.docmd(base64.b64encode(b"p").decode())[0] == 534


def test_answers_come_in_turn_over_all_connections(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp(Script(rcpt=(b"450 4.7.1 Greylisted", b"250 2.1.5 Ok")))
    codes = []
    for _ in range(3):
        with _client(server) as client:
            client.ehlo()
            client.mail(ANNA)
            codes.append(client.rcpt(OTTO)[0])
    assert codes == [450, 250, 250]


@pytest.mark.parametrize(
    "answer", [Trickle(b"250-2.1.0 Slow\r\n250 2.1.0 Ok\r\n", pause=0.001), Delay(0.05, then=b"250 2.1.0 Ok")]
)
def test_slow_answers_count_like_quick_ones(scripted_smtp: StartSmtp, answer: Answer) -> None:
    server = scripted_smtp(Script(mail=answer))
    with _client(server) as client:
        assert client.sendmail(ANNA, OTTO, TEXT) == {}
    assert server.record.messages[0].sender == ANNA


async def test_it_serves_asynchronous_clients_in_their_own_loop(certificates: Certificates) -> None:
    script = Script(security=Security.STARTTLS, certificate=certificates.good, accounts={ANNA: "right"})
    trust = ssl.create_default_context(cafile=str(certificates.ca_file))
    async with ScriptedSmtp(script, host="::1") as server:
        client = aiosmtplib.SMTP(hostname="::1", port=server.port, start_tls=True, tls_context=trust)
        async with client:
            await client.auth_plain(ANNA, "right")
            await client.sendmail(ANNA, [OTTO], TEXT)
    assert server.record.messages[0].content == TEXT
    assert server.record.sign_ins[0].secret == "right"


def test_waiting_for_what_never_comes_ends(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp()
    with _client(server) as client:
        client.ehlo()
    with pytest.raises(TimeoutError, match="1 connections"):
        server.record.wait_for("VRFY", within=0.05)


def test_secrets_stay_out_of_representations(secured: tuple[ScriptedSmtp, smtplib.SMTP]) -> None:
    server, client = secured
    client.login(ANNA, SECRET)
    assert SECRET not in repr(server.record.sign_ins) + repr(server.script) + server.log_text()
