"""What a token says against what is needed: marks in front, never the token itself."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import (
    APPLICATION,
    CLIENT,
    NOW,
    OTHER_TENANT,
    SHARED,
    SIGNED_IN,
    TENANT,
    flow_world,
    ignore,
)

from sendwright import texts
from sendwright.document.blocks import Document, Mark, Row, Table
from sendwright.oauth.lens import OPAQUE, TokenView, read_token
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.sign_in.connected import connected_page
from sendwright.providers.microsoft365.sign_in.connected_step import ConnectedStep
from sendwright.screens import Elsewhere, Sheet
from sendwright.secret import Secret

VIEW = TokenView(
    readable=True,
    audience="https://graph.microsoft.com",
    scopes=("Mail.Send", "Mail.Send.Shared", "User.Read"),
    tenant=TENANT,
    username="ben@contoso.com",
    app_id=CLIENT,
    expires_at=NOW + timedelta(hours=1),
)


def rows(page: Document) -> dict[str, Row]:
    """The rows by their first cell's key."""
    table = next(block for block in page.blocks if isinstance(block, Table))
    names = {texts.text(f"microsoft365.connected.{name}"): name for name in NAMES}
    return {names[row.cells[0]]: row for row in table.rows}


NAMES = (
    "account", "permissions", "beyond", "token", "audience", "tenant", "application", "signed-in", "expires",
)  # fmt: skip


def marks(state: MicrosoftAnswers) -> dict[str, Mark]:
    return {name: row.mark for name, row in rows(connected_page(state, flow_world())).items()}


def test_what_fits_is_marked_good() -> None:
    found = marks(replace(SIGNED_IN, token=VIEW))
    assert set(found) == {"account", "permissions", "audience", "tenant", "application", "signed-in", "expires"}
    assert set(found.values()) == {Mark.GOOD}


@pytest.mark.parametrize(
    ("changes", "row", "mark"),
    [
        ({"audience": "https://graph.microsoft.com/"}, "audience", Mark.GOOD),
        ({"audience": "00000003-0000-0000-c000-000000000000"}, "audience", Mark.GOOD),
        ({"audience": "https://outlook.office.com"}, "audience", Mark.WRONG),
        ({"audience": ""}, "audience", Mark.WRONG),
        ({"tenant": TENANT.upper()}, "tenant", Mark.GOOD),
        ({"tenant": OTHER_TENANT}, "tenant", Mark.WRONG),
        ({"app_id": OTHER_TENANT}, "application", Mark.WRONG),
        ({"username": "ben.example@contoso.com"}, "signed-in", Mark.ATTENTION),
        ({"expires_at": NOW - timedelta(seconds=1)}, "expires", Mark.ATTENTION),
    ],
)
def test_what_differs_is_marked(changes: dict[str, object], row: str, mark: Mark) -> None:
    found = marks(replace(SIGNED_IN, token=replace(VIEW, **changes)))
    assert found[row] is mark
    assert {other for name, other in found.items() if name != row} == {Mark.GOOD}


def test_a_national_cloud_has_an_audience_of_its_own() -> None:
    state = replace(SIGNED_IN, cloud="us-government-high", token=replace(VIEW, audience="https://graph.microsoft.us"))
    assert marks(state)["audience"] is Mark.GOOD
    assert marks(replace(state, token=VIEW))["audience"] is Mark.WRONG


def test_a_missing_permission_is_wrong_and_one_too_many_is_worth_a_look() -> None:
    lacking = replace(SIGNED_IN, token=VIEW, scopes=("User.Read",))
    assert marks(lacking)["permissions"] is Mark.WRONG
    plenty = replace(SIGNED_IN, token=VIEW, scopes=(*SIGNED_IN.scopes, "Mail.ReadWrite"))
    found = rows(connected_page(plenty, flow_world()))
    assert found["permissions"].mark is Mark.GOOD
    assert (found["beyond"].mark, found["beyond"].cells[1]) == (Mark.ATTENTION, "Mail.ReadWrite")


@pytest.mark.parametrize("view", [None, OPAQUE])
def test_a_token_that_nobody_can_look_into_is_no_failure(view: TokenView | None) -> None:
    found = marks(replace(SIGNED_IN, token=view))
    assert found == {"account": Mark.GOOD, "permissions": Mark.GOOD, "token": Mark.ATTENTION}


def test_what_is_not_said_is_called_so() -> None:
    found = rows(connected_page(replace(SIGNED_IN, token=replace(VIEW, app_id="")), flow_world()))
    assert found["application"].cells[1] == texts.text("microsoft365.connected.unsaid")


@pytest.mark.parametrize(("scopes", "mark"), [(("Mail.Send",), Mark.GOOD), ((), Mark.ATTENTION)])
def test_an_application_shows_what_the_backend_saw(scopes: tuple[str, ...], mark: Mark) -> None:
    found = rows(connected_page(replace(APPLICATION, scopes=scopes), flow_world()))
    assert found["permissions"].mark is mark
    assert found["application"].cells[1] == CLIENT
    assert found["tenant"].cells[1] == TENANT


@given(st.dictionaries(st.sampled_from(["aud", "scp", "tid", "upn", "appid", "exp", "roles"]), st.text(max_size=40)))
def test_whatever_a_token_says_the_page_holds_three_cells_a_row_and_no_token(claims: dict[str, str]) -> None:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({}, claims)]
    token = f"{parts[0]}.{parts[1]}.signature-never-shown"
    page = connected_page(replace(SIGNED_IN, token=read_token(Secret(token))), flow_world())
    table = next(block for block in page.blocks if isinstance(block, Table))
    assert all(len(row.cells) == 3 for row in table.rows)
    assert "signature-never-shown" not in repr(page)
    assert parts[1] not in repr(page)


def shown(state: MicrosoftAnswers) -> Sheet:
    screen = ConnectedStep().show(state, flow_world())
    assert isinstance(screen, Sheet)
    return screen


@pytest.mark.parametrize(
    ("state", "actions", "warned"),
    [
        (SIGNED_IN, ["other-account", "also-smtp"], False),
        (replace(SIGNED_IN, scopes=("User.Read",)), ["agree-again", "other-account", "also-smtp"], True),
        (replace(SIGNED_IN, reconnecting=True), [], False),
        (
            replace(SIGNED_IN, mailbox=SHARED, scopes=("Mail.Send",)),
            ["agree-again", "other-account", "also-smtp"],
            True,
        ),
        (replace(SIGNED_IN, scopes=(*SIGNED_IN.scopes, "SMTP.Send")), ["other-account"], False),
        (APPLICATION, [], False),
    ],
)
def test_the_page_offers_what_helps(state: MicrosoftAnswers, actions: list[str], *, warned: bool) -> None:
    screen = shown(state)
    assert [action.name for action in screen.actions] == actions
    assert [notice.key for notice in screen.notices] == (["microsoft365.connected.missing"] if warned else [])
    assert all(texts.text(action.label) for action in screen.actions)


def test_it_comes_once_somebody_is_connected() -> None:
    step = ConnectedStep()
    assert step.applies(SIGNED_IN)
    assert step.applies(APPLICATION)
    assert not step.applies(replace(SIGNED_IN, account=None))
    assert not step.applies(replace(APPLICATION, consented=False))


@pytest.mark.parametrize("action", ["other-account", "agree-again", "also-smtp"])
async def test_signing_in_once_more_begins_from_nothing(action: str) -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await ConnectedStep().accept(SIGNED_IN, {"action": action}, flow_world(), ignore)
    state = elsewhere.value.state
    assert isinstance(state, MicrosoftAnswers)
    assert elsewhere.value.step == "ms-prepare"
    assert (state.account, state.scopes) == (None, ())
    assert state.agree_again is (action != "other-account")
    assert state.smtp is (action == "also-smtp")


async def test_going_on_changes_nothing() -> None:
    assert await ConnectedStep().accept(SIGNED_IN, {}, flow_world(), ignore) == SIGNED_IN
