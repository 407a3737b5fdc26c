"""The page for whoever looks after Microsoft 365: what is asked for, why, and how to grant, check and undo it."""

from collections.abc import Iterator

from sendwright.document.blocks import AnyBlock, Document, Heading, Link, Mark, Paragraph, Points, Row, Table
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.providers.contact import contact_of
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.cells import combinations
from sendwright.providers.microsoft365.board.rights import good
from sendwright.providers.microsoft365.for_it.ending import ending
from sendwright.providers.microsoft365.for_it.it_commands import commands
from sendwright.providers.microsoft365.permissions import needed, wanted
from sendwright.senders.graph.settings import Route, Way
from sendwright.texts import lines, text
from sendwright.world import World

ADDRESSES = "https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges"
SIGN_IN_LOGS = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/SignInEventsV3Blade"
MESSAGE_TRACE = "https://admin.exchange.microsoft.com/#/messagetrace"

_SIGN_INS = "Entra admin center > Entra ID > Monitoring & health > Sign-in logs"
_UNKNOWN = "\u2013"


def it_sheet(answers: MicrosoftAnswers, world: World) -> Document:
    """Return the page, filled in as far as the answers go."""
    return Document(
        id="microsoft-365-it-sheet",
        title=text("microsoft365.it.title"),
        blocks=tuple(_blocks(answers, world)),
    )


def application_name(world: World) -> str:
    """Return what the consent page calls the application."""
    return world.deployment.microsoft.name or world.deployment.platform.name


def _blocks(state: MicrosoftAnswers, world: World) -> Iterator[AnyBlock]:
    way = state.way
    yield Paragraph(text=text(f"microsoft365.it.lead-{way}", platform=world.deployment.platform.name))
    yield _facts(state, world)
    yield Heading(text=text("microsoft365.it.permissions"))
    yield _permissions(state)
    yield Paragraph(text=text(f"microsoft365.it.who-grants-{way}"))
    yield Heading(text=text("microsoft365.it.cannot"))
    yield Points(items=lines(f"microsoft365.it.cannot-{way}"))
    yield from commands(state, name=application_name(world), proof_to=state.recipient)
    yield Heading(text=text("microsoft365.it.limits"))
    yield Points(items=lines("microsoft365.it.limits-of-exchange"))
    yield Heading(text=text("microsoft365.it.addresses"))
    yield Paragraph(text=text("microsoft365.it.addresses-change"))
    yield Link(label=text("microsoft365.it.addresses-list"), address=ADDRESSES)
    yield Heading(text=text("microsoft365.it.logs"))
    yield from _logs(state)
    yield from _smtp(state)
    yield from _proofs(state)
    yield from contact_of(world, texts="microsoft365.it")


def _logs(state: MicrosoftAnswers) -> Iterator[AnyBlock]:
    """Yield where sign-ins and messages are logged; of the national clouds only the way by menus is known."""
    places = (
        ("sign-in-logs", SIGN_IN_LOGS, f"{_SIGN_INS}{_tab(state.way)}"),
        ("message-trace", MESSAGE_TRACE, "Exchange admin center > Mail flow > Message trace"),
    )
    for name, address, path in places:
        label = text(f"microsoft365.it.{name}")
        if CLOUDS[state.cloud or "global"].login == CLOUDS["global"].login:
            yield Link(label=label, address=address, path=path)
        else:
            yield Paragraph(text=f"{label} ({path})")
    yield Paragraph(text=text("microsoft365.it.sign-in-logs-how", client_id=state.client_id or _UNKNOWN))


def _tab(way: Way) -> str:
    """Return the part of the page: an application's sign-ins stand apart from those of people."""
    return " > Service principal sign-ins" if way is Way.APPLICATION else " > User sign-ins (non-interactive)"


def _facts(state: MicrosoftAnswers, world: World) -> Table:
    account = state.account
    found = {
        "product": "Sendwright",
        "publisher": _UNKNOWN if state.own else world.deployment.platform.name,
        "application": application_name(world) if not state.own else text("microsoft365.it.own-registration"),
        "client-id": state.client_id or world.deployment.microsoft.client_id or _UNKNOWN,
        "tenant": state.tenant_id or state.tenant or _UNKNOWN,
        "cloud": text(f"microsoft365.clouds.{state.cloud or world.deployment.microsoft.cloud}"),
        "way": text(f"microsoft365.it.way-{state.way}"),
        "sender": state.mailbox or state.address or _UNKNOWN,
        "route": text(f"microsoft365.board.route-{Route.MAILBOX if state.way is Way.APPLICATION else state.route}"),
    }
    if state.way is Way.ACCOUNT:
        found["account"] = f"{account.name} <{account.username}>" if account else _UNKNOWN
    elif state.control:
        found["control"] = state.control
    rows = (Row(cells=(text(f"microsoft365.it.facts.{name}"), value)) for name, value in found.items())
    return Table(rows=tuple(rows), caption=text("microsoft365.it.facts-caption"))


def _permissions(state: MicrosoftAnswers) -> Table:
    kind = text(f"microsoft365.it.kind-{state.way}")
    names = dict.fromkeys((*wanted(state), *needed(state)))
    if state.way is Way.ACCOUNT:
        names["offline_access"] = None
    rows = tuple(
        Row(cells=(name, kind, text(f"microsoft365.it.why.{state.way}-{name.replace('.', '-').lower()}")))
        for name in names
    )
    columns = tuple(text(f"microsoft365.it.columns.{name}") for name in ("permission", "kind", "why"))
    return Table(rows=rows, columns=columns)


def _smtp(state: MicrosoftAnswers) -> Iterator[AnyBlock]:
    yield Heading(text=text("microsoft365.it.smtp-passwords"))
    yield Paragraph(
        text=text("microsoft365.it.smtp-not-used" if state.route is not Route.SMTP else "microsoft365.it.smtp-token")
    )
    dates = ending()
    yield Points(
        items=tuple(text(f"microsoft365.ending.{one.name}", day=one.after.isoformat()) for one in dates.change)
    )
    yield Paragraph(text=text("microsoft365.ending.source", source=dates.source, checked=dates.checked))


def _proofs(state: MicrosoftAnswers) -> Iterator[AnyBlock]:
    rows = []
    for one in combinations(state) if state.mailbox else ():
        proof = state.proofs.get(one.id)
        if proof is None:
            continue
        fine = good(proof, one, state)
        outcome = "accepted" if proof.accepted else "refused"
        what = text(f"microsoft365.it.outcome.{outcome}")
        if not proof.accepted and proof.missing:
            what = f"{what}: {text(f'microsoft365.board.missing.{proof.missing}')}"
        when = f"{proof.at.astimezone():%Y-%m-%d %H:%M %z}"
        cells = (when, f"{one.mailbox} ({one.id})", what, proof.request_id or _UNKNOWN)
        rows.append(Row(cells=cells, mark=Mark.GOOD if fine else Mark.WRONG))
    if not rows:
        return
    yield Heading(text=text("microsoft365.it.proofs"))
    columns = tuple(text(f"microsoft365.it.columns.{name}") for name in ("when", "what", "outcome", "request-id"))
    yield Table(rows=tuple(rows), columns=columns)
