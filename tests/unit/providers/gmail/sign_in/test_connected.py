"""The page after the sign-in marks what fits and what may surprise; what Google showed is read where it is pasted."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import ignore
from tests.unit.providers.gmail.flows import ALL, ANNA, ASKED, CLARA, NOW, OWN, SERVICE, SIGNED_IN, flow_world

from sendwright.document.blocks import Mark, Points, Table
from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SETTINGS
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sign_in.connected import connected_page
from sendwright.providers.gmail.sign_in.connected_step import ConnectedStep
from sendwright.providers.gmail.sign_in.shown_step import ShownStep
from sendwright.screens import Elsewhere, Form, Halted, Rejected, Sheet
from sendwright.texts import lines, text

CONNECTED, SHOWN = ConnectedStep(), ShownStep()
CALENDAR = "https://www.googleapis.com/auth/calendar"
NOBODYS = Account(tenant=ANNA.tenant, oid="9", username="info@example.org")
"""A personal account whose address is not one of Gmail's."""


def marks(state: GmailAnswers) -> dict[str, tuple[str, Mark]]:
    table = next(block for block in connected_page(state).blocks if isinstance(block, Table))
    return {row.cells[0]: (row.cells[1], row.mark) for row in table.rows}


def mark(state: GmailAnswers, name: str) -> Mark | None:
    row = marks(state).get(text(f"gmail.connected.{name}"))
    return row[1] if row else None


@pytest.mark.parametrize(
    ("state", "name", "expected"),
    [
        (SIGNED_IN, "account", Mark.GOOD),
        (SIGNED_IN, "kind", Mark.NONE),
        (replace(SIGNED_IN, account=CLARA), "kind", Mark.ATTENTION),
        (replace(SIGNED_IN, account=CLARA, address="clara@gmail.com"), "kind", Mark.NONE),
        (replace(SIGNED_IN, account=CLARA, address=""), "kind", Mark.NONE),
        (SIGNED_IN, "allowed", Mark.GOOD),
        (SIGNED_IN, "lacking", None),
        (replace(SIGNED_IN, scopes=(OPENID, EMAIL)), "lacking", Mark.WRONG),
        (SIGNED_IN, "beyond", None),
        (replace(SIGNED_IN, scopes=(*ALL, CALENDAR)), "beyond", Mark.ATTENTION),
        (replace(SIGNED_IN, scopes=(*ALL, MAIL)), "beyond", Mark.ATTENTION),
        (replace(SIGNED_IN, scopes=(*ALL, SETTINGS)), "beyond", None),
        (SIGNED_IN, "since", Mark.NONE),
        (SIGNED_IN, "ends-at", Mark.NONE),
        (replace(SIGNED_IN, ends_at=NOW), "ends-at", Mark.ATTENTION),
    ],
)
def test_each_fact_is_marked(state: GmailAnswers, name: str, expected: Mark | None) -> None:
    assert mark(state, name) == expected


def test_what_would_end_it_stands_below() -> None:
    for state, key in ((SIGNED_IN, "gmail.plan.ends-platform"), (replace(SIGNED_IN, own=True), "gmail.plan.ends-own")):
        page = connected_page(state)
        assert [block.items for block in page.blocks if isinstance(block, Points)] == [lines(key)]


@pytest.mark.parametrize(
    ("account", "address", "keys"),
    [
        (ANNA, "notices@example.org", []),
        (ANNA, "", []),
        (ANNA, "notices@example.com", ["gmail.connected.other-domain"]),
        (replace(ANNA, username="anna@sub.example"), "notices@sub.example", []),
        (CLARA, "clara@gmail.com", []),
        (CLARA, "", []),
        (CLARA, "notices@example.org", ["gmail.connected.personal-instead"]),
        (NOBODYS, "info@example.org", ["gmail.connected.no-workspace"]),
        (NOBODYS, "clara@gmail.com", ["gmail.connected.no-workspace"]),
    ],
)
def test_an_account_that_may_surprise_is_told(account: Account, address: str, keys: list[str]) -> None:
    screen = CONNECTED.show(replace(SIGNED_IN, account=account, address=address), flow_world())
    assert isinstance(screen, Sheet)
    assert [notice.key for notice in screen.notices] == keys
    for notice in screen.notices:
        assert account.username in text(notice.key, **notice.values)


def test_the_day_on_which_it_ends_is_said_at_once() -> None:
    screen = CONNECTED.show(replace(SIGNED_IN, ends_at=NOW + timedelta(days=7)), flow_world())
    assert isinstance(screen, Sheet)
    assert [(notice.key, notice.warning) for notice in screen.notices] == [("gmail.connected.ends", True)]
    assert "2026-11-27" in text(screen.notices[0].key, **screen.notices[0].values)


@pytest.mark.parametrize(("reconnecting", "actions"), [(False, ["other-account"]), (True, [])])
def test_a_reconnection_offers_nobody_else(actions: list[str], *, reconnecting: bool) -> None:
    screen = CONNECTED.show(replace(SIGNED_IN, reconnecting=reconnecting), flow_world())
    assert [action.name for action in screen.actions] == actions


@pytest.mark.parametrize(
    ("state", "applies"), [(SIGNED_IN, True), (ASKED, False), (SERVICE, False), (replace(OWN, account=ANNA), True)]
)
def test_it_comes_once_somebody_signed_in(state: GmailAnswers, *, applies: bool) -> None:
    assert CONNECTED.applies(state) is applies


async def test_going_on_changes_nothing_and_somebody_else_begins_from_nothing() -> None:
    assert await CONNECTED.accept(SIGNED_IN, {}, flow_world(), ignore) == SIGNED_IN
    with pytest.raises(Elsewhere) as elsewhere:
        await CONNECTED.accept(SIGNED_IN, {"action": "other-account"}, flow_world(), ignore)
    assert (elsewhere.value.step, elsewhere.value.state) == ("gmail-prepare", ASKED)


def test_what_google_showed_is_asked_for_only_on_demand() -> None:
    assert not SHOWN.applies(ASKED)
    screen = SHOWN.show(replace(ASKED, words="Error 400"), flow_world())
    assert isinstance(screen, Form)
    assert [(field.name, field.value) for field in screen.fields] == [("words", "Error 400")]


@pytest.mark.parametrize(
    ("state", "words", "code", "first"),
    [
        (ASKED, "Error 400: admin_policy_enforced", "google-app-blocked-by-admin", "not-me"),
        (ASKED, "Error 403: org_internal", "google-other-organisation", "again"),
        (OWN, "Error 400: redirect_uri_mismatch", "google-redirect-not-registered", "change-client"),
        (OWN, "Error 401: deleted_client", "google-client-removed", "change-client"),
        (ASKED, "Error 403: disallowed_useragent", "google-embedded-browser", "again"),
        (ASKED, "Something went wrong", "unrecognised", "again"),
    ],
)
async def test_what_is_pasted_becomes_a_named_problem(state: GmailAnswers, words: str, code: str, first: str) -> None:
    with pytest.raises(Halted) as halted:
        await SHOWN.accept(state, {"words": words}, flow_world(), ignore)
    assert halted.value.problem.code == code
    assert halted.value.actions[0].name == first
    after = halted.value.state
    assert isinstance(after, GmailAnswers)
    assert after.words == words


async def test_nothing_pasted_is_said_at_the_field() -> None:
    with pytest.raises(Rejected) as rejected:
        await SHOWN.accept(ASKED, {"words": " \n"}, flow_world(), ignore)
    assert rejected.value.fields == {"words": "gmail.shown.words-missing"}


async def test_a_secret_in_what_is_pasted_is_not_kept() -> None:
    words = "Error 400: invalid_request https://accounts.google.com/?code=4/0AeanS0aVerySecretCodeOfGoogle&x=1"
    with pytest.raises(Halted) as halted:
        await SHOWN.accept(ASKED, {"words": words}, flow_world(), ignore)
    assert "VerySecretCode" not in repr((halted.value.problem, halted.value.state))


async def test_one_may_go_back_to_the_sign_in() -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await SHOWN.accept(ASKED, {"action": "again"}, flow_world(), ignore)
    assert elsewhere.value.step == "gmail-prepare"
