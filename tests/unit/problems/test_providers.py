"""What single providers and programs say leads to whoever can act, whatever the program shows of the answer."""

import tomllib

import pytest

from sendwright import resources
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Finality, Owner, Problem, RemedyKind, Retry, Side
from sendwright.problems.reading import read_reply
from sendwright.texts import LANGUAGES, has, speaking

LOW = "suspicious due to the very low reputation of the sending domain"


def answered(raw: str, stage: str = "submit", **values: str) -> Problem:
    """Name the problem of `raw`, an answer as it stood on the wire, or a code and words alone (`5.7.1 no`)."""
    reply = read_reply(raw)
    if reply is None:
        enhanced, _, text = raw.partition(" ")
        return classify(Evidence(stage=stage, system=System.SMTP, enhanced=enhanced, text=text, values=values))
    return classify(
        Evidence(
            stage=stage, system=System.SMTP, reply=reply.code, enhanced=reply.enhanced, text=reply.text, values=values
        )
    )


@pytest.mark.parametrize(
    ("stage", "raw", "code", "owner"),
    [
        (
            "recipient",
            "550 5.7.0 Mail relay denied [192.0.2.7]",
            "workspace-relay-denied",
            Owner.GOOGLE_WORKSPACE_ADMIN,
        ),
        ("recipient", "554 5.7.1 <b@example.com>: Relay access denied", "relay-denied", Owner.MAIL_SERVER_ADMIN),
        ("submit", "550 5.7.0 Mail Sending denied.", "workspace-sender-denied", Owner.GOOGLE_WORKSPACE_ADMIN),
        (
            "submit",
            "554 Message rejected: Email address is not verified.",
            "sender-not-allowed",
            Owner.MAIL_SERVER_ADMIN,
        ),
        ("submit", "554 Sandbox subdomains are for test purposes only", "provider-test-mode", Owner.MAIL_SERVER_ADMIN),
        ("submit", "554 Message rejected: Address blacklisted.", "recipient-suppressed", Owner.YOU),
        ("submit", "552 5.7.0 its content presents a potential security issue", "attachment-refused", Owner.YOU),
        ("submit", "554 5.7.0 Reject, id=1 - INFECTED: Eicar", "virus-found", Owner.YOU),
        ("sender", "550 Unauthenticated senders not allowed", "sign-in-required", Owner.YOU),
        (
            "submit",
            "550 5.7.9 Yahoo requires all senders to authenticate",
            "authentication-checks-failed",
            Owner.DNS_ADMIN,
        ),
        ("recipient", "550 Sender verify failed", "sender-unverifiable", Owner.YOU),
        ("recipient", "550 Envelope blocked - User Entry", "recipient-refuses-sender", Owner.RECIPIENT),
        ("sign-in", "525 5.7.1 Unauthorized IP address", "network-address-not-registered", Owner.YOU),
        ("sign-in", "535 Authentication not allowed on IBSMTP Servers.", "auth-not-offered", Owner.YOU),
        ("submit", "554 5.1.8 Email Outgoing Blocked", "provider-account-blocked", Owner.MAIL_SERVER_ADMIN),
        ("submit", "550 5.4.6 Unusual sending activity detected", "provider-account-blocked", Owner.MAIL_SERVER_ADMIN),
        ("submit", "554 5.4.6 Too many hops", "mail-loop", Owner.MAIL_SERVER_ADMIN),
    ],
)
def test_the_provider_s_words_lead_to_who_can_act(stage: str, raw: str, code: str, owner: Owner) -> None:
    problem = answered(raw, stage)
    assert (problem.code, problem.owner) == (code, owner)


@pytest.mark.parametrize(
    ("raw", "code", "side"),
    [
        (
            "421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to",
            "throttled-for-reputation",
            Side.OURS,
        ),
        ("421 4.7.28 Gmail has detected an unusual rate of email.", "throttled-for-reputation", Side.OURS),
        ("452 4.3.2 Connection rate limit exceeded.", "too-many-connections", Side.OURS),
        ("421 4.7.0 mail.example.org Error: too many connections", "too-many-connections", Side.OURS),
        ("454 Throttling failure: Maximum sending rate exceeded.", "sending-limit-reached", Side.OURS),
        (
            "450 4.2.1 The user you are trying to contact is receiving email too quickly",
            "recipient-receives-too-much",
            Side.THEIRS,
        ),
        ("451 4.3.2 [GL01] Message from (192.0.2.7) temporarily deferred", "greylisted", Side.THEIRS),
        ("451 Internal resources are temporarily unavailable", "greylisted", Side.THEIRS),
    ],
)
def test_a_throttle_is_no_error(raw: str, code: str, side: Side) -> None:
    problem = answered(raw)
    assert (problem.code, problem.side) == (code, side)
    assert (problem.owner, problem.retry, problem.finality) == (Owner.NOBODY, Retry.LATER, Finality.DEFERRED)
    assert int(problem.values["wait_s"]) > 0


@pytest.mark.parametrize(
    ("raw", "finality"),
    [
        ("452 4.2.2 The recipient's inbox is out of storage space", Finality.DEFERRED),
        ("552 5.1.1 Boite du destinataire pleine. Recipient overquota.", Finality.FINAL),
        ("552 Requested mail action aborted: exceeded storage allocation", Finality.FINAL),
        ("450 4.3.0 bob@example.com is over quota", Finality.DEFERRED),
    ],
)
def test_a_full_mailbox_is_theirs_whatever_its_code(raw: str, finality: Finality) -> None:
    for stage in ("recipient", "submit"):
        problem = answered(raw, stage)
        assert (problem.code, problem.owner, problem.side) == ("recipient-mailbox-full", Owner.RECIPIENT, Side.THEIRS)
        assert problem.finality is finality


@pytest.mark.parametrize(
    ("later", "final"),
    [
        (f"421 4.7.0 This message is {LOW}", f"550 5.7.1 likely {LOW}"),
        ("421 Temporarily rejected. Reverse DNS for this IP failed. IB108", "554 5.7.1 Reverse DNS failed."),
        ("421 4.7.29 not sent over a TLS connection", "550 5.7.29 not sent over a TLS connection"),
        (
            "451 Message temporarily deferred due to unresolvable RFC.5321 from domain",
            "554 unresolvable RFC.5321 from domain",
        ),
        ("452 mailbox is full", "550 mailbox is full"),
        ("421 Free accounts are for test purposes only", "554 Free accounts are for test purposes only"),
    ],
)
def test_the_same_words_ask_to_try_again_only_where_the_code_does(later: str, final: str) -> None:
    assert answered(later).retry is Retry.LATER
    assert answered(final).retry is Retry.AFTER_FIX
    assert answered(later).finality is Finality.DEFERRED
    assert answered(final).finality is Finality.FINAL


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("5.7.0 Authentication Required. Learn more", "sign-in-required"),
        ("5.7.0 Must issue a STARTTLS command first.", "encryption-required"),
        ("5.7.1 <bob@example.com>: Relay access denied", "relay-denied"),
        ("5.7.1 <a@example.org>: Sender address rejected: not owned by user b@example.org", "sender-not-allowed"),
        ("5.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org", "network-address-blocked"),
        ("5.7.1 Spam message rejected", "rejected-as-spam"),
        ("5.7.9 Application-specific password required.", "auth-app-password-required"),
        ("5.7.1 something else", "rejected-by-policy"),
    ],
)
def test_a_program_that_drops_the_reply_is_understood_too(raw: str, code: str) -> None:
    assert answered(raw, "").code == code


def test_words_alone_never_name_a_provider() -> None:
    for words in ("Mail relay denied", "Sandbox subdomains are for test purposes only", "Email Outgoing Blocked"):
        seen = Evidence(stage="submit", system=System.SMTP, text=words)
        assert classify(seen).code == UNRECOGNISED
        assert answered(f"599 {words}").code == UNRECOGNISED


@pytest.mark.parametrize("code", ["workspace-relay-denied", "workspace-sender-denied"])
def test_google_s_administrator_is_led_to_the_page(code: str) -> None:
    opened = [remedy for remedy in load().definitions[code].remedies if remedy.kind is RemedyKind.OPEN]
    assert opened
    for remedy in opened:
        assert remedy.value.startswith("https://admin.google.com/")
        assert remedy.path.startswith("Google Admin console > ")


ADMINISTRATORS = set(Owner) - {Owner.YOU, Owner.NOBODY, Owner.RECIPIENT, Owner.MAILBOX_OWNER, Owner.PLATFORM_VENDOR}
MAIL_FILES = ("addresses", "connection", "enhanced", "providers", "sign-in", "submission", "tls")
OF_ADMINISTRATORS = sorted(
    entry["code"]
    for file in MAIL_FILES
    for entry in tomllib.loads(resources.path(f"problems/{file}.toml").read_text(encoding="utf-8"))["problem"]
    if entry["owner"] in ADMINISTRATORS and entry["code"] != UNRECOGNISED
)


@pytest.mark.parametrize("code", OF_ADMINISTRATORS)
def test_an_administrator_is_told_how_to_verify(code: str) -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert has(f"problems.{code}.verify"), language


@pytest.mark.parametrize(
    ("code", "values", "command"),
    [
        ("sender-domain-unresolvable", {"sender": "a@example.org"}, "dig +short MX example.org"),
        ("delivery-expired", {"recipient": "bob@example.com"}, "dig +short MX example.com"),
        ("delivery-expired", {"recipient": "bob"}, "dig +short MX bob"),
        ("sender-domain-unresolvable", {"sender": "a@example.org; rm -rf /"}, "dig +short MX …"),
        ("sender-domain-unresolvable", {}, "dig +short MX …"),
    ],
)
def test_the_command_asks_about_the_domain_that_is_concerned(code: str, values: dict[str, str], command: str) -> None:
    seen = Evidence(stage="submit", system=System.SMTP, condition=code, values=values)
    assert explain(classify(seen)).verify.command == command
