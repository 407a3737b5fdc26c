"""Whatever a person pastes is searched for what we know, best first, and nothing breaks it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.dictionary import load
from sendwright.problems.pasted import LONGEST, explain_text
from sendwright.problems.evidence import System
from sendwright.problems.rule import Rule, Sample


def _best(text: str) -> tuple[str, str]:
    match = explain_text(text)[0]
    return match.problem.code, match.matched


@pytest.mark.parametrize(
    ("text", "code", "matched"),
    [
        ("535 5.7.8 Error: authentication failed", "auth-wrong-credentials", "535 5.7.8"),
        (
            "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted')",
            "auth-wrong-credentials",
            "535",
        ),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            "smtp-auth-disabled-for-tenant",
            "535 5.7.139",
        ),
        (
            (
                "postfix/smtp[812]: 4XyZ: to=<bob@example.com>, status=bounced (host mx[192.0.2.1] said: "
                "550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown (in reply to RCPT TO command))"
            ),
            "recipient-unknown",
            "550 5.1.1",
        ),
        (
            "550-5.7.26 This mail has been blocked because the sender\n550 5.7.26 is unauthenticated",
            "authentication-checks-failed",
            "550 5.7.26",
        ),
        ("Error: connect ECONNREFUSED 127.0.0.1:587", "connection-refused", "ECONNREFUSED"),
        ("[Errno 111] Connection refused", "connection-refused", "ECONNREFUSED"),
        ("[Errno -2] Name or service not known", "dns-name-not-found", "dns-name-not-found"),
        (
            "ssl.SSLCertVerificationError: certificate verify failed: certificate has expired (_ssl.c:1006)",
            "tls-certificate-expired",
            "verify 10",
        ),
        ("self-signed certificate in certificate chain", "tls-certificate-unknown-issuer", "verify 19"),
        (
            "Hostname mismatch, certificate is not valid for 'mail.example.org'.",
            "tls-certificate-wrong-name",
            "verify 62",
        ),
        (
            "Problem: starttls-not-offered (The server offers no encryption here)",
            "starttls-not-offered",
            "starttls-not-offered",
        ),
        ('{"problem": "backend-storage-full"}', "backend-storage-full", "backend-storage-full"),
        ("Remote server returned 5.7.60", "sender-not-allowed", "5.7.60"),
        ("550 No such user here", "recipient-unknown", "550"),
    ],
)
def test_what_is_in_it_is_found(text: str, code: str, matched: str) -> None:
    found, by = _best(text)
    assert found == code
    assert by == matched


def test_the_step_that_a_log_names_decides() -> None:
    assert _best("said: 552 Over quota (in reply to RCPT TO command)")[0] == "recipient-mailbox-full"
    assert _best("said: 552 Over quota (in reply to end of DATA command)")[0] == "message-too-large"


def test_a_code_that_may_mean_several_things_is_only_likely() -> None:
    matches = explain_text("550 No")
    assert [match.problem.code for match in matches] == [
        "recipient-unknown", "rejected-by-policy", "sender-not-allowed",
    ]  # fmt: skip
    assert {match.problem.confidence for match in matches} == {"likely"}


def test_of_several_findings_the_most_telling_comes_first_and_each_once() -> None:
    log = "550 No\n535 5.7.139 SmtpClientAuthentication is disabled for the Tenant\n550 No"
    codes = [match.problem.code for match in explain_text(log)]
    assert codes[0] == "smtp-auth-disabled-for-tenant"
    assert len(codes) == len(set(codes)) == 4


@pytest.mark.parametrize(
    "text", ["", "hello", "2026-11-20 250 Ok", "the answer is 42", "port 587", "599 5.9.9 whatever"]
)
def test_what_means_nothing_to_us_is_unrecognised_and_alone(text: str) -> None:
    assert [match.problem.code for match in explain_text(text)] == ["unrecognised"]


REPLIES = [
    (rule, sample)
    for rule in load().rules[System.SMTP]
    for sample in rule.samples
    if sample.reply and not sample.mechanism
]


@pytest.mark.parametrize("pair", REPLIES, ids=lambda pair: pair[1].reply[:50])
def test_a_reply_of_the_dictionary_means_something_when_pasted(pair: tuple[Rule, Sample]) -> None:
    rule, sample = pair
    best = explain_text(sample.reply)[0].problem
    assert best.code != "unrecognised" or rule.problem == "unrecognised"


def test_nineteen_of_twenty_are_recognised_without_knowing_the_step() -> None:
    exact = [rule.problem in {match.problem.code for match in explain_text(sample.reply)} for rule, sample in REPLIES]
    assert sum(exact) / len(exact) >= 0.95


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert explain_text(text)


@given(st.lists(st.sampled_from(["550", "-", " ", "5.7.1", "\n", "ECONNREFUSED", "relay", ".", "a-b", "\x00"])))
def test_no_mixture_of_what_we_look_for_breaks_it(parts: list[str]) -> None:
    assert explain_text("".join(parts))


@pytest.mark.parametrize("piece", ["5", "550 ", "a-", "E", "550-x\n", "5.7.1 ", "self-signed certificate\n"])
def test_a_huge_text_is_read_in_a_moment(piece: str) -> None:
    begun = time.perf_counter()
    explain_text(piece * (2 * LONGEST // len(piece)))
    assert time.perf_counter() - begun < 10
