"""The page for whoever looks after Google Workspace: what is asked for, why, and how to allow, limit and end it."""

from collections.abc import Iterator
from typing import Final

from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import AnyBlock, Document, Heading, Link, Mark, Paragraph, Points, Row, Table
from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND, SETTINGS
from sendwright.providers.contact import contact_of
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import application_name
from sendwright.providers.gmail.for_it.it_allowing import allowing
from sendwright.providers.gmail.for_it.it_domain import domain_records
from sendwright.providers.gmail.sender.adding import adding_document
from sendwright.providers.gmail.service_account.checks import checks_of, shown_of
from sendwright.providers.gmail.service_account.meaning import mark_of, meaning_of
from sendwright.senders.gmail.opening import scope_of
from sendwright.senders.gmail.settings import Route, Way
from sendwright.texts import lines, text
from sendwright.world import World

ADMIN_CONSOLE: Final = "https://admin.google.com/"
OAUTH_LOG_PATH: Final = "Admin console > Reporting > Audit and investigation > OAuth log events"
GMAIL_LOG_PATH: Final = "Admin console > Reporting > Audit and investigation > Gmail log events"
CONNECTIONS: Final = "https://myaccount.google.com/connections"
CONNECTIONS_PATH: Final = "Google Account > Security > Your connections to third-party apps & services"

_UNKNOWN = "\u2013"
_MARKS = {Verdict.PASSED: Mark.GOOD, Verdict.WARNING: Mark.ATTENTION, Verdict.FAILED: Mark.WRONG}
_CLASSES = {OPENID: "basic", EMAIL: "basic", SEND: "sensitive"}
_NAMES = {OPENID: "openid", EMAIL: "email", SEND: "send", SETTINGS: "settings"}


def it_sheet(answers: GmailAnswers, world: World) -> Document:
    """Return the page, filled in as far as the answers go."""
    return Document(id="gmail-it-sheet", title=text("gmail.it.title"), blocks=tuple(_blocks(answers, world)))


def _blocks(state: GmailAnswers, world: World) -> Iterator[AnyBlock]:
    way = state.way
    yield Paragraph(text=text(f"gmail.it.lead-{way}", platform=world.deployment.platform.name))
    yield _facts(state, world)
    yield Heading(text=text("gmail.it.scopes"))
    yield _scopes(state)
    yield Heading(text=text("gmail.it.cannot"))
    yield Points(items=lines(f"gmail.it.cannot-{way}{'' if state.route is Route.API else '-whole'}"))
    if is_personal(state):
        yield Paragraph(text=text("gmail.it.personal"))
    else:
        yield from allowing(state, world)
    yield Heading(text=text("gmail.it.sender"))
    if state.from_address.casefold() == state.mailbox.casefold():
        yield Paragraph(text=text("gmail.it.sender-own"))
    else:
        yield from adding_document(state).blocks
    yield Heading(text=text("gmail.it.limits"))
    yield Points(items=lines(f"gmail.it.limits-of-{'relay' if state.route is Route.RELAY else 'gmail'}"))
    yield from domain_records(state)
    if not is_personal(state):
        yield Heading(text=text("gmail.it.logs"))
        yield Link(label=text("gmail.it.oauth-log"), address=ADMIN_CONSOLE, path=OAUTH_LOG_PATH)
        yield Link(label=text("gmail.it.gmail-log"), address=ADMIN_CONSOLE, path=GMAIL_LOG_PATH)
        yield Paragraph(text=text("gmail.it.logs-how", client_id=_client_id(state, world)))
        if state.route is not Route.RELAY:  # what the relay takes is in no mailbox
            yield Paragraph(text=text("gmail.it.copy"))
    yield Heading(text=text("gmail.it.revoke"))
    yield Points(items=lines(f"gmail.it.revoke-{way}"))
    if way is Way.ACCOUNT:
        yield Link(label=text("gmail.it.connections"), address=CONNECTIONS, path=CONNECTIONS_PATH)
        yield Paragraph(text=text("gmail.it.revoke-ends"), strong=True)
    yield from _tried(state)
    yield from contact_of(world, texts="gmail.it")


def is_personal(state: GmailAnswers) -> bool:
    """Whether a personal account has signed in, which no Admin console knows."""
    return state.way is Way.ACCOUNT and state.account is not None and not state.account.domain


def _client_id(state: GmailAnswers, world: World) -> str:
    if state.way is Way.SERVICE_ACCOUNT:
        return state.service_account_id or _UNKNOWN
    return state.client_id or world.deployment.google.client_id or _UNKNOWN


def _facts(state: GmailAnswers, world: World) -> Table:
    service = state.way is Way.SERVICE_ACCOUNT
    found = {
        "product": "Sendwright",
        "publisher": _UNKNOWN if state.own or service else world.deployment.platform.name,
        "application": text("gmail.it.own-client") if state.own or service else application_name(world),
        "client-id": _client_id(state, world),
        "way": text(f"gmail.it.way-{state.way}"),
        "mailbox": state.mailbox or state.address or _UNKNOWN,
        "from": state.from_address or state.address or _UNKNOWN,
        "route": text(f"gmail.it.route-{state.route}"),
    }
    if service:
        found["service-account"] = state.service_account or _UNKNOWN
        found["proves-itself"] = text(f"gmail.it.{'keyless' if state.keyless else 'key'}")
    rows = (Row(cells=(text(f"gmail.it.facts.{name}"), value)) for name, value in found.items())
    return Table(rows=tuple(rows), caption=text("gmail.it.facts-caption"))


def _scopes(state: GmailAnswers) -> Table:
    """Return what is asked for; the list of sending addresses only where somebody agreed to it."""
    sends = scope_of(state.settings())
    names = [sends] if state.way is Way.SERVICE_ACCOUNT else [OPENID, EMAIL, sends]
    if SETTINGS in state.scopes or state.returning:
        names.append(SETTINGS)
    rows = tuple(
        Row(
            cells=(
                name,
                text(f"gmail.it.class-{_CLASSES.get(name, 'restricted')}"),
                text(f"gmail.it.why.{_NAMES.get(name, 'mail')}"),
            )
        )
        for name in names
    )
    return Table(rows=rows, columns=tuple(text(f"gmail.it.columns.{name}") for name in ("scope", "class", "why")))


def _tried(state: GmailAnswers) -> Iterator[AnyBlock]:
    if state.way is not Way.SERVICE_ACCOUNT:
        return
    values = {"mailbox": state.subject, "control": state.control}
    rows = []
    for check in checks_of(state):
        shown, meaning = shown_of(state, check), meaning_of(state, check)
        if shown is None or meaning is None:
            continue
        when = f"{shown.at.astimezone():%Y-%m-%d %H:%M %z}"
        cells = (when, text(f"gmail.delegation.cells.{check}", **values), text(f"gmail.delegation.meaning.{meaning}"))
        verdict = mark_of(meaning)
        rows.append(Row(cells=cells, mark=_MARKS.get(verdict, Mark.NONE) if verdict else Mark.NONE))
    if rows:
        yield Heading(text=text("gmail.it.tried"))
        columns = tuple(text(f"gmail.it.columns.{name}") for name in ("when", "what", "outcome"))
        yield Table(rows=tuple(rows), columns=columns)
