"""What an administrator enters: the service account and its scope in the Admin console, the role in the Cloud."""

from collections.abc import Iterator
from typing import Final

from sendwright.document.blocks import AnyBlock, Command, Document, Heading, Link, Paragraph, Points
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.senders.gmail.opening import scope_of
from sendwright.senders.gmail.settings import Route
from sendwright.texts import lines, text

DELEGATION: Final = "https://admin.google.com/ac/owl/domainwidedelegation"
DELEGATION_PATH: Final = (
    "Admin console > Security > Access and data control > API controls > Manage Domain Wide Delegation > Add new"
)
SERVICE_ACCOUNTS: Final = "https://console.cloud.google.com/iam-admin/serviceaccounts"
ROLE_PATH: Final = (
    "Google Cloud console > IAM & Admin > Service Accounts > (the service account) > Principals with access"
)
ROLE: Final = "roles/iam.serviceAccountTokenCreator"


def delegation_document(state: GmailAnswers) -> Document:
    """Return the page, to be passed on to whoever administers the Workspace."""
    return Document(id="gmail-delegation", title=text("gmail.delegation.title"), blocks=tuple(_blocks(state)))


def delegated_scopes(state: GmailAnswers) -> str:
    """Return the scopes as the Admin console takes them, separated by commas."""
    return scope_of(state.settings())


def _blocks(state: GmailAnswers) -> Iterator[AnyBlock]:
    yield Paragraph(text=text("gmail.delegation.what", service_account=state.service_account))
    yield Paragraph(text=text("gmail.delegation.breadth"), strong=True)
    if state.keyless:
        yield Heading(text=text("gmail.delegation.role"))
        yield Paragraph(text=text("gmail.delegation.role-why"))
        yield Points(items=lines("gmail.delegation.role-steps"), numbered=True)
        yield Link(label=text("gmail.delegation.role-page"), address=SERVICE_ACCOUNTS, path=ROLE_PATH)
        yield Command(label=text("gmail.delegation.principal"), value=state.identity)
        yield Command(label=text("gmail.delegation.role-name"), value=ROLE)
    yield Heading(text=text("gmail.delegation.entry"))
    yield Points(items=lines("gmail.delegation.entry-steps"), numbered=True)
    yield Link(label=text("gmail.delegation.page"), address=DELEGATION, path=DELEGATION_PATH)
    yield Command(label=text("gmail.delegation.client-id"), value=state.service_account_id)
    yield Command(label=text("gmail.delegation.scopes"), value=delegated_scopes(state))
    if state.route is not Route.API:
        yield Paragraph(text=text("gmail.delegation.scope-whole"), strong=True)
