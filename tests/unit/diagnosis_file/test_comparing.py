"""Two diagnoses side by side: what appeared, what went, what only looks different."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.diagnosis_file.made import HOST, NOON, diagnosis, expired, packed, stages, wrong_password

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file import Change, Changed, DiagnosisFile, compare, unpack
from sendwright.diagnosis_file.wording import told_change
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.texts import LANGUAGES, speaking

LATER = NOON + timedelta(days=1)
CERTIFICATE = {
    "subject": "CN=mail.example.org",
    "issuer": "CN=Authority",
    "names": [HOST],
    "not_before": "2026-01-01T00:00:00Z",
    "not_after": "2026-12-31T00:00:00Z",
    "fingerprint": "AA:01",
}
RENEWED = {**CERTIFICATE, "fingerprint": "BB:02", "not_after": "2027-12-31T00:00:00Z"}


def later(file: DiagnosisFile, **changed: object) -> DiagnosisFile:
    return msgspec.structs.replace(file, made_at=LATER, **changed)


def changes(former: DiagnosisFile, latter: DiagnosisFile) -> list[tuple[str, str, str, str]]:
    found = compare(former, latter).changes
    return [(change.kind.value, change.name, change.former, change.latter) for change in found]


def secured(certificate: dict[str, object]) -> DiagnosisFile:
    return diagnosis(stages=stages(secure={"version": "TLSv1.3", "chain": [certificate, CERTIFICATE]}))


@pytest.mark.parametrize("problem", [None, wrong_password(), expired()])
def test_nothing_changes_between_a_file_and_itself_but_that_its_problem_lasts(problem: object) -> None:
    file = diagnosis(problem)
    found = changes(file, later(file))
    assert found == ([] if problem is None else [("problem-lasts", problem.code, *[problem.evidence.code] * 2)])


def test_a_problem_that_appeared_is_told_with_the_stage_it_stopped() -> None:
    found = changes(diagnosis(), later(diagnosis(wrong_password())))
    assert found[0] == ("problem-appeared", "auth-wrong-credentials", "", "535 5.7.8")
    assert found[1:] == [("stage", "sign-in", "passed", "failed")]  # what follows a failure follows from it


def test_the_stages_behind_a_failure_are_no_change_when_it_is_gone_either() -> None:
    found = changes(diagnosis(expired()), later(diagnosis()))
    assert [change[:2] for change in found] == [("problem-gone", "tls-certificate-expired"), ("stage", "secure")]


def test_a_stage_that_nobody_tried_is_told_where_nothing_failed() -> None:
    tried = diagnosis(stages=stages()[:4])
    assert changes(diagnosis(), later(tried)) == [
        ("stage", name, "passed", "not-reached") for name in ("sign-in", "sender", "recipient", "submit")
    ]
    assert changes(diagnosis(stages=()), later(diagnosis())) == []


def test_a_problem_whose_stage_was_not_reached_again_is_not_said_to_be_gone() -> None:
    refused = classify(Evidence(stage="connect", system=System.SOCKET, errno="ECONNREFUSED", values={"host": HOST}))
    found = changes(diagnosis(wrong_password()), later(diagnosis(refused)))
    assert found == [
        ("problem-appeared", "connection-refused", "", "ECONNREFUSED"),
        ("problem-unseen", "auth-wrong-credentials", "535 5.7.8", ""),
        ("stage", "connect", "passed", "failed"),
    ]
    assert changes(diagnosis(refused), later(diagnosis(wrong_password())))[1][0] == "problem-gone"


@pytest.mark.parametrize(
    ("former", "latter"),
    [
        (
            "mail.example.org ESMTP Postfix; Fri, 20 Nov 2026 12:00:00 +0000 (UTC)",
            "mail.example.org ESMTP Postfix; Sat, 21 Nov 2026 08:13:59 +0000 (UTC)",
        ),
        ("smtp.example.com ESMTP 4fb4d7f45d1cf-5c4 - gsmtp", "smtp.example.com ESMTP a640c23a62f3a-ab7 - gsmtp"),
        (
            "AM0PR01CA0123.outlook.example.com Microsoft ESMTP MAIL Service ready [08DE1F]",
            "DB9PR02CA0456.outlook.example.com Microsoft ESMTP MAIL Service ready [09AB3C]",
        ),
    ],
)
def test_times_and_numbers_in_a_greeting_are_no_change(former: str, latter: str) -> None:
    one, other = (diagnosis(stages=stages(greet={"greeting": words})) for words in (former, latter))
    assert changes(one, later(other)) == []


@pytest.mark.parametrize(
    ("former", "latter"),
    [
        ("mail.example.org ESMTP Exim 4.96", "mail.example.org ESMTP Exim 4.98.2"),
        ("mail.example.org ESMTP Postfix", "filter.example.net ESMTP Postfix"),
        ("mail.example.org ESMTP Postfix", "mail.example.org ESMTP ready"),
        ("mail.example.org ESMTP Postfix", "********************"),
    ],
)
def test_another_server_or_release_behind_a_greeting_is_told(former: str, latter: str) -> None:
    one, other = (diagnosis(stages=stages(greet={"greeting": words})) for words in (former, latter))
    assert changes(one, later(other)) == [("greeting", "", former, latter)]


@pytest.mark.parametrize(("former", "latter", "told"), [("0", "2", 0), ("", "3", 0), ("1", "7200", 1), ("x", "1", 1)])
def test_only_a_clock_that_really_moved_is_told(former: str, latter: str, told: int) -> None:
    one, other = (diagnosis(environment={"clock_deviation_s": value}) for value in (former, latter))
    assert len(changes(one, later(other))) == told


def test_a_problem_that_went_is_told() -> None:
    found = changes(diagnosis(wrong_password()), later(diagnosis()))
    assert found[0] == ("problem-gone", "auth-wrong-credentials", "535 5.7.8", "")
    assert ("stage", "sign-in", "failed", "passed") in found


def test_one_problem_may_take_the_place_of_another() -> None:
    found = changes(diagnosis(wrong_password()), later(diagnosis(expired())))
    kinds = [(kind, name) for kind, name, _, _ in found if kind.startswith("problem")]
    assert kinds == [("problem-appeared", "tls-certificate-expired"), ("problem-unseen", "auth-wrong-credentials")]


def test_a_problem_of_a_stage_counts_although_the_file_does_not_list_it() -> None:
    file = msgspec.structs.replace(diagnosis(wrong_password()), problems=())
    assert changes(diagnosis(), later(file))[0][:2] == ("problem-appeared", "auth-wrong-credentials")


def test_the_later_one_is_the_latter_whichever_was_named_first() -> None:
    former, latter = diagnosis(), later(diagnosis(wrong_password()))
    assert compare(former, latter) == compare(latter, former)
    assert (compare(latter, former).former_at, compare(latter, former).latter_at) == (NOON, LATER)


def test_of_the_same_moment_the_first_named_is_the_former() -> None:
    assert compare(diagnosis(), diagnosis(wrong_password())).changes[0].kind is Changed.PROBLEM_APPEARED
    assert compare(diagnosis(wrong_password()), diagnosis()).changes[0].kind is Changed.PROBLEM_GONE


def test_a_renewed_certificate_is_told_field_by_field() -> None:
    assert changes(secured(CERTIFICATE), later(secured(RENEWED))) == [
        ("certificate", "fingerprint", "AA:01", "BB:02"),
        ("certificate", "not_after", "2026-12-31T00:00:00Z", "2027-12-31T00:00:00Z"),
    ]


def test_the_certificate_of_a_failure_is_compared_too() -> None:
    values = {name: value for name, value in RENEWED.items() if isinstance(value, str)}
    problem = classify(Evidence(stage="secure", system=System.TLS, verify=10, values={**values, "names": HOST}))
    found = changes(secured(CERTIFICATE), later(diagnosis(problem)))
    assert ("certificate", "fingerprint", "AA:01", "BB:02") in found
    assert ("certificate", "names", HOST, HOST) not in found


@pytest.mark.parametrize("seen", [{}, {"chain": []}, {"chain": ["x"]}, {"chain": "x"}, {"chain": [{"subject": "y"}]}])
def test_a_certificate_that_was_not_seen_is_no_change(seen: dict[str, object]) -> None:
    other = diagnosis(stages=stages(secure=seen))
    assert changes(secured(CERTIFICATE), later(other)) == []
    assert changes(other, later(secured(CERTIFICATE))) == []


def test_other_addresses_and_another_greeting_are_told() -> None:
    file = diagnosis(stages=stages(resolve={"addresses": ["192.0.2.9", "192.0.2.1"]}, greet={"greeting": "hello"}))
    assert changes(diagnosis(), later(file)) == [
        ("addresses", "", "192.0.2.1", "192.0.2.1, 192.0.2.9"),
        ("greeting", "", f"{HOST} ESMTP", "hello"),
    ]


@pytest.mark.parametrize(
    ("resolved", "greeted"),
    [({"addresses": ["192.0.2.1"]}, {}), ({}, {}), ({"addresses": "x"}, {"greeting": 5}), ({"addresses": []}, {})],
)
def test_what_one_of_them_did_not_see_is_no_change(resolved: dict[str, object], greeted: dict[str, object]) -> None:
    file = diagnosis(stages=stages(resolve=resolved, greet=greeted))
    assert changes(diagnosis(), later(file)) == []


def test_addresses_in_another_order_are_the_same() -> None:
    one, other = (
        diagnosis(stages=stages(resolve={"addresses": found})) for found in (["192.0.2.1", "::1"], ["::1", "192.0.2.1"])
    )
    assert changes(one, later(other)) == []


def test_another_computer_program_and_server_are_told() -> None:
    other = later(
        diagnosis(),
        program="0.2.0",
        environment={"system": "Windows 11", "proxy": "https through http"},
        subject={"kind": "smtp", "host": HOST, "port": 465, "security": "tls"},
    )
    assert changes(diagnosis(), other) == [
        ("subject", "port", "587", "465"),
        ("subject", "security", "starttls", "tls"),
        ("program", "", "0.1.0", "0.2.0"),
        ("environment", "system", "Linux 6.1", "Windows 11"),
        ("environment", "python", "3.11.7", ""),
        ("environment", "proxy", "", "https through http"),
    ]


def test_a_comparison_of_opened_files_is_that_of_what_was_saved() -> None:
    former, latter = diagnosis(), later(diagnosis(wrong_password()))
    assert compare(unpack(packed(former)), unpack(packed(latter))) == compare(former, latter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_has_words(language: str) -> None:
    former = secured(CERTIFICATE)
    latter = later(
        diagnosis(wrong_password()),
        program="0.2.0",
        environment={"weather": "rain"},
        subject={"host": "other.example.org", "odd": 1},
    )
    found = [
        *compare(former, latter).changes,
        *compare(secured(CERTIFICATE), later(secured(RENEWED))).changes,
        Change(kind=Changed.GREETING, former="a"),
        Change(kind=Changed.ADDRESSES, latter="b"),
        *compare(diagnosis(expired()), later(diagnosis())).changes[:1],
        *compare(diagnosis(wrong_password()), later(diagnosis(expired()))).changes[:2],
        *compare(diagnosis(expired()), later(diagnosis(expired()))).changes[:1],
    ]
    assert {change.kind for change in found} == set(Changed)
    with speaking(language):
        for change in found:
            words = told_change(change)
            assert words
            assert "{" not in words


def test_the_words_name_stage_and_verdicts_as_the_person_knows_them() -> None:
    change = Change(kind=Changed.STAGE, name="sign-in", former="passed", latter="failed")
    unknown = Change(kind=Changed.STAGE, name="from-the-future", former="passed", latter="failed")
    with speaking("en"):
        assert told_change(change) == "Sign in: fine before, problem now"
        assert told_change(unknown) == "from-the-future: fine before, problem now"


VERDICTS = st.sampled_from(list(Verdict))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["resolve", "connect", "greet"]), VERDICTS), VERDICTS)
def test_stages_that_differ_are_told_unless_a_failure_hid_them(verdicts: dict[str, Verdict], other: Verdict) -> None:
    one = diagnosis(stages=tuple(StageResult(id=stage, verdict=verdict) for stage, verdict in verdicts.items()))
    two = diagnosis(stages=tuple(StageResult(id=stage, verdict=other) for stage in verdicts))
    told = {name for kind, name, _, _ in changes(one, later(two)) if kind == "stage"}
    stopped = Verdict.FAILED in verdicts.values()
    hidden = {stage for stage, verdict in verdicts.items() if stopped and verdict is Verdict.NOT_REACHED}
    assert told == {stage for stage, verdict in verdicts.items() if verdict is not other} - hidden
