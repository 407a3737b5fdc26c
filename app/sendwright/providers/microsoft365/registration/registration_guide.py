"""The page that says how an app registration is made that this program can use."""

from sendwright.document.blocks import AnyBlock, Command, Document, Heading, Link, Paragraph, Points, Row, Table
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import wanted
from sendwright.providers.microsoft365.registration.registering import embedded_redirect, own_browser_redirect
from sendwright.senders.graph.settings import Way
from sendwright.texts import lines, text
from sendwright.world import World


def registration_guide(state: MicrosoftAnswers, world: World) -> Document:
    """Return the page: which kind of registration, which redirect URIs, which permissions, which credential."""
    cloud = state.registration.place
    blocks: tuple[AnyBlock, ...] = (
        Paragraph(text=text("microsoft365.guide.what")),
        Link(
            label=text("microsoft365.guide.portal"),
            address=cloud.portal,
            path="Entra ID > App registrations > New registration",
        ),
        Points(items=lines(f"microsoft365.guide.steps-{state.way}"), numbered=True),
        Heading(text=text("microsoft365.guide.redirects")),
        Paragraph(text=text("microsoft365.guide.redirects-why")),
        Command(label=text("microsoft365.guide.redirect-embedded"), value=embedded_redirect(state, world)),
        Command(label=text("microsoft365.guide.redirect-browser"), value=own_browser_redirect(world)),
        Heading(text=text("microsoft365.guide.permissions")),
        Table(
            columns=(text("microsoft365.guide.permission"), text("microsoft365.guide.kind")),
            rows=tuple(Row(cells=(name, text(f"microsoft365.guide.kind-{state.way}"))) for name in wanted(state)),
        ),
        Paragraph(text=text("microsoft365.guide.permissions-only")),
    )
    if state.way is Way.APPLICATION:
        blocks += (
            Heading(text=text("microsoft365.guide.credential")),
            Paragraph(text=text("microsoft365.guide.credential-words")),
        )
    return Document(id="microsoft-365-registration", title=text("microsoft365.guide.title"), blocks=blocks)
