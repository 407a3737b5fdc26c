"""What Microsoft's sign-in answers gets its name, its owner and its advice."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import UNKNOWN, explain
from sendwright.problems.pasted import explain_text
from sendwright.problems.problem import Confidence, Finality, Owner, Problem, RemedyKind, Retry, Side
from sendwright.texts import LANGUAGES, speaking, text

ANSWERS = tomllib.loads((Path(__file__).parents[2] / "explanations" / "entra.toml").read_text(encoding="utf-8"))[
    "answer"
]
RULES = load().rules[System.ENTRA]
NUMBERS = [number for rule in RULES for number in rule.numbers if not rule.words]
BY_WORDS = {70002, 50012}
"""Numbers that begin messages of many kinds, so that the words have to tell which."""

ADMIN, VENDOR, YOU = "microsoft-365-admin", "platform-vendor", "you"

EXPECTED = {
    ("consent-needs-admin", ADMIN, "after-fix"): {90093, 90094, 90095},
    ("consent-missing", YOU, "after-fix"): {65001, 9002341},
    ("consent-declined", YOU, "after-fix"): {65004},
    ("application-not-in-tenant", ADMIN, "after-fix"): {70001, 700011, 700016, 7000229},
    ("partner-needs-customer-consent", ADMIN, "after-fix"): {90099},
    ("application-disabled", ADMIN, "after-fix"): {1000031, 7000112},
    ("application-assignment-required", ADMIN, "after-fix"): {50105},
    ("service-missing-in-tenant", ADMIN, "after-fix"): {50001, 500011, 500014, 650052, 650054},
    ("application-permissions-misregistered", VENDOR, "after-fix"): {65002, 65005, 650056, 650057, 90008},
    ("scope-invalid", VENDOR, "after-fix"): {28002, 28003, 650053, 70011, 700022, 700023},
    ("redirect-uri-mismatch", VENDOR, "after-fix"): {50011, 500113, 500117, 500119, 70004, 900971, 90102},
    ("application-client-type-wrong", VENDOR, "after-fix"): {
        70005, 700025, 700054, 7000218, 9002325, 9002326, 9002327,
    },
    ("application-audience-wrong", VENDOR, "after-fix"): {50194, 650059, 9002331, 9002332, 9002346},
    ("client-secret-wrong", VENDOR, "after-fix"): {7000215, 7000216},
    ("client-secret-expired", VENDOR, "after-fix"): {7000222},
    ("client-certificate-refused", VENDOR, "after-fix"): {
        50012, 50013, 50027, 50048, 70021, 700021, 700027, 700030, 700211, 700212, 700213, 1000502, 7000214, 7002137,
        7002138,
    },
    ("client-assertion-out-of-time", VENDOR, "after-fix"): {500133, 700024},
    ("sign-in-request-malformed", VENDOR, "after-fix"): {
        50050, 50147, 501491, 70003, 70007, 90004, 90005, 90009, 90013, 90014, 900144, 90015, 90023, 9002313, 90056,
        90100, 90112, 90117, 90121, 901002,
    },
    ("sign-in-encryption-outdated", VENDOR, "after-fix"): {1002016},
    ("sign-in-loop-detected", VENDOR, "after-fix"): {50196},
    ("tenant-not-found", YOU, "after-fix"): {50029, 90002, 900023},
    ("tenant-not-named", YOU, "after-fix"): {50059, 50128, 90019},
    ("tenant-not-named", VENDOR, "after-fix"): {9001023, 90124, 90130},
    ("tenant-blocked", ADMIN, "after-fix"): {5000224, 5000225},
    ("wrong-cloud", VENDOR, "after-fix"): {50049, 90038, 900382, 900432, 90051},
    ("conditional-access-blocked", ADMIN, "after-fix"): {50005, 50131, 53003, 530031},
    ("security-policy-blocked", ADMIN, "after-fix"): {530032, 530035},
    ("device-not-managed", ADMIN, "after-fix"): {53000, 530003, 53001},
    ("device-sign-in-required", YOU, "after-fix"): {50097, 50129, 50155, 50187},
    ("device-sign-in-required", ADMIN, "after-fix"): {130007, 130008, 135011},
    ("client-app-not-approved", ADMIN, "after-fix"): {53002, 53009},
    ("mfa-required", YOU, "after-fix"): {50074, 50076, 50078, 500121},
    ("mfa-registration-required", YOU, "after-fix"): {50072, 50079},
    ("mfa-registration-blocked", ADMIN, "after-fix"): {53004, 53010},
    ("external-check-not-passed", YOU, "after-fix"): {50158},
    ("external-check-not-passed", ADMIN, "after-fix"): {50161, 50170, 50177, 50178},
    ("account-at-risk", ADMIN, "after-fix"): {53011, 530034},
    ("network-restricts-tenants", "network-admin", "after-fix"): {50002, 500021, 500022},
    ("cross-tenant-access-blocked", ADMIN, "after-fix"): {500212, 500213},
    ("account-of-another-organisation", YOU, "after-fix"): {16000, 16003, 50014, 50020, 90072, 90084},
    ("account-not-found", YOU, "after-fix"): {50034, 50197, 51004, 90125},
    ("personal-account-not-accepted", YOU, "after-fix"): {500200, 500201, 500207, 500208, 90027},
    ("microsoft-password-wrong", YOU, "after-fix"): {50056, 50064, 50126},
    ("microsoft-password-expired", YOU, "after-fix"): {50055, 50125, 50135, 50144},
    ("microsoft-account-locked", ADMIN, "later"): {50053},
    ("microsoft-account-disabled", YOU, "after-fix"): {50057},
    ("refresh-token-expired", YOU, "after-fix"): {70008, 700082, 700084},
    ("sign-in-revoked", YOU, "after-fix"): {50132, 50133, 50173},
    ("sign-in-frequency-limited", ADMIN, "after-fix"): {70043, 700081},
    ("sign-in-no-longer-valid", YOU, "after-fix"): {50085, 50089, 50139, 70000},
    ("sign-in-needs-person", YOU, "after-fix"): {16002, 160021, 50058, 700020},
    ("sign-in-page-interrupted", YOU, "after-fix"): {16001, 50140, 50143, 50199, 75011, 900561},
    ("authorization-code-refused", YOU, "after-fix"): {501481, 54005, 700005},
    ("device-code-pending", YOU, "later"): {70016},
    ("device-code-wrong", YOU, "after-fix"): {70018, 90119},
    ("device-code-expired", YOU, "after-fix"): {70019, 90120},
    ("federation-sign-in-failed", ADMIN, "after-fix"): {
        20001, 20012, 20033, 40008, 40009, 40015, 50008, 5000819, 50107, 90081, 90082, 90123,
    },
    ("on-premises-sign-in-unavailable", ADMIN, "after-fix"): {80001, 80002, 80005, 80007, 80010, 80012, 80013, 80014},
    ("windows-sign-in-not-taken-over", YOU, "after-fix"): {
        17003, 50168, 50180, 51006, 81004, 81005, 81006, 81007, 81009, 81010, 81011, 81012, 130004, 130005, 130006,
        135010,
    },
    ("sign-in-certificate-refused", ADMIN, "after-fix"): {50017, 50192, 220501},
    ("sign-in-service-unavailable", "nobody", "later"): {
        40010, 50033, 50087, 70012, 90006, 90012, 90024, 90033, 90090, 90091,
    },
    ("sign-in-service-throttled", "nobody", "later"): {50088, 50166, 90055},
    ("sign-in-service-fault", ADMIN, "after-fix"): {50000, 50086, 90036, 90092},
}  # fmt: skip
"""Written down a second time on purpose: a number that moves to another owner is a decision."""

BY_NUMBER = {number: expected for expected, numbers in EXPECTED.items() for number in numbers}


def seen(
    *, system: System = System.ENTRA, error: str | None = None, number: int | None = None, http: int | None = None,
    **values: str,
) -> Evidence:  # fmt: skip
    return Evidence(stage="sign-in", system=system, error=error, number=number, http=http, values=values)


def copied(problem: Problem) -> list[str]:
    """The commands and links to copy, as they are shown, without the sentences that are passed on."""
    passed_on = text("remedies.pass-on")
    shown = explain(problem).remedies
    return [remedy.value for remedy in shown if remedy.kind == RemedyKind.COPY and remedy.label != passed_on]


def test_more_than_a_hundred_and_fifteen_numbers_are_known_each_in_one_rule() -> None:
    assert len(set(NUMBERS)) >= 115
    assert len(NUMBERS) == len(set(NUMBERS))
    assert set(NUMBERS) == set(BY_NUMBER)
    assert sum(map(len, EXPECTED.values())) == len(BY_NUMBER)


@pytest.mark.parametrize("number", sorted(NUMBERS))
@pytest.mark.parametrize("error", [None, "invalid_grant", "temporarily_unavailable"])
def test_a_number_tells_the_cause_whatever_error_stands_beside_it(number: int, error: str | None) -> None:
    problem = classify(seen(number=number, error=error, http=400))
    assert (problem.code, str(problem.owner), str(problem.retry)) == BY_NUMBER[number]
    assert problem.evidence.code == f"AADSTS{number}"
    assert problem.side is Side.OURS
    assert (problem.finality is Finality.DEFERRED) == (problem.retry == "later")


@given(
    number=st.integers(min_value=1, max_value=99_999_999).filter(lambda number: number not in BY_NUMBER),
    error=st.sampled_from(["invalid_grant", "invalid_client", "interaction_required", "access_denied"]),
)
def test_a_number_that_is_newer_than_the_dictionary_falls_back_to_the_error(number: int, error: str) -> None:
    assert classify(seen(number=number, error=error)).code == classify(seen(error=error)).code != UNRECOGNISED


@pytest.mark.parametrize(
    ("words", "error", "code"),
    [
        ("Error validating credentials. Invalid client secret is provided.", "invalid_client", "client-secret-wrong"),
        ("must contain the following parameter: 'client_secret'", "invalid_client", "client-secret-wrong"),
        ("Error validating credentials.", "invalid_client", "application-credentials-refused"),
        ("Error validating credentials. The refresh token has expired.", "invalid_grant", "sign-in-no-longer-valid"),
        ("Error validating credentials.", None, UNRECOGNISED),
    ],
)
def test_a_number_of_many_meanings_says_only_what_its_words_say(words: str, error: str | None, code: str) -> None:
    evidence = Evidence(stage="sign-in", system=System.ENTRA, number=70002, error=error, text=f"AADSTS70002: {words}")
    assert classify(evidence).code == code
    assert {number for rule in RULES if rule.words for number in rule.numbers} == BY_WORDS


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Client assertion is not within its valid time range.", "client-assertion-out-of-time"),
        ("Client assertion contains an invalid signature.", "client-certificate-refused"),
    ],
)
def test_a_proof_that_came_too_late_is_told_from_one_that_does_not_fit(words: str, code: str) -> None:
    evidence = Evidence(stage="sign-in", system=System.ENTRA, number=50012, text=f"AADSTS50012: {words}")
    assert classify(evidence).code == code


def test_an_application_for_organisations_only_is_told_from_one_that_nobody_approved() -> None:
    words = "The client does not exist or is not enabled for consumers."
    refused = Evidence(stage="sign-in", system=System.ENTRA, error="unauthorized_client", text=words)
    assert classify(refused).code == "application-audience-wrong"
    assert classify(seen(error="unauthorized_client")).code == "application-not-in-tenant"


@given(number=st.integers(min_value=1, max_value=99_999_999).filter(lambda number: number not in BY_NUMBER))
def test_an_unknown_number_alone_is_never_guessed(number: int) -> None:
    problem = classify(seen(number=number))
    assert (problem.code, problem.owner, problem.retry) == (UNRECOGNISED, Owner.MICROSOFT_365_ADMIN, Retry.AFTER_FIX)
    assert problem.confidence is Confidence.UNKNOWN
    assert explain(problem).remedies[0].value == f"https://login.microsoftonline.com/error?code={number}"


def test_the_approval_link_is_made_for_the_organisation_and_the_application() -> None:
    link = copied(classify(seen(number=90094, tenant="contoso.com", client_id="6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731")))
    assert link == [
        "https://login.microsoftonline.com/contoso.com/adminconsent?client_id=6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"
    ]


def test_an_unknown_organisation_may_be_any_in_the_approval_link() -> None:
    assert copied(classify(seen(number=90094, client_id="6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"))) == [
        "https://login.microsoftonline.com/organizations/adminconsent?client_id=6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"
    ]


def test_no_approval_link_is_offered_for_an_unknown_application() -> None:
    assert copied(classify(seen(number=90094, tenant="contoso.com"))) == []


@pytest.mark.parametrize("page", ["organizations", "contoso.com"])
def test_no_button_holds_a_gap(page: str) -> None:
    for number in NUMBERS:
        for values in ({}, {"tenant": page}, {"client_id": "6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"}):
            remedies = explain(classify(seen(number=number, **values))).remedies
            assert not [told for told in remedies if told.value.startswith("https://") and UNKNOWN in told.value]


def test_what_a_server_says_gets_into_no_command() -> None:
    hostile = "x'; Remove-MgUser -UserId 'alice@contoso.com"
    for number in NUMBERS:
        problem = classify(
            seen(number=number, tenant=hostile, client_id=hostile, correlation_id=hostile, username=hostile)
        )
        commands = [*copied(problem), explain(problem).verify.command]
        assert not any("Remove-MgUser" in command for command in commands), number


def test_a_display_name_of_an_organisation_is_no_part_of_a_link() -> None:
    answer = next(answer for answer in ANSWERS if "AADSTS700016" in answer["text"])
    assert "directory 'Contoso'" in answer["text"]
    links = copied(explain_text(answer["text"])[0].problem)
    assert links
    assert not any("Contoso" in link for link in links)


def test_menu_paths_begin_at_a_named_place() -> None:
    places = ("Entra admin center > ", "Microsoft 365 admin center > ")
    paths = [
        remedy.path
        for rule in RULES
        for remedy in (rule.remedies or load().definitions[rule.problem].remedies)
        if remedy.path
    ]
    assert len(paths) > 30
    assert all(path.startswith(places) and not path.endswith(">") for path in paths)
    assert "Entra admin center > Entra ID > Monitoring & health > Sign-in logs" in paths


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_every_number_is_explained_at_a_glance(number: int, language: str) -> None:
    with speaking(language):
        problem = classify(seen(number=number, client_id="6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"))
        shown = explain(problem)
    assert 0 < len(shown.title) <= 90
    assert not shown.title.endswith(".")
    assert 2 <= len(shown.why) <= 4
    assert len(shown.remedies) == len(problem.remedies)
    assert "AADSTS" not in shown.title + shown.what


def test_there_are_enough_real_answers_and_each_names_where_it_was_seen() -> None:
    assert len(ANSWERS) >= 125
    assert all(set(answer) == {"text", "code", "owner", "retry", "source"} for answer in ANSWERS)
    assert all(answer["source"].strip() for answer in ANSWERS)
    assert len({answer["text"] for answer in ANSWERS}) == len(ANSWERS)


def test_the_answers_speak_of_every_problem_and_every_number() -> None:
    named = {rule.problem for system in (System.ENTRA, System.OAUTH) for rule in load().rules[system]}
    assert {answer["code"] for answer in ANSWERS} == named
    told = {int(number) for answer in ANSWERS for number in re.findall(r"AADSTS([0-9]+)", answer["text"])}
    assert told == set(NUMBERS) | BY_WORDS


def test_the_answers_name_nobody_real() -> None:
    addresses = {found for answer in ANSWERS for found in re.findall(r"[\w.]+@([\w.]+)", answer["text"])}
    assert addresses <= {"contoso.com", "example.org", "example.com"}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer['code']}: {answer['text'][:40]!r}")
def test_an_answer_means_what_its_number_means(answer: dict[str, str]) -> None:
    numbers = {int(number) for number in re.findall(r"AADSTS([0-9]+)", answer["text"])} - BY_WORDS
    expected = (answer["code"], answer["owner"], answer["retry"])
    one = len(numbers) == 1 and "AADSTS70002" not in answer["text"]
    problem = classify(seen(number=numbers.pop())) if one else explain_text(answer["text"])[0].problem
    assert (problem.code, str(problem.owner), str(problem.retry)) == expected
