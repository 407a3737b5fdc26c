"""Errors that Google shows on its own page, as somebody pastes them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.google.shown import LONGEST, ON_PAGE, SHOWN, error_shown
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System

TESTING = (
    "Access blocked: Sendwright has not completed the Google verification process\nalice@example.org\n"
    "The app is currently being tested, and can only be accessed by developer-approved testers. "
    "If you are a developer of Sendwright, see error details.\nError 403: access_denied"
)

PAGES = [
    (TESTING, "access_denied", 403, "google-not-a-test-user"),
    ("Error 403: access_denied", "access_denied", 403, "google-not-a-test-user"),
    ("Accès bloqué\nErreur 403 : access_denied", "access_denied", 403, "google-not-a-test-user"),
    ("Erreur 403\u00a0: access_denied", "access_denied", 403, "google-not-a-test-user"),
    ("錯誤代碼 403：access_denied", "access_denied", 403, "google-not-a-test-user"),  # noqa: RUF001 - as it stands there
    (
        "Toegang geblokkeerd\nFout 400: redirect_uri_mismatch",
        "redirect_uri_mismatch",
        400,
        "google-redirect-not-registered",
    ),
    (
        "Zugriff blockiert\nFehler 400: admin_policy_enforced",
        "admin_policy_enforced",
        400,
        "google-app-blocked-by-admin",
    ),
    ("Error 400: access_not_configured", "access_not_configured", 400, "google-app-blocked-by-admin"),
    ("エラー 403: org_internal", "org_internal", 403, "google-other-organisation"),
    ("Error 403: disallowed_useragent", "disallowed_useragent", 403, "google-embedded-browser"),
    ("Fout 401: deleted_client", "deleted_client", 401, "google-client-removed"),
    ("Erreur 401 : disabled_client", "disabled_client", 401, "google-client-removed"),
    ("The OAuth client was not found.\nError 401: invalid_client", "invalid_client", 401, "google-client-unknown"),
    ("Ошибка 400: invalid_request", "invalid_request", 400, "google-request-refused"),
    ("Error 400: policy_enforced", "policy_enforced", 400, "google-advanced-protection"),
    ("Fout 403: restricted_client", "restricted_client", 403, "google-scope-refused"),
    ("Error 400: invalid_scope\nSome requested scopes were invalid.", "invalid_scope", 400, "google-scope-refused"),
    ("Fehler 403: rate_limit_exceeded", "rate_limit_exceeded", 403, "google-sign-in-limit"),
    ("org_internal", "org_internal", None, "google-other-organisation"),
    ("  admin_policy_enforced\n", "admin_policy_enforced", None, "google-app-blocked-by-admin"),
]


@pytest.mark.parametrize(("words", "error", "http", "code"), PAGES)
def test_a_page_is_known_by_its_code_in_any_language(words: str, error: str, http: int | None, code: str) -> None:
    seen = error_shown(words)
    assert seen is not None
    assert (seen.system, seen.stage, seen.condition) == (System.GOOGLE, "sign-in", ON_PAGE)
    assert (seen.error, seen.http) == (error, http)
    assert classify(seen).code == code


def test_the_address_of_the_page_tells_it_too() -> None:
    coded = base64.urlsafe_b64encode(b"\n\x15admin_policy_enforced").decode().rstrip("=")
    seen = error_shown(f"https://accounts.google.com/signin/oauth/error?authError={coded}&client_id=x")
    assert seen is not None
    assert seen.error == "admin_policy_enforced"


def test_of_several_codes_the_one_with_its_status_counts() -> None:
    seen = error_shown("La page cite invalid_client.\nErreur 400 : redirect_uri_mismatch")
    assert seen is not None
    assert (seen.error, seen.http) == ("redirect_uri_mismatch", 400)


@pytest.mark.parametrize("own", [True, False])
def test_it_says_whose_the_client_is(*, own: bool) -> None:
    seen = error_shown("Error 401: deleted_client", own=own)
    assert seen is not None
    assert seen.values.get("registration") == ("own" if own else None)
    assert classify(seen).owner == ("google-workspace-admin" if own else "platform-vendor")


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "hello",
        "\0\0\0",
        "Error 550: User unknown",
        "my_access_denied_page",
        "AADSTS50011: The redirect URI does not match",
        "535 5.7.8 Username and Password not accepted",
        "Error 403",
        "x" * 100_000,
    ],
)
def test_what_is_no_page_of_google_shows_nothing(words: str) -> None:
    assert error_shown(words) is None


def test_only_the_beginning_of_what_was_pasted_is_read() -> None:
    assert error_shown("x\n" * LONGEST + "Error 403: org_internal") is None


def test_what_looks_like_a_secret_is_not_repeated() -> None:
    seen = error_shown(
        "Error 400: invalid_request\nrequest details: access_token=ya29.a0AfB_canary-of-the-test-0123456789"
    )
    assert seen is not None
    assert "canary" not in repr(seen)
    assert len(seen.text) <= 2_000


@given(st.text(max_size=300))
def test_whatever_is_pasted_it_never_stumbles(words: str) -> None:
    seen = error_shown(words)
    assert seen is None or seen.error in SHOWN


@given(
    st.sampled_from(sorted(SHOWN)),
    st.text(alphabet="абвгд \n日本語", max_size=40),
    st.sampled_from(["400", "401", "403"]),
)
def test_a_code_is_found_among_the_words_of_any_script(error: str, around: str, status: str) -> None:
    seen = error_shown(f"{around}\n{status}: {error}\n{around}")
    assert seen is not None
    assert (seen.error, seen.http) == (error, int(status))
