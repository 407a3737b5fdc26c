"""Whatever a person pastes is searched for what we know, best first, and nothing breaks it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.dictionary import load
from sendwright.problems.evidence import System
from sendwright.problems.pasted import LONGEST, PasteKind, PasteRefused, explain_text, understand
from sendwright.problems.rule import Rule, Sample
from sendwright.texts import LANGUAGES, speaking, text


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
            "535 5.7.8",
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
    if sample.reply and not sample.mechanism and sample.reply[0].isdecimal() and sample.reply[1] != "9"
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
    with suppress(PasteRefused):
        understood = understand(text)
        assert understood.healthy is (not understood.matches)


@given(
    st.lists(st.sampled_from(["550", "-", " ", "5.7.1", "\n", "ECONNREFUSED", "relay", ".", "a-b", "{", '"error":']))
)
def test_no_mixture_of_what_we_look_for_breaks_it(parts: list[str]) -> None:
    assert explain_text("".join(parts))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("535 5.7.139", PasteKind.CODE),
        ("AADSTS65001", PasteKind.CODE),
        ("invalid_grant", PasteKind.CODE),
        ("one line\nand another", PasteKind.LOG),
        ("x" * 300, PasteKind.LOG),
        ('{"error": "invalid_grant"}', PasteKind.JSON),
        ('  [{"error": "invalid_grant"}]  ', PasteKind.JSON),
        ('{"error": "invalid_grant"', PasteKind.CODE),
        ("http://127.0.0.1:8400/?error=access_denied", PasteKind.URL),
        ("com.example.app:/callback?error=access_denied", PasteKind.URL),
        ("error=access_denied&state=1", PasteKind.URL),
        ("see http://127.0.0.1:8400/?error=access_denied", PasteKind.CODE),
        ("From: a@example.org\nTo: b@example.com\n\n550 No", PasteKind.REPORT),
        ("Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1", PasteKind.REPORT),
        ("Undeliverable: your invoice\n550 5.1.1", PasteKind.REPORT),
        ("<html><body>550 5.1.1</body></html>", PasteKind.CODE),
    ],
)
def test_the_form_of_a_text_is_told(text: str, kind: PasteKind) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            (
                "AUTH LOGIN\n535 5.7.3 Authentication unsuccessful\nMAIL FROM:<a@example.org>\n"
                "530 5.7.57 Client not authenticated to send mail"
            ),
            ("auth-wrong-credentials", "sign-in-required"),
        ),
        (
            "451 4.7.1 Greylisted, try again later\n550 5.1.1 User unknown",
            ("recipient-unknown", "greylisted"),
        ),
        (
            (
                "connect to mx.example.com[2001:db8::7]:25: Network is unreachable\n"
                "host mx.example.com[192.0.2.7] said: 550 5.1.1 User unknown"
            ),
            ("recipient-unknown", "network-unreachable"),
        ),
        (
            "RCPT TO:<a@example.org>\n550 5.1.1 User unknown\nDATA\n503 5.5.1 Error: need RCPT command",
            ("recipient-unknown", "no-valid-recipients"),
        ),
    ],
    ids=["cause-before-consequence", "final-before-deferred", "one-address-of-two", "what-follows-comes-last"],
)
def test_several_problems_are_told_apart_and_ranked(text: str, codes: tuple[str, ...]) -> None:
    assert tuple(match.problem.code for match in understand(text).matches) == codes


def test_a_final_refusal_that_is_not_known_is_not_explained_by_a_deferral() -> None:
    codes = [match.problem.code for match in explain_text("451 4.7.1 Greylisted\n559 5.9.9 Zork says no to mail")]
    assert codes == ["unrecognised", "greylisted"]


def test_the_other_side_s_words_belong_to_its_reply() -> None:
    matches = explain_text("host mx said: 550 5.1.1 connection timed out, connection refused, servfail")
    assert [match.problem.code for match in matches] == ["recipient-unknown"]


def test_a_program_s_summary_is_no_second_problem() -> None:
    line = "dsn=4.4.1, status=deferred (connect to mx.example.com[192.0.2.9]:25: Connection refused)"
    assert [match.problem.code for match in explain_text(line)] == ["connection-refused"]


@pytest.mark.parametrize("text", ["250 2.0.0 Ok", "235 2.7.0 Authentication successful", "status=sent (250 ok)"])
def test_a_healthy_text_has_no_problem(text: str) -> None:
    understood = understand(text)
    assert (understood.matches, understood.healthy) == ((), True)


def test_one_failure_among_successes_is_no_healthy_text() -> None:
    understood = understand("250 2.1.0 Ok\n250 2.1.5 Ok\n550 5.7.1 Relaying denied\n250 2.0.0 Ok")
    assert not understood.healthy
    assert understood.matches[0].problem.code == "relay-denied"


def test_the_numbers_of_the_other_side_s_log_are_kept_with_the_problem() -> None:
    guid = "11111111-2222-3333-4444-555555555555"
    understood = understand(
        f'{{"error":{{"code":"ErrorSendAsDenied","message":"x","innerError":{{"request-id":"{guid}"}}}}}}'
    )
    assert understood.about == (("request-id", guid),)
    assert understood.matches[0].problem.values["request_id"] == guid


def test_values_are_read_where_they_stand() -> None:
    line = "postfix/smtp[1]: 4F1C2: to=<bob@example.com>, relay=mx.example.com[192.0.2.7]:25, said: 550 5.1.1 Unknown"
    values = explain_text(line)[0].problem.values
    assert {name: values[name] for name in ("host", "port", "recipient")} == {
        "host": "mx.example.com", "port": "25", "recipient": "bob@example.com",
    }  # fmt: skip


@pytest.mark.parametrize("text", [b"550 5.1.1 User unknown", "\ufeff550 5.1.1 User unknown".encode("utf-16-le")])
def test_octets_are_read_too(text: bytes) -> None:
    assert understand(text).matches[0].problem.code == "recipient-unknown"


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("x" * (LONGEST + 1), "too-long"),
        (b"x" * (LONGEST + 1), "too-long"),
        (b"PK\x03\x04 something", "archive"),
        (b"\x1f\x8b\x08something", "archive"),
        (bytes(range(256)) * 4, "not-text"),
    ],
    ids=["long", "long-octets", "zip", "gzip", "binary"],
)
def test_what_cannot_be_read_is_refused_by_a_code_that_has_words(pasted: str | bytes, code: str) -> None:
    with pytest.raises(PasteRefused) as refused:
        understand(pasted)
    assert refused.value.code == code
    for language in LANGUAGES:
        with speaking(language):
            assert text(f"explain.refused.{code}")


@pytest.mark.parametrize(
    "piece", ["5", "550 ", "a-", "E", "550-x\n", "5.7.1 ", "self-signed certificate\n", "{", "<", "\\"]
)
def test_as_much_as_may_be_pasted_is_read_to_its_end(piece: str) -> None:
    assert understand(piece * (LONGEST // len(piece) // 4)).matches


@pytest.mark.parametrize("depth", [10, 1000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"error":', "}")])
def test_json_of_any_depth_is_read_or_passed_over(depth: int, opening: str, closing: str) -> None:
    understood = understand(opening * depth + "1" + closing * depth)
    assert understood.matches[0].problem.code == "unrecognised"


def test_a_token_that_is_refused_is_no_question_of_the_server() -> None:
    text = "AUTH XOAUTH2 x\n334 eyJzdGF0dXMiOiI0MDAifQ==\n535 5.7.8 Username and Password not accepted"
    assert explain_text(text)[0].problem.code == "oauth-token-refused"


def test_the_header_of_an_answer_says_how_long_to_wait() -> None:
    body = '{"error":{"code":"ApplicationThrottled","message":"Too many"}}'
    matches = explain_text(f"HTTP/1.1 429 Too Many Requests\nRetry-After: 37\n\n{body}")
    assert matches[0].problem.code != "unrecognised"
    assert matches[0].problem.evidence.retry_after_s == 37
    assert matches[0].problem.values["wait_s"] == "37"


def test_a_number_that_is_not_listed_makes_its_error_only_likely() -> None:
    matches = explain_text("invalid_grant: AADSTS99999999: nobody knows")
    assert {match.problem.confidence for match in matches} <= {"likely", "unknown"}


def test_a_body_in_a_log_says_more_than_the_line_it_stands_in() -> None:
    body = '{"error":"invalid_grant","error_description":"Token has been expired or revoked."}'
    matches = explain_text(f"oauth2: cannot fetch token: 400 Bad Request\nResponse: {body}")
    assert [match.problem.code for match in matches] == ["google-connection-ended"]


def test_a_json_answer_that_means_nothing_is_read_for_its_words() -> None:
    matches = explain_text('{"error": {"code": "send_failed", "message": "535 5.7.8 Authentication failed"}}')
    assert [match.problem.code for match in matches] == ["auth-wrong-credentials"]


@pytest.mark.parametrize(
    "text",
    [
        '{"error":"{\\"code\\":\\"ErrorAccessDenied\\"}"}',
        '{"status":403,"body":"{\\"error\\":{\\"code\\":\\"ErrorAccessDenied\\"}}"}',
        'POST failed: {"error":"{\\"code\\":\\"ErrorAccessDenied\\"}"}',
    ],
)
def test_json_that_was_put_into_json_is_read(text: str) -> None:
    assert [match.problem.code for match in explain_text(text)] == ["graph-access-denied"]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("AADSTS7654321: nobody knows", "microsoft-365-admin"),
        ('{"error":{"code":"ErrorOfTomorrow","message":"No"}}', "microsoft-365-admin"),
        ('{"error":{"code":403,"errors":[{"reason":"reasonOfTomorrow"}]}}', "google-workspace-admin"),
        ('{"error":{"code":"card_declined","message":"No"}}', "mail-server-admin"),
        ("599 5.9.9 The stars are not right", "mail-server-admin"),
    ],
)
def test_whom_to_ask_about_an_unknown_code_is_told_by_who_said_it(text: str, owner: str) -> None:
    (match,) = explain_text(text)
    problem = match.problem
    assert (problem.code, problem.owner, problem.confidence) == ("unrecognised", owner, "unknown")
    assert problem.retry == "after-fix"


def test_a_certificate_that_was_refused_without_a_reason_comes_after_the_reason() -> None:
    codes = [match.problem.code for match in explain_text("certificate verify failed\ncertificate has expired")]
    assert codes == ["tls-certificate-expired", "tls-certificate-refused"]
