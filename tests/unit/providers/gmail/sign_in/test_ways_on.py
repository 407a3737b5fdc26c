"""Under each stop stands the way that helps, and no other."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import ASKED, NOW, OWN, SIGNED_IN, flow_world

from sendwright.problems.dictionary import load
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sign_in import ways_on
from sendwright.providers.gmail.stopping import observed
from sendwright.texts import text

PERSONAL = replace(ASKED, address="clara@gmail.com")
FURTHER = replace(SIGNED_IN, returning=True)


def test_every_problem_that_is_named_here_exists() -> None:
    known = set(load().definitions)
    assert known >= ways_on.NEEDS_ADMINISTRATOR | ways_on.OF_THE_CLIENT


@pytest.mark.parametrize(
    "action",
    [ways_on.NOT_ME, ways_on.ASK, ways_on.SHOWED_ERROR, ways_on.CHANGE_CLIENT, ways_on.WITHOUT_LIST],
    ids=lambda action: action.label,
)
def test_every_button_has_words(action: ways_on.Action) -> None:
    assert text(action.label)


@pytest.mark.parametrize(
    ("state", "code", "names"),
    [
        (ASKED, "google-app-blocked-by-admin", ["not-me"]),
        (OWN, "google-app-blocked-by-admin", ["not-me"]),
        (ASKED, "google-client-unknown", []),
        (OWN, "google-client-unknown", ["change-client"]),
        (OWN, "google-redirect-not-registered", ["change-client"]),
        (OWN, "google-not-a-test-user", []),
        (ASKED, "sign-in-not-finished", ["showed-error", "not-me"]),
        (PERSONAL, "sign-in-not-finished", ["showed-error"]),
        (ASKED, "consent-incomplete", []),
        (ASKED, "other-account", []),
        (FURTHER, "consent-incomplete", ["without-list"]),
        (FURTHER, "google-app-blocked-by-admin", ["without-list"]),
    ],
)
def test_each_problem_has_its_way_on(state: GmailAnswers, code: str, names: list[str]) -> None:
    problem = replace(observed("consent-incomplete", state), code=code)
    assert [action.name for action in ways_on.after(problem, state)] == names


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (ASKED, ["not-me", "showed-error"]),
        (PERSONAL, ["showed-error"]),
        (FURTHER, ["without-list", "showed-error"]),
    ],
)
def test_beside_the_page_they_are_of_less_weight(state: GmailAnswers, names: list[str]) -> None:
    actions = ways_on.on_page(state)
    assert [action.name for action in actions] == names
    assert all(action.quiet for action in actions)


def test_asking_somebody_keeps_since_when() -> None:
    waiting = replace(ASKED, asked_at=NOW.replace(year=2025))
    assert ways_on.leading(waiting, "not-me", flow_world()).state == waiting
    assert ways_on.leading(ASKED, "not-me", flow_world()).state == replace(ASKED, asked_at=NOW)


def test_going_on_without_the_list_keeps_what_was_asked_for_in_mind() -> None:
    elsewhere = ways_on.leading(replace(FURTHER, attempt="a"), "without-list", flow_world())
    assert (elsewhere.step, elsewhere.state) == ("gmail-alias", FURTHER)
