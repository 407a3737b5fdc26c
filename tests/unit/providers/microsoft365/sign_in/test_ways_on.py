"""The buttons beside a sign-in page and on a stop: which come first, and where they lead."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import ASKED, NOW, flow_world

from sendwright import texts
from sendwright.deployment import Features
from sendwright.oauth.entra.shown import DEVICE_DEMANDS
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.sign_in import ways_on
from sendwright.screens import ConsentWay
from sendwright.senders.graph.settings import Way

ALL = (ConsentWay.EMBEDDED, ConsentWay.BROWSER, ConsentWay.DEVICE)
APP_ONLY = replace(ASKED, way=Way.APPLICATION)


def problem(number: int | None = None, error: str = "access_denied") -> Problem:
    return classify(Evidence(stage="sign-in", system=System.ENTRA, error=error, number=number))


def names(state: MicrosoftAnswers, *, codes: bool = True) -> list[str]:
    return [one.name for one in ways_on.other_ways(state, flow_world(features=Features(device_code=codes)))]


@pytest.mark.parametrize(
    ("way", "codes", "others"),
    [
        (ConsentWay.EMBEDDED, True, ["own-browser", "device-code"]),
        (ConsentWay.EMBEDDED, False, ["own-browser"]),
        (ConsentWay.BROWSER, True, ["in-window", "device-code"]),
        (ConsentWay.DEVICE, True, ["own-browser", "in-window"]),
    ],
)
def test_the_other_ways_are_offered_and_a_code_last(way: ConsentWay, others: list[str], *, codes: bool) -> None:
    assert names(replace(ASKED, browser=way), codes=codes) == others


def test_an_application_has_no_device_code() -> None:
    assert names(APP_ONLY) == ["own-browser"]


@pytest.mark.parametrize("way", ALL)
def test_an_error_can_be_pasted_where_the_page_cannot_be_read(way: ConsentWay) -> None:
    beside = {action.name for action in ways_on.on_page(replace(ASKED, browser=way), flow_world())}
    assert ("showed-error" in beside) is (way is not ConsentWay.EMBEDDED)
    assert "not-me" in beside


@pytest.mark.parametrize("number", sorted(DEVICE_DEMANDS))
def test_a_demand_for_a_device_offers_the_own_browser_first_and_in_full(number: int) -> None:
    first, *_ = ways_on.after(problem(number), ASKED, flow_world())
    assert (first.name, first.quiet) == ("own-browser", False)


@pytest.mark.parametrize(
    ("number", "way", "owner"),
    [
        (53000, ConsentWay.EMBEDDED, "you"),
        (53001, ConsentWay.EMBEDDED, "you"),
        (53000, ConsentWay.BROWSER, "microsoft-365-admin"),
        (53003, ConsentWay.EMBEDDED, "microsoft-365-admin"),
        (90094, ConsentWay.EMBEDDED, "microsoft-365-admin"),
    ],
)
def test_the_own_browser_comes_before_an_administrator(number: int, way: ConsentWay, owner: str) -> None:
    seen = ways_on.as_seen_here(problem(number), replace(ASKED, browser=way))
    assert (seen.code, seen.owner) == (problem(number).code, owner)
    assert (seen.remedies != problem(number).remedies) is (owner == "you")


@pytest.mark.parametrize("number", [90093, 90094, 90095, 65001, 700016])
def test_what_an_administrator_can_mend_is_passed_on_first(number: int) -> None:
    first, *rest = ways_on.after(problem(number), ASKED, flow_world())
    assert (first.name, first.quiet) == ("not-me", False)
    assert first.label == "microsoft365.ways.ask"
    assert all(action.quiet for action in rest)


@pytest.mark.parametrize("number", [None, 65004, 50126, 50076])
def test_other_problems_offer_the_ways_quietly(number: int | None) -> None:
    ways = ways_on.after(problem(number), ASKED, flow_world())
    assert [action.name for action in ways] == ["own-browser", "device-code", "not-me"]
    assert all(action.quiet for action in ways)


@pytest.mark.parametrize(
    ("action", "step", "changes"),
    [
        ("own-browser", "ms-prepare", {"browser": ConsentWay.BROWSER}),
        ("in-window", "ms-prepare", {"browser": ConsentWay.EMBEDDED}),
        ("device-code", "ms-prepare", {"browser": ConsentWay.DEVICE}),
        ("agree-again", "ms-prepare", {"agree_again": True}),
        ("not-me", "ms-handover", {"asked_at": NOW}),
        ("showed-error", "ms-shown", {}),
        ("of-another-screen", "ms-prepare", {}),
        ("", "ms-prepare", {}),
    ],
)
def test_each_button_leads_somewhere(action: str, step: str, changes: dict[str, object]) -> None:
    elsewhere = ways_on.leading(ASKED, action, flow_world())
    assert (elsewhere.step, elsewhere.state) == (step, replace(ASKED, **changes))


def test_every_button_has_words_in_every_language() -> None:
    buttons = (
        ways_on.OWN_BROWSER, ways_on.IN_WINDOW, ways_on.DEVICE_CODE, ways_on.NOT_ME, ways_on.SHOWED_ERROR,
        ways_on.SCOPED, ways_on.AGAIN,
    )  # fmt: skip
    for language in texts.LANGUAGES:
        with texts.speaking(language):
            assert len({texts.text(button.label) for button in buttons}) == len(buttons)
