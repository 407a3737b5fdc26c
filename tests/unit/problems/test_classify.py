"""A failure gets its name: by codes first, by words only where they refine, and always some name."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.checking import evidence_of
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence, Owner, Problem, Retry

STAGES = ["resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit", "backend", "", "?"]


def _smtp(stage: str, reply: int, enhanced: str | None = None, text: str = "", **values: str) -> Problem:
    seen = Evidence(stage=stage, system=System.SMTP, reply=reply, enhanced=enhanced, text=text, values=values)
    return classify(seen)


@pytest.mark.parametrize(
    ("enhanced", "text", "code", "owner"),
    [
        (
            "5.7.139",
            "SmtpClientAuthentication is disabled for the Tenant.",
            "smtp-auth-disabled-for-tenant",
            "exchange-admin",
        ),
        (
            "5.7.139",
            "smtpclientauthentication   is disabled for the mailbox",
            "smtp-auth-disabled-for-mailbox",
            "exchange-admin",
        ),
        ("5.7.139", "words nobody has seen before", "auth-blocked-by-organisation", "microsoft-365-admin"),
        ("5.7.139", "", "auth-blocked-by-organisation", "microsoft-365-admin"),
        ("5.7.8", "SmtpClientAuthentication is disabled for the Tenant.", "auth-wrong-credentials", "you"),
        (None, "", "auth-wrong-credentials", "you"),
    ],
)
def test_words_refine_a_code_and_never_replace_it(enhanced: str | None, text: str, code: str, owner: str) -> None:
    problem = _smtp("sign-in", 535, enhanced, text)
    assert (problem.code, problem.owner) == (code, owner)


def test_the_same_words_with_another_code_mean_another_retry() -> None:
    words = "Relay access denied"
    assert _smtp("recipient", 554, "5.7.1", words).retry is Retry.AFTER_FIX
    assert _smtp("recipient", 454, "4.7.1", words).retry is Retry.LATER


@pytest.mark.parametrize(
    ("reply", "enhanced", "text", "code"),
    [
        (550, "5.7.1", "Service unavailable; client blocked", "server-not-accepting"),
        (554, "5.7.1", "no", "server-not-accepting"),
        (550, "5.7.1", "<desktop>: Helo command rejected: Access denied", "client-name-refused"),
        (504, "5.5.2", "need fully-qualified hostname", "client-name-refused"),
    ],
)
def test_a_refused_greeting_blames_our_name_only_where_the_server_does(
    reply: int, enhanced: str, text: str, code: str
) -> None:
    problem = _smtp("greet", reply, enhanced, text)
    assert problem.code == code
    assert (problem.owner is Owner.PLATFORM_VENDOR) is (code == "client-name-refused")


def test_the_stage_tells_what_a_bare_code_means() -> None:
    codes = {stage: _smtp(stage, 552).code for stage in ("sender", "recipient", "submit")}
    assert codes == {
        "sender": "message-too-large",
        "recipient": "recipient-mailbox-full",
        "submit": "message-too-large",
    }


def test_google_and_microsoft_use_one_code_differently() -> None:
    assert _smtp("sign-in", 550, "5.7.30").code == "basic-auth-retired"
    assert _smtp("submit", 550, "5.7.30").code == "authentication-checks-failed"
    assert _smtp("submit", 550, "5.7.30", "Basic authentication is not supported").code == "basic-auth-retired"


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "xoauth2", "OAUTHBEARER"])
def test_a_refused_token_is_no_wrong_password(mechanism: str) -> None:
    assert _smtp("sign-in", 535, "5.7.8", mechanism=mechanism).code == "oauth-token-refused"
    assert _smtp("sign-in", 535, "5.7.8", mechanism="PLAIN").code == "auth-wrong-credentials"


@pytest.mark.parametrize(
    ("system", "stage", "condition", "errno", "code"),
    [
        (System.SOCKET, "connect", "connection-refused", "ECONNREFUSED", "connection-refused"),
        (System.SOCKET, "connect", "connection-timed-out", None, "connection-timed-out"),
        (System.SOCKET, "recipient", "connection-timed-out", None, "answer-timed-out"),
        (System.SOCKET, "backend", "connection-refused", "ECONNREFUSED", "backend-unreachable"),
        (System.DNS, "resolve", "dns-name-not-found", None, "dns-name-not-found"),
        (System.DNS, "backend", "dns-name-not-found", None, "backend-unreachable"),
        (System.KEYCHAIN, "sign-in", "keychain-locked", None, "keychain-locked"),
        (System.KEYCHAIN, "sign-in", "locked", None, "keychain-locked"),
        (System.SMTP, "greet", "nonsense-reply", None, "not-an-smtp-server"),
        (System.SMTP, "sender", "nonsense-reply", None, "answer-not-understood"),
        (System.SMTP, "greet", "no-greeting", None, "answer-timed-out"),
        (System.TLS, "secure", "tls-authority-invalid", None, "tls-authority-invalid"),
        (System.TLS, "secure", "tls-certificate-refused", None, "tls-certificate-refused"),
        (System.HTTP, "discover", "something-new", None, "unrecognised"),
    ],
)
def test_what_we_observe_ourselves_has_a_name(
    system: System, stage: str, condition: str, errno: str | None, code: str
) -> None:
    seen = Evidence(stage=stage, system=system, condition=condition, errno=errno)
    assert classify(seen).code == code


@pytest.mark.parametrize("system", [System.SOCKET, System.TLS, System.SMTP, System.BACKEND, System.HTTP])
def test_a_lost_answer_beats_everything_else(system: System) -> None:
    seen = Evidence(
        stage="submit", system=system, condition="connection-dropped", errno="ECONNRESET", perhaps_sent=True
    )
    problem = classify(seen)
    assert (problem.code, problem.retry) == ("message-perhaps-sent", Retry.LATER)


@pytest.mark.parametrize(
    ("http", "reason", "code"),
    [
        (401, None, "backend-refused-token"),
        (409, "backend-code-used", "backend-code-used"),
        (410, "backend-code-expired", "backend-code-expired"),
        (403, "backend-code-unknown", "backend-code-unknown"),
        (507, "storage-full", "backend-storage-full"),
        (412, "backend-changed-meanwhile", "backend-conflict"),
        (404, None, "backend-not-recognised"),
        (404, "backend-not-found", "backend-not-found"),
        (500, "backend-fault", "backend-fault"),
        (503, "a-reason-of-the-future", "backend-busy"),
        (418, None, "unrecognised"),
    ],
)
def test_the_reason_of_a_backend_goes_before_its_status(http: int, reason: str | None, code: str) -> None:
    seen = Evidence(stage="backend", system=System.BACKEND, http=http, reason=reason)
    assert classify(seen).code == code


def test_an_unknown_reply_is_unrecognised_and_its_class_decides_about_another_try() -> None:
    later, never = _smtp("submit", 499), _smtp("submit", 599)
    assert (later.code, later.retry) == ("unrecognised", Retry.LATER)
    assert (never.code, never.retry) == ("unrecognised", Retry.AFTER_FIX)
    assert later.confidence is never.confidence is Confidence.UNKNOWN
    assert later.owner is Owner.MAIL_SERVER_ADMIN


def test_values_are_those_that_were_seen_and_those_that_follow() -> None:
    seen = Evidence(
        stage="greet",
        system=System.SMTP,
        condition="wrong-security-mode",
        values={"host": "mail.example.org", "security": "starttls", "stage": "their own"},
    )
    values = classify(seen).values
    assert values["other_security"] == "tls"
    assert values["code"] == "wrong-security-mode"
    assert values["stage"] == "their own"


def test_a_name_of_the_certificate_is_proposed_that_is_no_wildcard() -> None:
    names = "*.example.net, mail.example.net, smtp.example.net"
    seen = Evidence(stage="secure", system=System.TLS, verify=62, values={"names": names})
    assert classify(seen).values["other_host"] == "mail.example.net"
    assert "other_host" not in classify(Evidence(stage="secure", system=System.TLS, verify=62)).values


@pytest.mark.parametrize(
    ("asked", "seconds", "minutes"),
    [
        (None, "300", "5"),
        (0.0, "300", "5"),
        (61.5, "62", "2"),
        (math.inf, "300", "5"),
        (math.nan, "300", "5"),
        (-5, "300", "5"),
    ],
)
def test_the_time_to_wait_is_what_the_server_asked_for_or_usual(
    asked: float | None, seconds: str, minutes: str
) -> None:
    seen = Evidence(stage="recipient", system=System.SMTP, reply=450, text="Greylisted", retry_after_s=asked)
    values = classify(seen).values
    assert (values["wait_s"], values["wait_minutes"]) == (seconds, minutes)


evidences = st.builds(
    Evidence,
    stage=st.sampled_from(STAGES) | st.text(),
    system=st.sampled_from(System),
    condition=st.none() | st.sampled_from(sorted(load().definitions)) | st.text(),
    reply=st.none() | st.integers(-1, 1000),
    enhanced=st.none() | st.from_regex(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True) | st.text(),
    verify=st.none() | st.integers(),
    errno=st.none() | st.sampled_from(["ECONNREFUSED", "ETIMEDOUT", "EPIPE"]) | st.text(),
    http=st.none() | st.integers(),
    reason=st.none() | st.text(),
    text=st.text(),
    values=st.dictionaries(
        st.sampled_from(["host", "security", "names", "mechanism", "key", "count"]) | st.text(), st.text()
    ),
    perhaps_sent=st.booleans(),
    retry_after_s=st.none() | st.floats(),
)


@given(evidences)
def test_every_failure_gets_a_name_that_exists(evidence: Evidence) -> None:
    problem = classify(evidence)
    assert problem.code in load().definitions
    assert problem.evidence is evidence


@given(
    st.sampled_from(STAGES[2:8]),
    st.integers(400, 599),
    st.none() | st.from_regex(r"[45]\.[0-9]\.[0-9]{1,3}", fullmatch=True),
    st.text(),
)
def test_no_sentence_changes_whether_another_try_makes_sense(
    stage: str, reply: int, enhanced: str | None, text: str
) -> None:
    automatic = {Retry.NOW, Retry.LATER}
    silent = _smtp(stage, reply, enhanced).retry in automatic
    assert (_smtp(stage, reply, enhanced, text).retry in automatic) == silent


@pytest.mark.parametrize("reply", range(400, 600))
@pytest.mark.parametrize("stage", ["sign-in", "sender", "recipient", "submit"])
def test_no_phrase_of_the_dictionary_changes_it_either(stage: str, reply: int) -> None:
    automatic = {Retry.NOW, Retry.LATER}
    silent = _smtp(stage, reply).retry in automatic
    phrases = {words for rules in load().rules.values() for rule in rules for words in rule.words}
    for phrase in phrases:
        problem = _smtp(stage, reply, None, phrase)
        assert (problem.retry in automatic) == silent, phrase


def test_what_a_rule_says_of_owner_retry_remedies_and_page_comes_before_what_the_problem_says() -> None:
    dictionary = load()
    seen = set()
    for rule in (rule for rules in dictionary.rules.values() for rule in rules):
        definition = dictionary.definitions[rule.problem]
        for sample in rule.samples:
            problem = classify(evidence_of(rule, sample))
            assert problem.code == rule.problem
            for name in ("owner", "retry", "confidence", "remedies", "learn_more"):
                own = getattr(rule, name)
                expected = getattr(definition, name) if own is None else own
                assert getattr(problem, name) == expected, (rule.problem, name)
                seen.add((name, own is None))
    assert {name for name, usual in seen if not usual} >= {"owner", "retry", "confidence", "remedies"}
