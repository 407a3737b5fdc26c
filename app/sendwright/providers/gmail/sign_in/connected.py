"""What a sign-in has given, against what is needed; and until when."""

from sendwright.document.blocks import AnyBlock, Document, Heading, Mark, Points, Row, Table
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.domains import is_personal
from sendwright.providers.gmail.permissions import BASIC, beyond, missing, short, text_name
from sendwright.texts import here, lines, text


def connected_page(state: GmailAnswers) -> Document:
    """Return the page: who, what is allowed, until when, and what would end it."""
    blocks: tuple[AnyBlock, ...] = (
        Table(rows=_rows(state), caption=text("gmail.connected.caption")),
        Heading(text=text("gmail.connected.would-end")),
        Points(items=lines("gmail.plan.ends-own" if state.own else "gmail.plan.ends-platform")),
    )
    return Document(id="gmail-connected", title=text("gmail.connected.title"), blocks=blocks)


def _rows(state: GmailAnswers) -> tuple[Row, ...]:
    account = state.account
    username = account.username if account else ""
    name = f"{account.name} <{username}>" if account and account.name else username
    domain = account.domain if account else ""
    kind = text("gmail.connected.workspace", domain=domain) if domain else text("gmail.connected.personal")
    rows = [
        _row("account", name, Mark.GOOD),
        _row("kind", kind, Mark.NONE if domain or not state.address or is_personal(state.address) else Mark.ATTENTION),
        *(
            _row("allowed", text(f"gmail.allowed.{text_name(scope)}", permission=short(scope)), Mark.GOOD)
            for scope in state.scopes
            if scope not in BASIC and scope not in beyond(state, state.scopes)
        ),
        *(_row("lacking", scope, Mark.WRONG) for scope in missing(state, state.scopes)),
    ]
    more = beyond(state, state.scopes)
    if more:
        rows.append(_row("beyond", ", ".join(map(short, more)), Mark.ATTENTION))
    if state.granted_at is not None:
        rows.append(_row("since", here(state.granted_at), Mark.NONE))
    ends = here(state.ends_at) if state.ends_at else text("gmail.connected.no-set-day")
    rows.append(_row("ends-at", ends, Mark.ATTENTION if state.ends_at else Mark.NONE))
    return tuple(rows)


def _row(name: str, value: str, mark: Mark) -> Row:
    return Row(cells=(text(f"gmail.connected.{name}"), value), mark=mark)
