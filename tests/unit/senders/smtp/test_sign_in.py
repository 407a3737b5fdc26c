"""Signing in: one mechanism, one attempt, and the server's reasons."""

import base64
import json

import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Say
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import evidence_of, script

from sendwright.secret import Secret
from sendwright.senders.smtp.authentication import choose

ACCOUNTS = {ANNA.address: ANNA.password}
ALL = ("CRAM-MD5", "LOGIN", "PLAIN", "XOAUTH2")


@pytest.mark.parametrize(
    ("offered", "token", "chosen"),
    [
        (ALL, False, "PLAIN"),
        (("LOGIN", "CRAM-MD5"), False, "LOGIN"),
        (("NTLM", "CRAM-MD5"), False, "CRAM-MD5"),
        (("XOAUTH2",), False, None),
        (("GSSAPI", "NTLM", "SCRAM-SHA-256"), False, None),
        ((), False, None),
        (ALL, True, "XOAUTH2"),
        (("PLAIN", "OAUTHBEARER"), True, None),
    ],
)
def test_the_mechanism_is_chosen_by_what_is_offered(
    *, offered: tuple[str, ...], token: bool, chosen: str | None
) -> None:
    assert choose(offered, token=token) == chosen


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
async def test_every_password_mechanism_signs_in(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, mechanism: str
) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=("NTLM", mechanism), accounts=ACCOUNTS))
    facts = await walk(server.port).until("sign-in")
    assert facts["mechanism"] == mechanism
    assert facts["mechanisms"] == ["NTLM", mechanism]
    (attempt,) = server.record.sign_ins
    assert (attempt.mechanism, attempt.username, attempt.encrypted) == (mechanism, ANNA.address, True)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("password", ["pässwörd €", "a b", "x" * 300, "-", '"\\'])
async def test_every_password_arrives_as_it_is(
    *, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, mechanism: str, password: str
) -> None:
    accounts = {ANNA.address: password}
    server = scripted_smtp(script(certificates.good, mechanisms=(mechanism,), accounts=accounts))
    walking = walk(server.port)
    walking.password = Secret(password)
    assert (await walking.until("sign-in"))["reply"] == "235 2.7.0 Authentication successful"


@pytest.mark.parametrize("mechanisms", [("PLAIN", "LOGIN", "CRAM-MD5"), ("LOGIN",), ("CRAM-MD5",)])
async def test_a_wrong_password_is_tried_exactly_once(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, mechanisms: tuple[str, ...]
) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=mechanisms, accounts=ACCOUNTS))
    walking = walk(server.port)
    walking.password = Secret("not the password")
    evidence = await walking.fails_at("sign-in")
    assert (evidence.reply, evidence.enhanced, evidence.condition) == (535, "5.7.8", None)
    assert evidence.values["mechanism"] == mechanisms[0]
    assert server.record.verbs.count("AUTH") == 1
    assert len(server.record.sign_ins) == 1


async def test_after_a_wrong_password_the_right_one_may_follow(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, accounts=ACCOUNTS))
    walking = walk(server.port)
    walking.password = Secret("not the password")
    await walking.fails_at("sign-in")
    walking.password = Secret(ANNA.password)
    await walking.until("submit")
    assert server.record.verbs.count("AUTH") == 2
    assert server.record.connections == 1


async def test_a_server_without_auth_is_named(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=()))
    evidence = await walk(server.port).fails_at("sign-in")
    assert (evidence.stage, evidence.condition) == ("sign-in", "auth-not-offered")
    assert "AUTH" not in server.record.verbs


async def test_mechanisms_that_nobody_here_knows_are_listed(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=("GSSAPI", "NTLM")))
    evidence = await walk(server.port).fails_at("sign-in")
    assert evidence.condition == "auth-mechanism-unsupported"
    assert evidence.values["mechanisms"] == "GSSAPI, NTLM"


async def test_the_old_way_to_offer_auth_is_understood(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    offers = (b"250-mail.example.org\r\n250 STARTTLS", b"250-mail.example.org\r\n250 AUTH=LOGIN PLAIN")
    server = scripted_smtp(script(certificates.good, ehlo=offers))
    assert (await walk(server.port).until("sign-in"))["mechanism"] == "PLAIN"


@pytest.mark.parametrize(
    ("answer", "reply", "enhanced"),
    [
        (b"454 4.7.0 Temporary authentication failure", 454, "4.7.0"),
        (b"534 5.7.9 Application-specific password required", 534, "5.7.9"),
        (b"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", 535, "5.7.139"),
        (b"525 5.7.13 User account disabled", 525, "5.7.13"),
        (b"535 Incorrect authentication data", 535, None),
    ],
)
async def test_the_servers_reason_is_kept(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    answer: bytes,
    reply: int,
    enhanced: str | None,
) -> None:
    server = scripted_smtp(script(certificates.good, auth=answer))
    evidence = await walk(server.port).fails_at("sign-in")
    assert (evidence.reply, evidence.enhanced) == (reply, enhanced)
    assert evidence.text == answer.decode()[4:]


async def test_a_token_signs_in(scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk) -> None:
    accounts = {ANNA.address: "ya29.token"}
    server = scripted_smtp(script(certificates.good, mechanisms=ALL, accounts=accounts))
    walking = walk(server.port)
    await walking.until("secure")
    facts = await walking.session.sign_in(Secret("ya29.token"), token=True)
    assert facts["mechanism"] == "XOAUTH2"


async def test_a_refused_token_brings_the_servers_explanation(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=ALL, accounts=ACCOUNTS))
    walking = walk(server.port)
    await walking.until("secure")
    evidence = await evidence_of(walking.session.sign_in(Secret("expired"), token=True))
    assert (evidence.reply, evidence.enhanced) == (535, "5.7.8")
    assert evidence.values["oauth_status"] == "400"
    assert evidence.values["oauth_schemes"] == "Bearer"
    assert evidence.values["oauth_scope"] == "https://mail.example.org/"
    assert server.record.verbs.count("AUTH") == 1


@pytest.mark.parametrize(
    "challenge",
    [b"not base64!", base64.b64encode(b"no json"), base64.b64encode(json.dumps(["list"]).encode()), b""],
)
async def test_an_unreadable_explanation_of_a_token_is_passed_over(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, challenge: bytes
) -> None:
    asked = b"334 " + challenge
    server = scripted_smtp(script(certificates.good, mechanisms=ALL, auth={"XOAUTH2": asked}, unknown=b"535 5.7.8 no"))
    walking = walk(server.port)
    await walking.until("secure")
    evidence = await evidence_of(walking.session.sign_in(Secret("expired"), token=True))
    assert evidence.reply == 535
    assert not [name for name in evidence.values if name.startswith("oauth")]


async def test_an_attempt_without_an_end_is_nonsense(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, auth=Say(b"334 bW9yZQ==\r\n"), unknown=b"334 bW9yZQ=="))
    walking = walk(server.port)
    evidence = await walking.fails_at("sign-in")
    assert (evidence.reply, evidence.condition) == (334, "nonsense-reply")
    assert not walking.session.is_open
