"""The real Postfix signs in, guards its senders and recipients, and delivers where the test reads."""

import base64
import datetime as dt
import smtplib
import ssl
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from tests.servers.accounts import ANNA, DISABLED, FULL, GREYLISTED, NOTIFICATIONS, UNKNOWN
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartPostfix
from tests.servers.postfix import PostfixServer

pytestmark = pytest.mark.real_server


@pytest.fixture
def trust(certificates: Certificates) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates.ca_file))


@pytest.fixture
def submission(postfix: PostfixServer, trust: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(postfix.host, postfix.ports.submission, "client.example.org", timeout=10) as client:
        client.starttls(context=trust)
        client.ehlo()
        yield client


@pytest.fixture
def as_anna(submission: smtplib.SMTP) -> smtplib.SMTP:
    submission.login(ANNA.address, ANNA.password)
    return submission


def _message(subject: str, *, sender: str = ANNA.address, to: str = NOTIFICATIONS.address) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content("Bonjour, ceci est un essai.\n.\n..deux points\n")
    return message


def test_submission_wants_tls_before_anything_else(postfix: PostfixServer) -> None:
    with smtplib.SMTP(postfix.host, postfix.ports.submission, "client.example.org") as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert not client.has_extn("auth")
        assert client.docmd("MAIL FROM:<anna@example.org>") == (
            530,
            b"5.7.0 Must issue a STARTTLS command first",
        )


def test_after_tls_everything_is_offered(submission: smtplib.SMTP) -> None:
    offered = submission.esmtp_features
    assert offered.keys() >= {"size", "8bitmime", "smtputf8", "pipelining", "enhancedstatuscodes", "dsn"}
    assert offered["size"] == "10240000"
    assert set(offered["auth"].split()) == {"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"}


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize(("password", "code"), [(ANNA.password, 235), ("wrong", 535)])
def test_every_password_mechanism_tells_right_from_wrong(
    submission: smtplib.SMTP, mechanism: str, password: str, code: int
) -> None:
    submission.user, submission.password = ANNA.address, password
    exchange = getattr(submission, f"auth_{mechanism.lower().replace('-', '_')}")
    try:
        answered, text = submission.auth(mechanism, exchange)
    except smtplib.SMTPAuthenticationError as refused:
        answered, text = refused.smtp_code, refused.smtp_error  # type: ignore[assignment]  # bytes it is
    assert answered == code
    assert text.startswith(b"2.7.0" if code == 235 else b"5.7.8")


@pytest.mark.parametrize(
    ("kind", "codes"),
    [("valid", [235]), ("expired", [334, 535]), ("bogus", [334, 535]), ("stolen", [334, 535])],
)
def test_xoauth2_takes_a_valid_token_of_the_same_person_only(
    postfix: PostfixServer, submission: smtplib.SMTP, kind: str, codes: list[int]
) -> None:
    token = {
        "valid": postfix.token(ANNA.address),
        "expired": postfix.token(ANNA.address, lifetime=-dt.timedelta(minutes=5)),
        "bogus": "no-token-at-all",
        "stolen": postfix.token(NOTIFICATIONS.address),
    }[kind]
    initial = base64.b64encode(f"user={ANNA.address}\1auth=Bearer {token}\1\1".encode()).decode()
    seen = [submission.docmd("AUTH", f"XOAUTH2 {initial}")[0]]
    if seen == [334]:
        seen.append(submission.docmd("")[0])
    assert seen == codes


def test_a_message_lands_in_the_mailbox_unchanged(postfix: PostfixServer, as_anna: smtplib.SMTP) -> None:
    as_anna.send_message(_message("lands"))
    arrived = postfix.mailbox(NOTIFICATIONS.address).wait_for_message(subject="lands")
    assert arrived["From"] == ANNA.address
    assert arrived["Return-Path"] == f"<{ANNA.address}>"
    assert "ESMTPSA" in arrived["Received"]
    assert arrived.get_content() == "Bonjour, ceci est un essai.\n.\n..deux points\n"
    assert len(postfix.mailbox(NOTIFICATIONS.address).messages()) == 1
    assert postfix.mailbox(ANNA.address).messages() == []


def test_the_tls_port_signs_in_and_delivers(postfix: PostfixServer, trust: ssl.SSLContext) -> None:
    port = postfix.ports.submissions
    with smtplib.SMTP_SSL(postfix.host, port, "client.example.org", context=trust) as client:
        client.login(NOTIFICATIONS.address, NOTIFICATIONS.password)
        client.send_message(_message("tls", sender=NOTIFICATIONS.address, to=ANNA.address))
    assert postfix.mailbox(ANNA.address).wait_for_message(subject="tls")


def test_it_answers_over_ipv6_too(postfix: PostfixServer, trust: ssl.SSLContext) -> None:
    with smtplib.SMTP("::1", postfix.ports.submission, "client.example.org") as client:
        client.starttls(context=trust)
        assert client.login(ANNA.address, ANNA.password)[0] == 235


def test_an_alias_belongs_to_its_owner(postfix: PostfixServer, submission: smtplib.SMTP) -> None:
    submission.login(NOTIFICATIONS.address, NOTIFICATIONS.password)
    submission.send_message(_message("alias", sender=NOTIFICATIONS.aliases[0], to=NOTIFICATIONS.aliases[0]))
    arrived = postfix.mailbox(NOTIFICATIONS.address).wait_for_message(subject="alias")
    assert arrived["Return-Path"] == "<alerts@example.org>"


@pytest.mark.parametrize("sender", [NOTIFICATIONS.address, "director@example.org"])
def test_a_sender_of_somebody_else_is_refused(as_anna: smtplib.SMTP, sender: str) -> None:
    assert as_anna.mail(sender)[0] == 250
    code, text = as_anna.rcpt(NOTIFICATIONS.address)
    assert (code, text[:5]) == (553, b"5.7.1")
    assert b"not owned by user anna@example.org" in text


@pytest.mark.parametrize(
    ("recipient", "code", "enhanced"),
    [
        (UNKNOWN, 550, b"5.1.1"),
        (FULL, 552, b"5.2.2"),
        (GREYLISTED, 450, b"4.7.1"),
        (DISABLED, 550, b"5.2.1"),
    ],
)
def test_refused_recipients(as_anna: smtplib.SMTP, recipient: str, code: int, enhanced: bytes) -> None:
    assert as_anna.mail(ANNA.address)[0] == 250
    answer = as_anna.rcpt(recipient)
    assert (answer[0], answer[1][:5]) == (code, enhanced)


def test_signed_in_people_may_write_to_the_world_which_is_a_mailbox_here(
    postfix: PostfixServer, as_anna: smtplib.SMTP
) -> None:
    as_anna.send_message(_message("out", to="someone@example.com"))
    assert postfix.outside.wait_for_message(subject="out")["Delivered-To"] == "someone@example.com"


def test_the_relay_port_takes_mail_for_its_own_people_only(postfix: PostfixServer) -> None:
    with smtplib.SMTP(postfix.host, postfix.ports.relay, "client.example.org") as client:
        client.send_message(_message("from outside", sender="stranger@example.com", to=ANNA.address))
        assert client.mail("stranger@example.com")[0] == 250
        code, text = client.rcpt("someone@example.net")
    assert (code, text[:5]) == (554, b"5.7.1")
    assert b"Relay access denied" in text
    assert postfix.mailbox(ANNA.address).wait_for_message(subject="from outside")


@pytest.mark.parametrize(
    ("sender", "code", "words"),
    [(ANNA.address, 553, b"not logged in"), ("stranger@example.com", 554, b"Access denied")],
)
def test_submission_without_signing_in_is_refused(
    submission: smtplib.SMTP, sender: str, code: int, words: bytes
) -> None:
    assert submission.mail(sender)[0] == 250
    answer = submission.rcpt(NOTIFICATIONS.address)
    assert (answer[0], answer[1][:5]) == (code, b"5.7.1")
    assert words in answer[1]


def test_international_addresses_are_taken_as_they_are(postfix: PostfixServer, as_anna: smtplib.SMTP) -> None:
    as_anna.send_message(_message("grüße", to="jürgen@example.com"))
    arrived = postfix.outside.wait_for_message(subject="grüße")
    assert arrived["To"] == "jürgen@example.com"


def test_the_mailboxes_are_empty_when_a_test_begins(postfix: PostfixServer) -> None:
    for mailbox in (postfix.outside, postfix.mailbox(ANNA.address), postfix.mailbox(NOTIFICATIONS.address)):
        assert mailbox.messages() == []


def test_an_own_postfix_takes_other_settings(
    own_postfix: StartPostfix, certificates: Certificates, trust: ssl.SSLContext
) -> None:
    server = own_postfix(
        size_limit=20_000,
        mechanisms="login",
        certificate=certificates.good_with_intermediate,
        parameters={"smtpd_delay_reject": "no"},
    )
    with smtplib.SMTP(server.host, server.ports.submission, "client.example.org") as client:
        client.starttls(context=trust)
        client.login(ANNA.address, ANNA.password)
        assert client.esmtp_features["size"] == "20000"
        assert client.esmtp_features["auth"].split() == ["LOGIN"]
        assert client.mail(NOTIFICATIONS.address)[0] == 553  # at MAIL already: not delayed
        assert client.docmd("MAIL FROM:<anna@example.org> SIZE=30000")[0] == 552


def test_the_log_tells_all_but_passwords(postfix: PostfixServer, submission: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submission.login(ANNA.address, "not the password")
    expected = ("authentication failed", "Password mismatch")
    deadline = time.monotonic() + 10
    while not all(words in (log := postfix.log_text()) for words in expected):
        assert time.monotonic() < deadline, log
        time.sleep(0.05)  # Postfix and Dovecot write their logs when they have answered
    assert "not the password" not in log
