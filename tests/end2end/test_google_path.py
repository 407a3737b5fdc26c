"""Gmail from the first screen to notifications that Google took: real window, Debian's Chromium as the own browser."""

import pytest
from tests.end2end import sitting
from tests.end2end.google_part import ALIAS, USUAL, answers, signing_in
from tests.end2end.home import ROOT, Home
from tests.end2end.sitting import Seen, cells, problems, steps
from tests.end2end.window_part import OwnBrowserKind, WindowPart
from tests.servers.requirements import require

from sendwright.practice.google.example import ANNA, BEN, NOTICES

pytestmark = [pytest.mark.end2end, pytest.mark.xdist_group("end2end-gmail")]

PICTURES = ROOT / "build" / "gmail"
BEGIN = ["start", "platform", "provider", "gmail-way"]
SIGN_IN = ["gmail-plan", "gmail-consent", "gmail-connected"]
REST = ["sender", "test", "arrival", "review", "done", "done"]
ARRIVING = 11
"""A test, and a notification of each kind."""


@pytest.fixture(autouse=True)
def _browser() -> None:
    require("chromium", "chromedriver")


def sit_down(home: Home, part: WindowPart, name: str) -> Seen:
    return sitting.sit_down(home, part, PICTURES / name)


def with_chromium(**part: object) -> WindowPart:
    usual: dict[str, object] = {
        "scenario": "google-usual",
        "answers": USUAL,
        "own_web": [signing_in(ANNA)],
        "own_browser": OwnBrowserKind.CHROMIUM,
    }
    return WindowPart(**(usual | part))  # type: ignore[arg-type]


def require_arrived(seen: Seen, address: str) -> None:
    sitting.require_arrived(seen, address=address, alias=ALIAS, at_least=ARRIVING)


def test_an_account_signs_in_with_its_own_browser_and_sends(own_home: Home) -> None:
    seen = sit_down(own_home, with_chromium(), "account")
    assert steps(seen) == [*BEGIN, *SIGN_IN, "gmail-sender", *REST]
    require_arrived(seen, ANNA)


def test_an_organisation_signs_in_with_an_application_of_its_own(own_home: Home) -> None:
    own = answers(gmail_way=[{"choice": "own", "address": ANNA}], gmail_client=[{"client_file": "{client}"}])
    seen = sit_down(own_home, with_chromium(answers=own), "own-client")
    assert steps(seen)[: len(BEGIN) + 1] == [*BEGIN, "gmail-client"]
    assert steps(seen)[-len(REST) :] == REST
    require_arrived(seen, ANNA)


def test_a_service_account_sends_for_one_mailbox_once_it_is_delegated(own_home: Home) -> None:
    service = answers(
        gmail_way=[{"choice": "service-account", "address": NOTICES}],
        gmail_key=[{"file": "{key}"}],
        gmail_delegation=[{"subject": ANNA, "control": BEN}, {"cell": "sender"}, {}],
    )
    part = with_chromium(
        scenario="google-delegation-missing",
        answers=service,
        colleagues={"gmail-delegation": "delegates"},
        grants_at=2,
    )
    seen = sit_down(own_home, part, "service-account")
    shown = cells(seen, "gmail-delegation")
    assert [each["sender"] for each in shown] == ["failed", "passed"]
    assert shown[-1] == {"sender": "passed", "control": "warning", "broader": "passed"}
    require_arrived(seen, ANNA)


def test_a_box_that_stays_empty_is_explained_and_the_page_opened_again(own_home: Home) -> None:
    part = with_chromium(
        scenario="google-partial-consent",
        answers=answers(gmail_consent_stopped=[{}]),
        own_web=[signing_in(ANNA), signing_in(ANNA, boxes=("gmail-send",))],
        sittings=("gmail-sender",),
    )
    seen = sit_down(own_home, part, "partial-consent")
    assert problems(seen) == ["consent-incomplete"]
    assert steps(seen)[-2:] == ["gmail-connected", "gmail-sender"]


def test_whoever_closes_the_page_cancels_and_begins_again(own_home: Home) -> None:
    seen = sit_down(own_home, with_chromium(closes=1, sittings=("gmail-sender",)), "cancelled")
    assert problems(seen) == []
    assert steps(seen).count("gmail-consent") == 2
    assert steps(seen)[-2:] == ["gmail-connected", "gmail-sender"]


def test_whoever_declines_may_try_again(own_home: Home) -> None:
    part = with_chromium(
        answers=answers(gmail_consent_stopped=[{}]),
        own_web=[signing_in(ANNA, decline=True), signing_in(ANNA)],
        sittings=("gmail-sender",),
    )
    seen = sit_down(own_home, part, "declined")
    assert problems(seen) == ["google-sign-in-cancelled"]
    assert steps(seen)[-2:] == ["gmail-connected", "gmail-sender"]


def test_signing_in_again_as_somebody_else_changes_nothing(own_home: Home) -> None:
    part = with_chromium(
        answers=answers(start=[{"choice": "set-up"}, {"choice": "reconnect"}]),
        own_web=[signing_in(ANNA), signing_in(BEN, other=True)],
        sittings=("done", "gmail-consent"),
    )
    seen = sit_down(own_home, part, "another-account")
    assert problems(seen) == ["other-account"]
    sitting.require_messages(seen, address=ANNA, alias=ALIAS, at_least=ARRIVING)


def test_a_sender_that_gmail_replaces_is_caught_by_what_arrives(own_home: Home) -> None:
    replaced = answers(
        gmail_sender=[{"choice": "other", "sender": "privacy@example.org"}],
        gmail_alias=[
            {"cell": "arrival", "recipient": ANNA},
            {"source": "{arrived}", "action": "compare"},
            {"action": "own"},
        ],
    )
    part = with_chromium(scenario="google-alias-replaced", answers=replaced)
    seen = sit_down(own_home, part, "replaced")
    assert [each["arrival"] for each in cells(seen, "gmail-alias")] == ["", "", "failed"]
    require_arrived(seen, ANNA)


def test_an_address_on_the_list_is_proven_by_one_more_permission(own_home: Home) -> None:
    listed = answers(
        gmail_sender=[{"choice": "other", "sender": NOTICES}],
        gmail_alias=[{"cell": "list"}, {"wait": "for the list"}, {}],
    )
    boxes = ("gmail-settings-basic", "gmail-send")
    seen = sit_down(
        own_home,
        with_chromium(answers=listed, own_web=[signing_in(ANNA), signing_in(ANNA, boxes=boxes)]),
        "listed",
    )
    assert cells(seen, "gmail-alias")[-1]["list"] == "passed"
    require_arrived(seen, NOTICES)
