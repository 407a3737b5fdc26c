"""The page that says how an OAuth client is made that this program can use."""

from typing import Final

from sendwright.document.blocks import Document, Heading, Link, Paragraph, Points, Row, Table
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.permissions import text_name, wanted
from sendwright.texts import lines, text

PROJECTS: Final = "https://console.cloud.google.com/projectcreate"
INTERFACE: Final = "https://console.cloud.google.com/apis/library/gmail.googleapis.com"
AUDIENCE: Final = "https://console.cloud.google.com/auth/audience"
CLIENTS: Final = "https://console.cloud.google.com/auth/clients"


def client_guide(state: GmailAnswers) -> Document:
    """Return the page, step by step: a project, the Gmail interface, the audience, the client, its file."""
    return Document(
        id="gmail-own-client",
        title=text("gmail.guide.title"),
        blocks=(
            Paragraph(text=text("gmail.guide.what")),
            Points(items=lines("gmail.guide.steps"), numbered=True),
            Heading(text=text("gmail.guide.pages")),
            Link(
                label=text("gmail.guide.project"),
                address=PROJECTS,
                path="Google Cloud console > IAM & Admin > Manage resources > Create project",
            ),
            Link(
                label=text("gmail.guide.interface"),
                address=INTERFACE,
                path="Google Cloud console > APIs & Services > Library > Gmail API > Enable",
            ),
            Link(
                label=text("gmail.guide.audience"),
                address=AUDIENCE,
                path="Google Cloud console > Google Auth Platform > Audience > User type: Internal",
            ),
            Link(
                label=text("gmail.guide.clients"),
                address=CLIENTS,
                path="Google Cloud console > Google Auth Platform > Clients > Create client > Desktop app",
            ),
            Heading(text=text("gmail.guide.permissions")),
            Table(
                columns=(text("gmail.guide.permission"), text("gmail.guide.why")),
                rows=tuple(Row(cells=(scope, text(f"gmail.scopes.{text_name(scope)}"))) for scope in wanted(state)),
            ),
            Heading(text=text("gmail.guide.why-internal")),
            Points(items=lines("gmail.guide.internal")),
            Paragraph(text=text("gmail.guide.secret-once"), strong=True),
        ),
    )
