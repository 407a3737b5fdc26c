"""Microsoft's own pages are understood where they stop somebody, and left alone where they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.entra.fake_entra import CORRELATION, TRACE

from sendwright.oauth.entra.shown import DEVICE_DEMANDS, LONGEST, error_shown
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System

DETAILS = f"""Request Id: {TRACE}
Correlation ID: {CORRELATION}
Timestamp: 2026-11-20T12:00:00Z
"""

NO_REDIRECT = (
    "Sign in\nSorry, but we're having trouble signing you in.\nAADSTS50011: The redirect URI does not match.\n"
)
PAGES = [
    (NO_REDIRECT, 50011, "redirect-uri-mismatch"),
    ("AADSTS700016: Application was not found in the directory 'Contoso'.\n", 700016, "application-not-in-tenant"),
    (
        (
            "You cannot access this right now\nYour sign-in was successful but does not meet the criteria to access "
            "this resource.\nTroubleshooting details\nError Code: 53003\nApp name: Notifications\n"
        ),
        53003,
        "conditional-access-blocked",
    ),
    ("You can't get there from here\nSensitive information.\nError Code: 53000\n", 53000, "device-not-managed"),
    ("AADSTS90094: The grant requires admin permission.\n", 90094, "consent-needs-admin"),
    ("AADSTS50020: User account does not exist in tenant 'Contoso'.\n", 50020, "account-of-another-organisation"),
    ("Leider können wir Sie nicht anmelden.\nAADSTS53001: Das Gerät …\n", 53001, "device-not-managed"),
]

WORDS = [
    ("Need admin approval\nNotifications\nneeds permission to access resources", "consent-needs-admin"),
    ("You cannot access this right now", "conditional-access-blocked"),
    ("You can't get there from here", "device-not-managed"),
    ("You can't sign in here with a personal account.\nUse a work account.", "personal-account-not-accepted"),
]
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJncmFwaCIsInNjcCI6Ik1haWwuU2VuZCJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
)


@pytest.mark.parametrize(("page", "number", "code"), PAGES)
def test_a_number_tells_what_stopped_it(page: str, number: int, code: str) -> None:
    seen = error_shown(page + DETAILS)
    assert seen is not None
    assert (seen.stage, seen.system, seen.number) == ("sign-in", System.ENTRA, number)
    assert seen.values["correlation_id"] == CORRELATION
    assert seen.values["request_id"] == TRACE
    assert seen.values["timestamp"].startswith("2026-11-20")
    assert "registration" not in seen.values
    assert classify(seen).code == code


@pytest.mark.parametrize(("page", "code"), WORDS)
def test_fixed_words_tell_it_where_there_is_no_number(page: str, code: str) -> None:
    seen = error_shown(page)
    assert seen is not None
    assert seen.number is None
    problem = classify(seen)
    assert (problem.code, problem.confidence) == (code, "likely")


def test_a_registration_of_one_s_own_is_told() -> None:
    seen = error_shown(PAGES[0][0], own=True)
    assert seen is not None
    assert classify(seen).owner == "microsoft-365-admin"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "Sign in\nto continue to Notifications\nEmail, phone, or Skype\nCan't access your account?",
        "Pick an account\nalice@contoso.com\nUse another account",
        "Enter password\nYour account or password is incorrect. If you don't remember your password, reset it now.",
        "More information required\nYour organization needs more information to keep your account secure",
        "Permissions requested\nThis app would like to:\nSend mail as you\nAccept",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "error: invalid password",
        "PK\x03\x04" + "\x00" * 100,
        "\x00" * 5000,
    ],
)
def test_what_stops_nobody_is_no_error(page: str) -> None:
    assert error_shown(page) is None


def test_a_page_of_any_length_costs_no_more_than_its_beginning() -> None:
    assert error_shown("x" * 10_000_000 + PAGES[0][0]) is None
    assert error_shown(PAGES[0][0] + "x" * 10_000_000) is not None
    assert len(PAGES[0][0]) < LONGEST


def test_what_looks_like_a_secret_is_not_kept() -> None:
    seen = error_shown(f"AADSTS50011: https://x/?code=0.AXEAsecretsecretsecret&access_token={TOKEN} does not match")
    assert seen is not None
    assert TOKEN not in seen.text
    assert "AXEAsecret" not in seen.text


@given(st.text(max_size=3000))
def test_no_page_breaks_it(words: str) -> None:
    seen = error_shown(words)
    assert seen is None or seen.system is System.ENTRA


@pytest.mark.parametrize("number", [50097, 50129, 50131, 50155, 53000, 53001, 53002, 53003, 530032])
def test_what_a_browser_of_one_s_own_may_satisfy_is_known(number: int) -> None:
    assert number in DEVICE_DEMANDS


@pytest.mark.parametrize("number", [50011, 50076, 50126, 65001, 65004, 90094, 700016, 53004])
def test_what_no_other_browser_changes_is_not_among_them(number: int) -> None:
    assert number not in DEVICE_DEMANDS
