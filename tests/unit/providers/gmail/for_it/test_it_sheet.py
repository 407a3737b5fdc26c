"""The page for IT: what is asked for, how it is allowed, limited and ended, filled in as far as the answers go."""

import dataclasses

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import make_world
from tests.unit.providers.gmail.pictured import (
    ANNA,
    CLIENT,
    IDENTITY,
    LIST,
    NOTICES,
    SERVICE_ACCOUNT,
    UNIQUE_ID,
    account,
    granted,
    refused,
    service,
)

from sendwright.deployment import Deployment
from sendwright.deployment.model import Google, Platform
from sendwright.document.blocks import Command, Document, Heading, Link, Mark, Paragraph, Points, Row, Table
from sendwright.document.html import to_html
from sendwright.document.plain import to_plain
from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS
from sendwright.providers.gmail.answers import Check, GmailAnswers
from sendwright.providers.gmail.for_it.it_domain import SPF
from sendwright.providers.gmail.for_it.it_sheet import it_sheet
from sendwright.senders.gmail.settings import Route
from sendwright.texts import LANGUAGES, speaking
from sendwright.world import World

PERSONAL = Account(tenant="https://accounts.google.com", oid="3", username="clara@gmail.com")
STATES = {
    "account": account(),
    "own address": account(sender=""),
    "own client": account(own=True),
    "nobody yet": GmailAnswers(address=NOTICES),
    "personal": account(account=PERSONAL, sender=""),
    "smtp": account(route=Route.SMTP),
    "relay": account(route=Route.RELAY),
    "elsewhere": account(sender="sales@example.com", addresses=LIST),
    "service": service(),
    "service smtp": service(route=Route.SMTP),
    "keyless": service(key=None, keyless=True, identity=IDENTITY),
    "tried": service(
        control=NOTICES,
        checks={Check.SENDER: granted(), Check.BROADER: refused(), Check.CONTROL: granted()},
    ),
}


def world(**platform: str) -> World:
    deployment = Deployment(platform=Platform(**platform), google=Google(client_id=CLIENT, name="Notices app"))
    return dataclasses.replace(make_world(), deployment=deployment)


def sheet(state: GmailAnswers) -> Document:
    return it_sheet(state, world())


def facts(document: Document) -> dict[str, str]:
    [table] = [block for block in document.blocks if isinstance(block, Table) and not block.columns]
    return {row.cells[0]: row.cells[1] for row in table.rows}


def rows_of(document: Document, title: str) -> list[Row]:
    for block in document.blocks:
        if isinstance(block, Table) and block.columns and block.columns[0] == title:
            return list(block.rows)
    return []


def commands(document: Document) -> list[str]:
    return [block.value for block in document.blocks if isinstance(block, Command)]


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def words(document: Document) -> str:
    return to_plain(document)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_it_can_be_made_in_every_language_whatever_was_answered(state: GmailAnswers, language: str) -> None:
    with speaking(language):
        document = sheet(state)
        page, plain = to_html(document), to_plain(document)
    assert document.title in page
    assert document.title in plain
    assert len(headings(document)) == len(set(headings(document)))
    assert all(block.address.startswith("https://") for block in document.blocks if isinstance(block, Link))


def test_it_says_what_it_is_about_at_a_glance() -> None:
    found = facts(sheet(account()))
    assert found["Client ID"] == CLIENT
    assert found["Name of the app"] == "Notices app"
    assert found["Mailbox that sends"] == ANNA
    assert found["Sender that recipients see"] == NOTICES
    assert "Service account" not in found
    found = facts(sheet(service()))
    assert found["Client ID"] == UNIQUE_ID
    assert found["Service account"] == SERVICE_ACCOUNT
    assert found["Proves itself"] == "by a key"
    assert facts(sheet(STATES["keyless"]))["Proves itself"].startswith("without a key")
    assert facts(sheet(STATES["nobody yet"]))["Mailbox that sends"] == NOTICES


@pytest.mark.parametrize(
    ("state", "scopes"),
    [
        (account(), [OPENID, EMAIL, SEND]),
        (account(scopes=(OPENID, EMAIL, SEND, SETTINGS)), [OPENID, EMAIL, SEND, SETTINGS]),
        (account(returning=True), [OPENID, EMAIL, SEND, SETTINGS]),
        (account(route=Route.SMTP), [OPENID, EMAIL, MAIL]),
        (account(route=Route.RELAY), [OPENID, EMAIL, MAIL]),
        (service(), [SEND]),
        (service(route=Route.SMTP), [MAIL]),
    ],
)
def test_every_scope_stands_there_with_its_class_and_why(state: GmailAnswers, scopes: list[str]) -> None:
    rows = rows_of(sheet(state), "Scope")
    assert [row.cells[0] for row in rows] == scopes
    classes = {row.cells[0]: row.cells[1] for row in rows}
    assert all(row.cells[2] for row in rows)
    assert classes.get(SEND, "sensitive") == "sensitive"
    assert {classes[name] for name in scopes if name in {MAIL, SETTINGS}} <= {"restricted"}


def test_nobody_is_told_that_mail_cannot_be_read_where_the_scope_allows_it() -> None:
    assert "Read mail" in words(sheet(account()))
    for name in ("smtp", "relay", "service smtp"):
        assert "Read mail" not in words(sheet(STATES[name])), name


def test_an_app_is_trusted_by_its_client_id_and_a_service_account_is_entered_with_its_scope() -> None:
    assert CLIENT in commands(sheet(account()))
    assert CLIENT in commands(sheet(STATES["nobody yet"]))
    assert commands(sheet(service()))[:2] == [UNIQUE_ID, SEND]
    assert CLIENT not in commands(sheet(service()))


def test_a_personal_account_is_not_sent_to_an_admin_console() -> None:
    document = sheet(STATES["personal"])
    assert "personal account" in words(document)
    assert not any("Admin console" in block.path for block in document.blocks if isinstance(block, Link))
    assert "How to end it" in headings(document)


def test_only_the_relay_brings_its_settings() -> None:
    title = "Settings of the SMTP relay"
    assert [name for name, state in STATES.items() if title in headings(sheet(state))] == ["relay"]


def test_how_an_address_is_added_stands_there_only_where_another_is_wanted() -> None:
    assert "The address of a group" in headings(sheet(account()))
    assert "The address of a group" not in headings(sheet(STATES["own address"]))


@pytest.mark.parametrize(
    ("state", "spf", "heading"),
    [
        (account(), True, "Records of example.org"),
        (account(sender="sales@example.com", addresses=LIST), False, "Records of example.com"),
        (account(sender="clara@gmail.com"), False, ""),
        (service(), True, "Records of example.org"),
        (GmailAnswers(), False, ""),
    ],
)
def test_the_records_of_the_domain_name_google_where_google_sends(state: GmailAnswers, spf: bool, heading: str) -> None:
    document = sheet(state)
    assert (SPF in commands(document)) is spf
    assert [title for title in headings(document) if title.startswith("Records")] == ([heading] if heading else [])


def test_what_ending_ends_is_said_where_a_person_agreed() -> None:
    strong = [block.text for block in sheet(account()).blocks if isinstance(block, Paragraph) and block.strong]
    assert any("project" in text for text in strong)
    assert "Google Account" not in words(sheet(service()))


def test_the_logs_are_named_with_the_way_to_them() -> None:
    paths = [block.path for block in sheet(account()).blocks if isinstance(block, Link)]
    assert "Admin console > Reporting > Audit and investigation > OAuth log events" in paths
    assert "Admin console > Reporting > Audit and investigation > Gmail log events" in paths
    assert CLIENT in words(sheet(account()))


def test_what_was_tried_of_a_delegation_stands_there_with_its_meaning() -> None:
    rows = rows_of(sheet(STATES["tried"]), "When")
    assert [row.mark for row in rows] == [Mark.GOOD, Mark.GOOD, Mark.ATTENTION]
    assert rows_of(sheet(service()), "When") == []
    assert rows_of(sheet(account(checks={Check.SENDER: granted()})), "When") == []


def test_the_limits_are_those_of_google() -> None:
    [limits] = [block for block in sheet(account()).blocks if isinstance(block, Points) and "2,000" in block.items[0]]
    together = " ".join(limits.items)
    assert all(number in together for number in ("2,000", "500", "10,000", "3,000", "100", "60", "25 MB"))


def test_whom_to_ask_stands_at_the_end() -> None:
    document = it_sheet(account(), world(support_contact="help@platform.example", help_url="https://platform.example"))
    assert "help@platform.example" in to_plain(document)
    assert "https://platform.example" in to_plain(document)
    unsafe = it_sheet(account(), world(help_url="http://platform.example"))
    assert "http://platform.example" not in to_plain(unsafe)
    assert "help@" not in to_plain(unsafe)


def test_nothing_secret_stands_in_it() -> None:
    for state in STATES.values():
        document = sheet(replace(state, recipient="director@example.com"))
        assert "google-grant" not in repr(document)
        assert "service-account-key" not in repr(document)


def test_the_limits_of_the_relay_are_its_own() -> None:
    plain = to_plain(sheet(account(route=Route.RELAY)))
    assert "319,444" in plain
    assert "2,000 messages" not in plain
    assert "319,444" not in to_plain(sheet(account(route=Route.SMTP)))


@pytest.mark.parametrize(("route", "kept"), [(Route.API, True), (Route.SMTP, True), (Route.RELAY, False)])
def test_only_the_relay_leaves_no_copy(route: Route, kept: bool) -> None:
    assert ("folder Sent" in to_plain(sheet(account(route=route)))) is kept
