"""What an administrator of Google Workspace needs who may allow the application; none of it is secret."""

from typing import Final

from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
    Link,
    Paragraph,
    Points,
    QrCode,
    Row,
    Table,
)
from sendwright.providers.consent.asking import Asking, waiting_document
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import application_name
from sendwright.providers.gmail.permissions import BASIC, wanted
from sendwright.texts import lines, text
from sendwright.world import World

APP_ACCESS: Final = "https://admin.google.com/ac/owl/list?tab=configuredApps"
APP_ACCESS_PATH: Final = "Admin console > Security > Access and data control > API controls > Manage app access"
"""Where an administrator allows an application. Source: Google Workspace Admin Help, answer 7281227."""


def waiting_page(state: GmailAnswers, world: World) -> Document:
    """Return what the person sees who waits: what to pass on, in three forms."""
    values = _values(state, world)
    return waiting_document(
        Asking(
            id="gmail-waiting",
            texts="gmail.handover",
            intro=text("gmail.handover.intro", **values),
            link=APP_ACCESS,
            subject=text("gmail.handover.mail-subject", **values),
            body=lines("gmail.handover.mail-body", **values, link=APP_ACCESS, path=APP_ACCESS_PATH),
            watch=text("gmail.handover.watch"),
            facts=(Command(label=text("gmail.handover.client-id"), value=state.client_id),),
        )
    )


def handover_page(state: GmailAnswers, world: World) -> Document:
    """Return the page for whoever is asked: it stands alone, and tells what to compare before allowing."""
    values = _values(state, world)
    facts = (
        (text("gmail.handover.fact-application"), values["application"]),
        (text("gmail.handover.client-id"), state.client_id),
        (text("gmail.handover.fact-permissions"), ", ".join(wanted(state))),
    )
    blocks: tuple[AnyBlock, ...] = (
        Paragraph(text=text("gmail.handover.page-intro", **values)),
        Table(rows=tuple(Row(cells=cells) for cells in facts), caption=text("gmail.handover.facts")),
        Heading(text=text("gmail.handover.steps")),
        Points(items=lines("gmail.handover.steps-to-trust", **values), numbered=True),
        Link(label=text("gmail.handover.open"), address=APP_ACCESS, path=APP_ACCESS_PATH),
        Command(label=text("gmail.handover.client-id"), value=state.client_id),
        QrCode(label=text("gmail.handover.qr"), value=APP_ACCESS),
        Paragraph(text=text("gmail.handover.no-secret")),
    )
    return Document(id="gmail-hand-over", title=text("gmail.handover.page-title", **values), blocks=blocks)


def _values(state: GmailAnswers, world: World) -> dict[str, str]:
    domain = state.address.rpartition("@")[2]
    return {
        "application": text("gmail.handover.own-application") if state.own else application_name(world),
        "client_id": state.client_id,
        "organisation": world.platform.organisation.name if world.platform else domain,
        "platform": world.deployment.platform.name,
        "permissions": ", ".join(scope for scope in wanted(state) if scope not in BASIC),
    }
