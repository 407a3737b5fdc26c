"""The page that says how a service account is made, and its key or the right to sign for it."""

from collections.abc import Iterator
from typing import Final

from sendwright.document.blocks import AnyBlock, Command, Document, Heading, Link, Paragraph, Points
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.service_account.delegation_document import SERVICE_ACCOUNTS
from sendwright.texts import lines, text

GMAIL_API: Final = "https://console.cloud.google.com/apis/library/gmail.googleapis.com"
GMAIL_API_PATH: Final = "Google Cloud console > APIs & Services > Library > Gmail API > Enable"
SIGNING_API: Final = "https://console.cloud.google.com/apis/library/iamcredentials.googleapis.com"
SIGNING_API_PATH: Final = (
    "Google Cloud console > APIs & Services > Library > IAM Service Account Credentials API > Enable"
)
CREATE_PATH: Final = "Google Cloud console > IAM & Admin > Service Accounts > Create service account"
POLICY: Final = "iam.disableServiceAccountKeyCreation"


def key_guide(state: GmailAnswers) -> Document:
    """Return the page, whichever of the two is chosen later."""
    del state
    return Document(id="gmail-service-account", title=text("gmail.key-guide.title"), blocks=tuple(_blocks()))


def _blocks() -> Iterator[AnyBlock]:
    yield Paragraph(text=text("gmail.key-guide.what"))
    yield Heading(text=text("gmail.key-guide.account"))
    yield Points(items=lines("gmail.key-guide.account-steps"), numbered=True)
    yield Link(label=text("gmail.key-guide.gmail-api"), address=GMAIL_API, path=GMAIL_API_PATH)
    yield Link(label=text("gmail.key-guide.service-accounts"), address=SERVICE_ACCOUNTS, path=CREATE_PATH)
    yield Heading(text=text("gmail.key-guide.key"))
    yield Points(items=lines("gmail.key-guide.key-steps"), numbered=True)
    yield Paragraph(text=text("gmail.key-guide.blocked"))
    yield Command(label=text("gmail.key-guide.policy"), value=POLICY)
    yield Heading(text=text("gmail.key-guide.keyless"))
    yield Points(items=lines("gmail.key-guide.keyless-steps"), numbered=True)
    yield Link(label=text("gmail.key-guide.signing-api"), address=SIGNING_API, path=SIGNING_API_PATH)
