"""What the token really allows, against what the chosen way needs: said of it, never the token itself."""

from datetime import datetime

from sendwright.document.blocks import Document, Mark, Paragraph, Row, Table
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.lens import TokenView
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import beyond, missing, needed
from sendwright.senders.graph.settings import Way
from sendwright.texts import here, text
from sendwright.world import World

_GRAPH_ID = "00000003-0000-0000-c000-000000000000"
"""How tokens of some applications name Microsoft Graph."""


def connected_page(state: MicrosoftAnswers, world: World) -> Document:
    """Return the table: name, what was given, what is needed."""
    rows = _account(state, world.clock()) if state.way is Way.ACCOUNT else _application(state)
    columns = tuple(text(f"microsoft365.connected.{column}") for column in ("fact", "given", "wanted"))
    note = Paragraph(text=text(f"microsoft365.connected.note-{state.way}"))
    table = Table(columns=columns, rows=rows, caption=text("microsoft365.connected.caption"))
    return Document(id="microsoft-365-connected", title=text("microsoft365.connected.caption"), blocks=(table, note))


def _account(state: MicrosoftAnswers, now: datetime) -> tuple[Row, ...]:
    account, view = state.account, state.token
    username = account.username if account else ""
    rows = [_row("account", username, username, Mark.GOOD), *_permissions(state)]
    if view is None or not view.readable:
        return (*rows, _row("token", text("microsoft365.connected.opaque"), "", Mark.ATTENTION))
    return (*rows, *_of_token(view, state, now))


def _of_token(view: TokenView, state: MicrosoftAnswers, now: datetime) -> tuple[Row, ...]:
    graph = CLOUDS[state.cloud or "global"].graph
    rows = [
        _compared("audience", view.audience, graph, also=(f"{graph}/", _GRAPH_ID, state.registration.place.graph)),
        _compared("tenant", view.tenant, state.tenant_id),
        _compared("application", view.app_id, state.client_id),
    ]
    if view.username and state.account is not None:
        rows.append(_compared("signed-in", view.username, state.account.username, doubt=Mark.ATTENTION))
    if view.expires_at is not None:
        lasts = view.expires_at > now
        until = here(view.expires_at)
        rows.append(
            _row("expires", until, text("microsoft365.connected.renewed"), Mark.GOOD if lasts else Mark.ATTENTION)
        )
    return tuple(rows)


def _application(state: MicrosoftAnswers) -> tuple[Row, ...]:
    permissions = _permissions(state)
    if not state.scopes:
        by_exchange = text("microsoft365.connected.by-exchange")
        permissions = (_row("permissions", by_exchange, ", ".join(needed(state)), Mark.ATTENTION),)
    return (
        _row("application", state.client_id, state.client_id, Mark.GOOD),
        _row("tenant", state.tenant_id, state.tenant_id, Mark.GOOD),
        *permissions,
    )


def _permissions(state: MicrosoftAnswers) -> tuple[Row, ...]:
    given, wants = ", ".join(state.scopes), ", ".join(needed(state))
    rows = [_row("permissions", given, wants, Mark.WRONG if missing(state, state.scopes) else Mark.GOOD)]
    more = beyond(state, state.scopes)
    if more:
        rows.append(_row("beyond", ", ".join(more), text("microsoft365.connected.not-asked"), Mark.ATTENTION))
    return tuple(rows)


def _compared(name: str, given: str, wanted: str, *, also: tuple[str, ...] = (), doubt: Mark = Mark.WRONG) -> Row:
    fits = given.casefold() in {one.casefold() for one in (wanted, *also)}
    return _row(name, given or text("microsoft365.connected.unsaid"), wanted, Mark.GOOD if fits else doubt)


def _row(name: str, given: str, wanted: str, mark: Mark) -> Row:
    return Row(cells=(text(f"microsoft365.connected.{name}"), given, wanted), mark=mark)
