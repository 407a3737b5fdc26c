"""The pages of the simulated Google as they are written: whole, in every language, and words stay words."""

from collections.abc import Iterator

import pytest
from tests.unit.practice.microsoft.test_pages import Structure
from tests.unit.practice.visiting import Parsed

from sendwright.oauth.google.scopes import SEND, SETTINGS
from sendwright.practice.google import pages
from sendwright.practice.google.admin_desk import AdminDesk
from sendwright.practice.google.example import ANNA, CLIENT_ID, NOTICES, PENDING, SERVICE_ACCOUNT_ID, example
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import Workspace
from sendwright.texts import LANGUAGES, has, speaking

FRAME = {"flow": "f", "application": "Sendwright", "username": ANNA, "boxes_note": ""}
MARKUP = {"message": "", "permissions": "", "boxes": "", "already": "", "accounts": ""}
NAMES = ("account", "username", "password", "approve", "consent", "testing", "unverified")
ON_THE_PAGE = (
    "access_denied",
    "admin_policy_enforced",
    "deleted_client",
    "disallowed_useragent",
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "org_internal",
    "policy_enforced",
    "redirect_uri_mismatch",
)


def workspace() -> Workspace:
    made = example()
    made.delegations[SERVICE_ACCOUNT_ID] = {SEND}
    return made


def every_page() -> Iterator[tuple[str, str]]:
    filled = MARKUP | {
        "boxes": pages.boxes((SEND, SETTINGS)),
        "accounts": pages.accounts(tuple(workspace().people.values())),
        "already": pages.already((SEND,)),
        "permissions": pages.permitted((SEND,)),
        "message": pages.wrong("password"),
    }
    for name in NAMES:
        yield name, pages.page(name, FRAME, filled)
    yield "blocked", pages.refusal(Refused("org_internal", status=403), flow="f", application="Sendwright", email=ANNA)
    yield "admin", AdminDesk(workspace(), []).page(back="f")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_can_be_used_without_seeing_it(language: str) -> None:
    with speaking(language):
        for name, html in every_page():
            found = Structure(html)
            assert (found.language, found.headings) == (language, 1), name
            assert not found.unbalanced, (name, found.unbalanced)
            assert not found.open, (name, found.open)
            assert len(found.ids) == len(set(found.ids)), name
            for one in found.inputs:
                assert one["id"] in found.labels or "aria-label" in one, (name, one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_that_it_is_a_practice_and_not_google_s(language: str) -> None:
    notice = {"en": "This is a practice.", "fr": "Ceci est un exercice.", "nl": "Dit is een oefening."}[language]
    with speaking(language):
        for name, html in every_page():
            parsed = Parsed(html)
            assert notice in parsed.words, name
            assert "Microsoft" not in parsed.words, name
            assert "$" not in parsed.words, name
            assert "<script" not in html, name
            assert all(target.startswith("/") for target in parsed.foreign), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", ON_THE_PAGE)
def test_a_refusal_has_its_line_in_english_and_its_reason_in_the_reader_s_words(error: str, language: str) -> None:
    with speaking(language):
        assert has(f"practice.google.blocked-{error.replace('_', '-')}")
        parsed = Parsed(pages.refusal(Refused(error, "Said.", status=403), application="Sendwright", email=ANNA))
    assert (parsed.ids["line"] + parsed.words).count(f"Error 403: {error}") == 1
    assert (parsed.ids["said"], parsed.ids["who"]) == ("Said.", ANNA)
    assert len(parsed.ids["reason"]) > 20


def test_an_error_without_a_reason_has_its_line_all_the_same() -> None:
    parsed = Parsed(pages.refusal(Refused("new_error", "Said.")))
    assert (parsed.ids["reason"], "Error 400: new_error" in parsed.words) == ("", True)


@pytest.mark.parametrize("hostile", ["<b>x</b>", '"><script>x()</script>', "' onclick='x()", "${title}"])
def test_words_stay_words(hostile: str) -> None:
    made = workspace()
    made.people[ANNA].name = made.clients[CLIENT_ID].name = hostile
    made.people[ANNA].send_as[NOTICES].address = hostile
    found = [pages.page(name, dict.fromkeys(FRAME, hostile) | {"title": hostile}, MARKUP) for name in NAMES]
    found += [pages.refusal(Refused("org_internal", hostile), flow=hostile, application=hostile, email=hostile)]
    found += [AdminDesk(made, []).page(back=hostile), pages.accounts(tuple(made.people.values()))]
    for html in found:
        assert "<b>x" not in html
        assert "<script>x" not in html
        assert "' onclick" not in html


def test_nothing_is_ticked_beforehand_and_nothing_stands_for_nothing() -> None:
    assert "checked" not in pages.boxes((SEND, SETTINGS))
    assert pages.boxes((SEND, SETTINGS)).count('type="checkbox"') == 2
    assert pages.permitted(()) == pages.already(()) == pages.boxes(()) == pages.wrong("") == ""


def test_the_administrator_s_page_shows_how_it_stands() -> None:
    made = workspace()
    made.policies.blocked.add(CLIENT_ID)
    made.policies.relay = False
    tags = Parsed(AdminDesk(made, []).page()).tags
    assert "checked" in tags[f"access-{CLIENT_ID}-blocked"]
    assert "checked" not in tags[f"access-{CLIENT_ID}-trusted"]
    assert "checked" in tags[f"alias-{ANNA}-{NOTICES}"]
    assert "checked" not in tags[f"alias-{ANNA}-{PENDING}"]
    assert "checked" not in tags["relay"]
    assert tags[f"scopes-{SERVICE_ACCOUNT_ID}"]["value"] == SEND
    assert "suspended-clara@gmail.com" not in tags  # a personal account is nobody's to suspend
