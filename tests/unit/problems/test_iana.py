"""Every enhanced status code of the IANA registry has a name, and says who acts, when to try again, and whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Confidence, Finality, Problem, Retry

ONLY_SUCCESS = {(1, 5), (3, 6)}
"""X.1.5, destination address valid, and X.3.6, requested priority was changed: never a failure."""

# Subject and detail; problem, owner, retry and side of the 5.x form; problem of the 4.x form where it is another.
REGISTRY = [
    ((0, 0), "refused-without-reason", "mail-server-admin", "after-fix", "unknown", ""),
    ((1, 0), "address-not-accepted", "you", "after-fix", "unknown", ""),
    ((1, 1), "recipient-unknown", "you", "after-fix", "ours", ""),
    ((1, 2), "recipient-domain-not-found", "you", "after-fix", "ours", ""),
    ((1, 3), "recipient-address-invalid", "you", "after-fix", "ours", ""),
    ((1, 4), "recipient-ambiguous", "recipient", "after-fix", "theirs", ""),
    ((1, 6), "recipient-unknown", "you", "after-fix", "ours", ""),
    ((1, 7), "sender-address-invalid", "you", "after-fix", "ours", ""),
    ((1, 8), "sender-domain-unresolvable", "dns-admin", "after-fix", "ours", ""),
    ((1, 9), "server-lacks-feature", "mail-server-admin", "after-fix", "unknown", ""),
    ((1, 10), "recipient-takes-no-mail", "recipient", "after-fix", "theirs", ""),
    ((2, 0), "recipient-mailbox-fault", "recipient", "after-fix", "theirs", ""),
    ((2, 1), "recipient-takes-no-mail", "recipient", "after-fix", "theirs", ""),
    ((2, 2), "recipient-mailbox-full", "recipient", "after-fix", "theirs", ""),
    ((2, 3), "message-too-large", "you", "after-fix", "ours", ""),
    ((2, 4), "mailing-list-broken", "recipient", "after-fix", "theirs", ""),
    ((3, 0), "server-fault", "mail-server-admin", "after-fix", "unknown", "server-busy"),
    ((3, 1), "server-storage-full", "mail-server-admin", "after-fix", "ours", ""),
    ((3, 2), "server-not-accepting", "mail-server-admin", "after-fix", "unknown", "server-busy"),
    ((3, 3), "server-lacks-feature", "mail-server-admin", "after-fix", "unknown", ""),
    ((3, 4), "message-too-large", "you", "after-fix", "ours", ""),
    ((3, 5), "server-misconfigured", "mail-server-admin", "after-fix", "ours", ""),
    ((4, 0), "delivery-server-unreachable", "mail-server-admin", "after-fix", "unknown", ""),
    ((4, 2), "delivery-server-unreachable", "mail-server-admin", "after-fix", "unknown", ""),
    ((4, 3), "server-lookup-failed", "mail-server-admin", "after-fix", "unknown", ""),
    ((4, 4), "recipient-domain-not-found", "you", "after-fix", "ours", ""),
    ((4, 5), "sending-limit-reached", "nobody", "later", "ours", "server-busy"),
    ((4, 6), "mail-loop", "mail-server-admin", "after-fix", "unknown", ""),
    ((4, 7), "delivery-expired", "mail-server-admin", "later", "unknown", ""),
    ((5, 0), "protocol-error", "platform-vendor", "after-fix", "ours", ""),
    ((5, 1), "protocol-error", "platform-vendor", "after-fix", "ours", ""),
    ((5, 2), "protocol-error", "platform-vendor", "after-fix", "ours", ""),
    ((5, 3), "too-many-recipients", "you", "after-fix", "ours", ""),
    ((5, 4), "protocol-error", "platform-vendor", "after-fix", "ours", ""),
    ((5, 5), "protocol-error", "platform-vendor", "after-fix", "ours", ""),
    ((5, 6), "sign-in-line-too-long", "mail-server-admin", "after-fix", "ours", "protocol-error"),
    ((6, 0), "message-malformed", "platform-vendor", "after-fix", "ours", ""),
    ((6, 1), "content-not-transportable", "platform-vendor", "after-fix", "unknown", ""),
    ((6, 2), "content-not-transportable", "platform-vendor", "after-fix", "unknown", ""),
    ((6, 3), "content-not-transportable", "platform-vendor", "after-fix", "unknown", ""),
    ((6, 4), "content-not-transportable", "platform-vendor", "after-fix", "unknown", ""),
    ((6, 5), "content-not-transportable", "platform-vendor", "after-fix", "unknown", ""),
    ((6, 6), "content-not-available", "platform-vendor", "after-fix", "ours", ""),
    ((6, 7), "smtputf8-not-offered", "mail-server-admin", "after-fix", "ours", ""),
    ((6, 8), "smtputf8-not-offered", "mail-server-admin", "after-fix", "ours", ""),
    ((6, 9), "smtputf8-not-offered", "mail-server-admin", "after-fix", "ours", ""),
    ((6, 10), "smtputf8-not-offered", "mail-server-admin", "after-fix", "ours", ""),
    ((7, 0), "rejected-by-policy", "mail-server-admin", "after-fix", "unknown", "server-busy"),
    ((7, 1), "rejected-by-policy", "mail-server-admin", "after-fix", "unknown", "server-busy"),
    ((7, 2), "recipient-restricts-senders", "recipient", "after-fix", "theirs", ""),
    ((7, 3), "message-protection-failed", "mail-server-admin", "after-fix", "unknown", ""),
    ((7, 4), "auth-mechanism-unsupported", "mail-server-admin", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 5), "message-protection-failed", "mail-server-admin", "after-fix", "unknown", ""),
    ((7, 6), "message-protection-failed", "mail-server-admin", "after-fix", "unknown", ""),
    ((7, 7), "message-protection-failed", "mail-server-admin", "after-fix", "unknown", ""),
    ((7, 8), "auth-wrong-credentials", "you", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 9), "auth-mechanism-unsupported", "mail-server-admin", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 10), "encryption-required", "you", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 11), "encryption-required", "you", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 13), "auth-account-disabled", "mail-server-admin", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 14), "trust-relationship-required", "mail-server-admin", "after-fix", "ours", "auth-temporarily-refused"),
    ((7, 15), "priority-refused", "platform-vendor", "after-fix", "ours", ""),
    ((7, 16), "priority-refused", "platform-vendor", "after-fix", "ours", ""),
    ((7, 17), "address-owner-changed", "you", "after-fix", "ours", ""),
    ((7, 18), "address-owner-changed", "you", "after-fix", "ours", ""),
    ((7, 19), "address-owner-changed", "you", "after-fix", "ours", ""),
    ((7, 20), "authentication-checks-failed", "dns-admin", "after-fix", "ours", ""),
    ((7, 21), "authentication-checks-failed", "dns-admin", "after-fix", "ours", ""),
    ((7, 22), "authentication-checks-failed", "dns-admin", "after-fix", "ours", ""),
    ((7, 23), "authentication-checks-failed", "dns-admin", "after-fix", "ours", "reverse-dns-missing"),
    ((7, 24), "authentication-checks-failed", "dns-admin", "after-fix", "ours", ""),
    ((7, 25), "reverse-dns-missing", "mail-server-admin", "after-fix", "ours", ""),
    ((7, 26), "authentication-checks-failed", "dns-admin", "after-fix", "ours", ""),
    ((7, 27), "authentication-checks-failed", "dns-admin", "after-fix", "ours", ""),
    ((7, 28), "rejected-as-spam", "mail-server-admin", "after-fix", "ours", "throttled-for-reputation"),
    ((7, 29), "forwarding-seal-broken", "mail-server-admin", "after-fix", "unknown", "delivery-without-tls"),
    ((7, 30), "requiretls-unsupported", "mail-server-admin", "after-fix", "unknown", "authentication-checks-failed"),
]  # fmt: skip

# What the registry says with a reply of its own, and only in one of the two forms.
WITH_REPLY = [
    ("recipient", 450, "4.2.4", "mailing-list-broken", "recipient", "later", "theirs"),
    ("sender", 452, "4.3.1", "server-storage-full", "mail-server-admin", "later", "ours"),
    ("greet", 521, "5.3.2", "server-not-accepting", "mail-server-admin", "after-fix", "theirs"),
    ("recipient", 451, "4.7.1", "greylisted", "nobody", "later", "theirs"),
    ("submit", 421, "4.4.2", "connection-dropped", "mail-server-admin", "later", "ours"),
    ("submit", 451, "4.4.1", "delivery-server-unreachable", "mail-server-admin", "later", "unknown"),
    ("sign-in", 500, "5.5.6", "sign-in-line-too-long", "mail-server-admin", "after-fix", "ours"),
    ("sign-in", 432, "4.7.12", "password-transition-needed", "you", "later", "ours"),
    ("sign-in", 504, "5.7.4", "auth-mechanism-unsupported", "mail-server-admin", "after-fix", "ours"),
    ("sign-in", 535, "5.7.3", "auth-wrong-credentials", "you", "after-fix", "ours"),
    ("sign-in", 535, "5.7.8", "auth-wrong-credentials", "you", "after-fix", "ours"),
    ("sign-in", 534, "5.7.9", "auth-mechanism-unsupported", "mail-server-admin", "after-fix", "ours"),
    ("sign-in", 534, "5.7.14", "auth-web-sign-in-required", "mailbox-owner", "after-fix", "ours"),
    ("sign-in", 535, "5.7.14", "trust-relationship-required", "mail-server-admin", "after-fix", "ours"),
    ("sender", 530, "5.5.1", "sign-in-required", "you", "after-fix", "ours"),
    ("sender", 530, "5.7.0", "sign-in-required", "you", "after-fix", "ours"),
    ("submit", 554, "5.1.0", "address-not-accepted", "you", "after-fix", "unknown"),
    ("recipient", 450, "4.2.2", "recipient-mailbox-full", "recipient", "later", "theirs"),
    ("recipient", 452, "4.5.3", "too-many-recipients", "you", "later", "ours"),
    ("submit", 550, "5.7.30", "authentication-checks-failed", "dns-admin", "after-fix", "ours"),
]


def of(enhanced: str, *, reply: int | None = None, stage: str = "", text: str = "") -> Problem:
    return classify(Evidence(stage=stage, system=System.SMTP, reply=reply, enhanced=enhanced, text=text))


def _name(row: tuple[tuple[int, int], str, str, str, str, str]) -> str:
    return f"X.{row[0][0]}.{row[0][1]}"


@pytest.mark.parametrize("row", REGISTRY, ids=_name)
def test_a_permanent_code_alone_names_the_problem(row: tuple[tuple[int, int], str, str, str, str, str]) -> None:
    (subject, detail), code, owner, retry, side, _ = row
    problem = of(f"5.{subject}.{detail}")
    assert (problem.code, problem.owner, problem.retry, problem.side) == (code, owner, retry, side)
    assert problem.finality is Finality.FINAL
    assert problem.confidence is not Confidence.UNKNOWN


@pytest.mark.parametrize("row", REGISTRY, ids=_name)
def test_the_temporary_form_asks_to_try_again(row: tuple[tuple[int, int], str, str, str, str, str]) -> None:
    (subject, detail), permanent, owner, _, _, temporary = row
    problem = of(f"4.{subject}.{detail}")
    assert problem.code == (temporary or permanent)
    assert problem.retry in {Retry.NOW, Retry.LATER}
    assert problem.finality is Finality.DEFERRED
    assert temporary or problem.owner == owner


@pytest.mark.parametrize("row", WITH_REPLY, ids=str)
def test_a_reply_with_its_code_names_the_problem(row: tuple[str, int, str, str, str, str, str]) -> None:
    stage, reply, enhanced, *expected = row
    problem = of(enhanced, reply=reply, stage=stage)
    assert [problem.code, problem.owner, problem.retry, problem.side] == expected


def test_the_registry_is_complete_up_to_the_newest_code() -> None:
    highest = {0: 0, 1: 10, 2: 4, 3: 6, 4: 7, 5: 6, 6: 10, 7: 30}
    registered = {(subject, detail) for subject, last in highest.items() for detail in range(last + 1)}
    here = {row[0] for row in REGISTRY}
    elsewhere = {(4, 1), (7, 12)}
    assert here | elsewhere | ONLY_SUCCESS == registered
    assert len(here) == len(REGISTRY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("No answer from host", "delivery-server-unreachable"),
        ("Recipient address rejected: Access denied", "recipient-unknown"),
    ],
)
def test_one_code_that_registry_and_exchange_use_differently_is_told_by_its_words(text: str, code: str) -> None:
    assert of("5.4.1", reply=550, stage="recipient", text=text).code == code
    assert of("4.4.1").code == "delivery-server-unreachable"


@pytest.mark.parametrize(
    ("enhanced", "text", "code"),
    [
        ("5.7.27", "Sender address has null MX", "sender-takes-no-mail"),
        ("5.7.27", "SPF authentication didn't pass", "authentication-checks-failed"),
        ("5.7.29", "ARC validation failure", "forwarding-seal-broken"),
        ("5.7.29", "this message wasn't sent over a TLS connection", "delivery-without-tls"),
        ("4.4.8", "Retry on IPv4", "ipv6-sending-refused"),
    ],
)
def test_where_google_uses_a_code_in_its_own_way_the_words_tell(enhanced: str, text: str, code: str) -> None:
    assert of(enhanced, text=text).code == code


@pytest.mark.parametrize("row", REGISTRY, ids=_name)
def test_each_is_explained_without_a_gap(row: tuple[tuple[int, int], str, str, str, str, str]) -> None:
    explained = explain(of(f"5.{row[0][0]}.{row[0][1]}"))
    assert explained.title
    assert explained.why
    assert explained.verify.text
    assert explained.standing


def test_only_codes_that_nobody_registered_are_unrecognised() -> None:
    assert of("5.9.9").code == UNRECOGNISED
    assert of("4.9.9").code == UNRECOGNISED
    assert of("4.9.9", reply=450, stage="sign-out").retry is Retry.LATER


@given(
    st.sampled_from([row[0] for row in REGISTRY]),
    st.sampled_from(["", "sign-in", "sender", "recipient", "submit"]),
    st.sampled_from([None, 450, 451, 452, 500, 501, 503, 550, 552, 553, 554]),
)
def test_at_no_stage_does_a_registered_code_lose_its_meaning(
    place: tuple[int, int], stage: str, reply: int | None
) -> None:
    digit = 4 if reply is not None and reply < 500 else 5
    problem = of(f"{digit}.{place[0]}.{place[1]}", reply=reply, stage=stage)
    assert problem.code in load().definitions
    assert problem.code != UNRECOGNISED
