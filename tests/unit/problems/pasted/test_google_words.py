"""Google's pages and answers are recognised by their fixed words where no code stands beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted import explain_text
from sendwright.problems.pasted.google_words import GOOGLE_SENTENCES, GOOGLE_TITLES, find_google_words
from sendwright.problems.problem import Owner
from sendwright.texts import LANGUAGES, has, speaking

CONDITIONS = sorted({*GOOGLE_TITLES.values(), *GOOGLE_SENTENCES.values()})

VENDOR, WORKSPACE = "platform-vendor", "google-workspace-admin"
PASTED = [
    ("Access blocked: Notices has not completed the Google verification process", "google-not-a-test-user", VENDOR),
    ("Error 403: access_denied", "google-not-a-test-user", VENDOR),
    ("Erreur\N{NO-BREAK SPACE}403\N{NO-BREAK SPACE}: access_denied", "google-not-a-test-user", VENDOR),
    ("Fout 403: access_denied", "google-not-a-test-user", VENDOR),
    (
        "Accès bloqué : Notices n\N{RIGHT SINGLE QUOTATION MARK}a pas terminé la procédure de validation de Google",
        "google-not-a-test-user",
        VENDOR,
    ),
    (
        "http://127.0.0.1:51234/?error=access_denied&state=a&iss=https://accounts.google.com",
        "google-sign-in-cancelled",
        "you",
    ),
    (
        "This app is blocked\n\nThis app tried to access sensitive info in your Google Account.",
        "google-app-not-let-in",
        VENDOR,
    ),
    ("This app is blocked", "google-app-not-let-in", VENDOR),
    ("Google hasn\N{RIGHT SINGLE QUOTATION MARK}t verified this app", "google-app-unverified", "you"),
    ("Google n\N{RIGHT SINGLE QUOTATION MARK}a pas validé cette application", "google-app-unverified", "you"),
    ("Google heeft deze app niet geverifieerd", "google-app-unverified", "you"),
    (
        "400. That's an error.\n\nError: admin_policy_enforced\n\nThis client is not allowed.",
        "google-app-blocked-by-admin",
        WORKSPACE,
    ),
    ("Access blocked: Your institution's admin needs to review Notices", "google-app-blocked-by-admin", WORKSPACE),
    (
        "Access to your account data is restricted by policies within your organization.",
        "google-app-blocked-by-admin",
        WORKSPACE,
    ),
    ("Access blocked: Notices can only be used within its organization", "google-other-organisation", "you"),
    (
        "Couldn\N{RIGHT SINGLE QUOTATION MARK}t sign you in\nThis browser or app may not be secure.",
        "google-embedded-browser",
        VENDOR,
    ),
    ("The OAuth client was not found.", "google-client-unknown", VENDOR),
    ("The OAuth client was deleted.", "google-client-removed", VENDOR),
    ("Delegation denied for alice@example.org", "gmail-delegation-denied", WORKSPACE),
    ("Mail service not enabled", "gmail-mailbox-missing", WORKSPACE),
    ("Gmail API has not been used in project 123456789 before or it is disabled.", "gmail-interface-off", VENDOR),
    ("Request had insufficient authentication scopes.", "consent-incomplete", "you"),
    ("User-rate limit exceeded.  Retry after 2026-11-21T08:00:00.000Z", "gmail-rate-limited", "nobody"),
    (
        "User-rate limit exceeded.  Retry after 2026-11-21T08:00:00.000Z (Mail sending)",
        "sending-limit-reached",
        "nobody",
    ),
    ("invalid_grant: Token has been expired or revoked.", "google-connection-ended", "you"),
    (
        "Enforced Organization Policies IDs: iam.disableServiceAccountKeyCreation",
        "google-key-creation-blocked",
        WORKSPACE,
    ),
    ("X-Google-Original-From: notices@example.org", "gmail-sender-replaced", "mailbox-owner"),
]


def _conditions(text: str) -> list[str | None]:
    return [clue.evidence.condition for clue in find_google_words(text)]


@pytest.mark.parametrize(("pasted", "code", "owner"), PASTED)
def test_what_people_paste_has_its_meaning_and_whoever_has_to_act(pasted: str, code: str, owner: str) -> None:
    first = explain_text(pasted)[0].problem
    assert (first.code, first.owner) == (code, Owner(owner))


@pytest.mark.parametrize("title", GOOGLE_TITLES)
def test_a_title_is_one_in_a_line_of_its_own_only(title: str) -> None:
    assert _conditions(f"Notices\n  {title.upper()}.\nMore") == [GOOGLE_TITLES[title]]
    assert _conditions(f"I read that {title} and went home") == []


@pytest.mark.parametrize("sentence", GOOGLE_SENTENCES)
def test_a_sentence_is_found_anywhere_and_means_something(sentence: str) -> None:
    pasted = f"Notices: {sentence.replace(chr(39), chr(0x2019))}x."
    assert _conditions(pasted) == [GOOGLE_SENTENCES[sentence]]
    (match,) = explain_text(pasted)
    assert match.problem.code != "unrecognised"
    assert match.matched


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_meaning_is_told_in_every_language(condition: str, language: str) -> None:
    words = next(said for said, name in {**GOOGLE_TITLES, **GOOGLE_SENTENCES}.items() if name == condition)
    (match,) = explain_text(words)
    with speaking(language):
        assert has(f"problems.{match.problem.code}.title")


def test_the_limit_of_a_day_is_no_pause() -> None:
    assert _conditions("User-rate limit exceeded. (Mail sending)") == ["google-says-limit"]


def test_a_code_beside_the_words_decides() -> None:
    page = "Access blocked: Notices has not completed the Google verification process\nError 403: org_internal"
    assert [match.problem.code for match in explain_text(page)] == ["google-other-organisation"]


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    assert all(condition in CONDITIONS for condition in _conditions(text))
