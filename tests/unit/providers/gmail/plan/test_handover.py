"""What is passed on to an administrator stands alone, names the exact client, and holds no secret."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import ignore
from tests.unit.providers.gmail.flows import (
    ASKED,
    CLIENT,
    CLIENT_SECRET,
    NOW,
    OWN,
    OWN_CLIENT,
    SERVICE,
    SIGNED_IN,
    flow_world,
)

from sendwright.document.blocks import Command, Document, Link, Mail, QrCode, Table
from sendwright.document.plain import to_plain
from sendwright.oauth.google.scopes import MAIL, SEND
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.plan.handover import APP_ACCESS, handover_page, waiting_page
from sendwright.providers.gmail.plan.handover_step import HandoverStep
from sendwright.screens import Elsewhere, Sheet
from sendwright.senders.gmail.settings import Route
from sendwright.texts import LANGUAGES, speaking, text

STEP = HandoverStep()
WAITING = replace(ASKED, asked_at=NOW)


def commands(page: Document) -> list[str]:
    return [block.value for block in page.blocks if isinstance(block, Command)]


@pytest.mark.parametrize(("state", "client"), [(ASKED, CLIENT), (OWN, OWN_CLIENT)])
def test_the_exact_client_stands_in_every_form(state: GmailAnswers, client: str) -> None:
    world = flow_world()
    waiting = waiting_page(state, world)
    assert commands(waiting) == [client, APP_ACCESS]
    mail = next(block for block in waiting.blocks if isinstance(block, Mail))
    assert client in mail.body
    assert APP_ACCESS in mail.body
    assert [block.value for block in waiting.blocks if isinstance(block, QrCode)] == [APP_ACCESS]
    page = handover_page(state, world)
    assert client in commands(page)
    cells = {row.cells for block in page.blocks if isinstance(block, Table) for row in block.rows}
    assert (text("gmail.handover.client-id"), client) in cells
    assert [block.address for block in page.blocks if isinstance(block, Link)] == [APP_ACCESS]


@pytest.mark.parametrize(("route", "scope"), [(Route.API, SEND), (Route.SMTP, MAIL), (Route.RELAY, MAIL)])
def test_what_is_to_be_allowed_is_named_as_the_console_names_it(route: Route, scope: str) -> None:
    state = replace(ASKED, route=route)
    assert scope in to_plain(handover_page(state, flow_world()))
    mail = next(block for block in waiting_page(state, flow_world()).blocks if isinstance(block, Mail))
    assert scope in mail.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_it_is_secret_in_any_language(language: str) -> None:
    with speaking(language):
        pages = (waiting_page(ASKED, flow_world()), handover_page(ASKED, flow_world()))
        for page in pages:
            assert CLIENT_SECRET not in to_plain(page)
            assert "{" not in to_plain(page)
            assert page.title


@pytest.mark.parametrize(
    ("state", "applies"),
    [
        (WAITING, True),
        (ASKED, False),
        (replace(SIGNED_IN, asked_at=NOW), False),
        (replace(SERVICE, asked_at=NOW), False),
    ],
)
def test_it_waits_until_somebody_signed_in(state: GmailAnswers, *, applies: bool) -> None:
    assert STEP.applies(state) is applies


def test_since_when_it_is_waited_for_is_shown_and_nothing_looks_by_itself() -> None:
    screen = STEP.show(replace(WAITING, asked_at=NOW - timedelta(days=2)), flow_world())
    assert isinstance(screen, Sheet)
    assert [notice.key for notice in screen.notices] == ["gmail.handover.since"]
    assert screen.retry is None
    assert [document.id for document in screen.documents][:1] == ["gmail-hand-over"]


async def test_hearing_that_it_was_allowed_leads_to_the_sign_in() -> None:
    assert await STEP.accept(WAITING, {}, flow_world(), ignore) == WAITING


async def test_whoever_waits_no_longer_signs_in() -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await STEP.accept(WAITING, {"action": "myself"}, flow_world(), ignore)
    assert (elsewhere.value.step, elsewhere.value.state) == ("gmail-prepare", ASKED)
