"""The part of the IT sheet about the Admin console: how the app is trusted, and how far it can be limited."""

from collections.abc import Iterator
from typing import Final

from sendwright.document.blocks import AnyBlock, Command, Heading, Link, Paragraph, Points
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.plan.handover import APP_ACCESS, APP_ACCESS_PATH
from sendwright.providers.gmail.service_account.delegation_document import (
    DELEGATION,
    DELEGATION_PATH,
    delegated_scopes,
)
from sendwright.senders.gmail.settings import Route, Way
from sendwright.texts import lines, text
from sendwright.world import World

RELAY: Final = "https://admin.google.com/"
RELAY_PATH: Final = "Admin console > Apps > Google Workspace > Gmail > Routing > SMTP relay service"


def allowing(state: GmailAnswers, world: World) -> Iterator[AnyBlock]:
    """Yield how the app or the service account is allowed, and limited; the relay where messages take it."""
    yield Heading(text=text("gmail.it.allow"))
    if state.way is Way.SERVICE_ACCOUNT:
        yield Points(items=lines("gmail.delegation.entry-steps"), numbered=True)
        yield Link(label=text("gmail.delegation.page"), address=DELEGATION, path=DELEGATION_PATH)
        if state.service_account_id:
            yield Command(label=text("gmail.delegation.client-id"), value=state.service_account_id)
        yield Command(label=text("gmail.delegation.scopes"), value=delegated_scopes(state))
    else:
        client_id = state.client_id or world.deployment.google.client_id
        yield Points(items=lines("gmail.it.trust-steps"), numbered=True)
        yield Link(label=text("gmail.it.app-access"), address=APP_ACCESS, path=APP_ACCESS_PATH)
        if client_id:
            yield Command(label=text("gmail.it.client-id-to-copy"), value=client_id)
    yield Heading(text=text("gmail.it.limit"))
    yield Points(items=lines(f"gmail.it.limit-{state.way}"))
    if state.route is Route.RELAY:
        yield Heading(text=text("gmail.it.relay"))
        yield Points(items=lines("gmail.it.relay-steps"), numbered=True)
        yield Link(label=text("gmail.it.relay-page"), address=RELAY, path=RELAY_PATH)
    elif state.route is Route.SMTP:
        yield Paragraph(text=text("gmail.it.smtp"))
