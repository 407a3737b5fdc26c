"""Microsoft 365 from the first screen to notifications that Graph took: real window, real browser, clicked pages."""

import pytest
from tests.end2end import sitting
from tests.end2end.home import ROOT, Home
from tests.end2end.microsoft_part import USUAL, signing_in
from tests.end2end.sitting import Seen, cells, problems, steps
from tests.end2end.web_page import Rule
from tests.end2end.window_part import WindowPart

from sendwright.practice.microsoft.contoso import ANNA, BEN, INFO

pytestmark = [pytest.mark.end2end, pytest.mark.xdist_group("end2end")]

PICTURES = ROOT / "build" / "microsoft"
ALIAS = "Contoso Privacy"
ARRIVING = 11
"""A test, and a notification of each kind."""


def sit_down(home: Home, part: WindowPart, name: str) -> Seen:
    return sitting.sit_down(home, part, PICTURES / name)


CONNECTED = ["ms-connected", "ms-mailbox", "ms-board"]
REST = ["sender", "test", "arrival", "review", "done", "done"]
BEGIN = ["start", "platform", "provider", "ms-way", "ms-plan"]


def require_arrived(seen: Seen, address: str) -> None:
    sitting.require_arrived(seen, address=address, alias=ALIAS, at_least=ARRIVING)


def answers(**changed: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    return USUAL | {name.replace("_", "-"): value for name, value in changed.items()}


def test_an_account_sends_from_its_own_mailbox(own_home: Home) -> None:
    part = WindowPart(scenario="microsoft-usual", answers=USUAL, web=signing_in(BEN))
    seen = sit_down(own_home, part, "own-mailbox")
    assert steps(seen) == [*BEGIN, "ms-consent", *CONNECTED, *REST]
    require_arrived(seen, BEN)


def test_an_account_sends_from_a_shared_mailbox_once_that_is_proven(own_home: Home) -> None:
    shared = answers(
        ms_mailbox=[{"choice": "other", "mailbox": INFO}],
        ms_board=[{"cell": "me"}, {}],
    )
    part = WindowPart(scenario="microsoft-usual", answers=shared, web=signing_in(BEN))
    seen = sit_down(own_home, part, "shared-mailbox")
    assert steps(seen) == [*BEGIN, "ms-consent", *CONNECTED, "ms-board", *REST]
    boards = cells(seen, "ms-board")
    assert [board["me"] for board in boards] == ["", "passed"]
    require_arrived(seen, INFO)


def test_a_right_that_lacks_is_named_and_once_granted_it_is_proven(own_home: Home) -> None:
    shared = answers(
        ms_mailbox=[{"choice": "other", "mailbox": INFO}],
        ms_board=[{"cell": "me"}, {"cell": "me"}, {}],
    )
    part = WindowPart(
        scenario="microsoft-no-send-as",
        answers=shared,
        web=signing_in(BEN),
        colleagues={"ms-board": "grants-send-as"},
        grants_at=2,
    )
    seen = sit_down(own_home, part, "right-granted")
    boards = cells(seen, "ms-board")
    assert [board["me"] for board in boards] == ["", "failed", "passed"]
    require_arrived(seen, INFO)


def test_an_application_sends_from_its_mailbox_and_from_no_other(own_home: Home) -> None:
    application = answers(
        ms_way=[{"choice": "application", "address": ANNA}],
        ms_mailbox=[{"mailbox": INFO, "control": ANNA}],
        ms_board=[{"cell": "application", "recipient": ANNA}, {"cell": "control", "recipient": ANNA}, {}],
    )
    part = WindowPart(
        scenario="microsoft-usual",
        answers=application,
        web=signing_in(ANNA),
    )
    seen = sit_down(own_home, part, "application")
    assert steps(seen)[:7] == [*BEGIN, "ms-consent", "ms-connected"]
    boards = cells(seen, "ms-board")
    assert boards[-1] == {"application": "passed", "control": "warning"}
    require_arrived(seen, INFO)


def test_whoever_declines_may_try_again(own_home: Home) -> None:
    declined = answers(ms_consent_stopped=[{}])
    web = [Rule(see="accept", press="cancel", once=True), *signing_in(BEN)]
    part = WindowPart(scenario="microsoft-consent-refused", answers=declined, web=web)
    seen = sit_down(own_home, part, "consent-refused")
    assert problems(seen) == ["consent-declined"]
    assert steps(seen)[-len(REST) :] == REST
    require_arrived(seen, BEN)


def test_what_an_administrator_must_approve_is_handed_over_and_resumed_another_day(own_home: Home) -> None:
    handed = answers(ms_consent_stopped=[{"action": "not-me"}], ms_handover=[{}, {"action": "myself"}])
    part = WindowPart(
        scenario="microsoft-admin-approval",
        answers=handed,
        web=signing_in(BEN),
        sittings=("ms-handover", "done"),
        between="consents-for-all",
    )
    seen = sit_down(own_home, part, "hand-over")
    assert problems(seen) == ["consent-needs-admin"]
    assert steps(seen).count("ms-handover") == 2
    assert steps(seen)[-len(REST) :] == REST
    sitting.require_messages(seen, address=BEN, alias=ALIAS, at_least=ARRIVING)


def test_where_a_managed_device_is_wanted_the_own_browser_takes_over(own_home: Home) -> None:
    other = answers(ms_consent_stopped=[{"action": "own-browser"}])
    part = WindowPart(
        scenario="microsoft-device-required", answers=other, web=signing_in(BEN), own_web=[signing_in(BEN)]
    )
    seen = sit_down(own_home, part, "own-browser")
    assert problems(seen) == ["device-not-managed"]
    require_arrived(seen, BEN)
