"""What somebody else needs who may agree: a link, a mail, a page to keep; none of it is secret."""

from urllib.parse import urlsplit

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
from sendwright.oauth.entra.admin_consent import consent_address
from sendwright.providers.consent.asking import Asking, waiting_document
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import wanted
from sendwright.providers.microsoft365.plan.plan import application_name
from sendwright.providers.microsoft365.registration.registering import embedded_redirect
from sendwright.senders.graph.settings import Way
from sendwright.texts import lines, text
from sendwright.world import World

_STATE = "handed-over"
"""Nobody reads the answer to such a link, so nothing hangs on it."""


def consent_link(state: MicrosoftAnswers, world: World) -> str:
    """Return the page on which an administrator agrees for the whole organisation; it ends on a blank page."""
    permissions = None if state.way is Way.APPLICATION else wanted(state)
    return consent_address(
        state.registration, permissions=permissions, redirect_uri=embedded_redirect(state, world), state=_STATE
    )


def waiting_page(state: MicrosoftAnswers, world: World) -> Document:
    """Return what the person sees who waits: what to pass on, in three forms."""
    link = consent_link(state, world)
    values = _values(state, world)
    asked = {**values, "link": link, "permissions": ", ".join(wanted(state))}
    return waiting_document(
        Asking(
            id="microsoft-365-waiting",
            texts="microsoft365.handover",
            intro=text(f"microsoft365.handover.intro-{state.way}", **values),
            link=link,
            subject=text("microsoft365.handover.mail-subject", **values),
            body=lines(f"microsoft365.handover.mail-body-{state.way}", **asked),
            watch=text(f"microsoft365.handover.watch-{state.way}"),
        )
    )


def handover_page(state: MicrosoftAnswers, world: World) -> Document:
    """Return the page for whoever is asked: it stands alone, and tells what to check before agreeing."""
    link = consent_link(state, world)
    values = _values(state, world)
    facts = (
        (text("microsoft365.handover.fact-application"), _registered_as(state, world)),
        (text("microsoft365.handover.fact-client-id"), state.client_id),
        (text("microsoft365.handover.fact-organisation"), state.registration.tenant),
        (text("microsoft365.handover.fact-permissions"), ", ".join(wanted(state))),
    )
    blocks: tuple[AnyBlock, ...] = (
        Paragraph(text=text(f"microsoft365.handover.page-intro-{state.way}", **values)),
        Table(rows=tuple(Row(cells=cells) for cells in facts), caption=text("microsoft365.handover.facts")),
        Heading(text=text("microsoft365.handover.steps")),
        Points(items=lines(f"microsoft365.handover.steps-{state.way}", **values), numbered=True),
        Link(label=text("microsoft365.handover.open"), address=link),
        Command(label=text("microsoft365.handover.link"), value=link),
        QrCode(label=text("microsoft365.handover.qr"), value=link),
        Paragraph(text=text("microsoft365.handover.no-secret")),
    )
    return Document(
        id="microsoft-365-hand-over", title=text("microsoft365.handover.page-title", **values), blocks=blocks
    )


def _values(state: MicrosoftAnswers, world: World) -> dict[str, str]:
    organisation = world.platform.organisation.name if world.platform else state.registration.tenant
    return {
        "application": application_name(world),
        "client_id": state.client_id,
        "host": urlsplit(state.registration.authority).netloc,
        "organisation": organisation,
        "platform": world.deployment.platform.name,
        "who": text(f"microsoft365.roles.{state.way}"),
    }


def _registered_as(state: MicrosoftAnswers, world: World) -> str:
    """Return what the consent page calls the application; the name of an organisation's own one is its own choice."""
    return text("microsoft365.it.own-registration") if state.own else application_name(world)
