"""The made-up Workspace of the practice: two people, OAuth clients, a service account, a personal account."""

from typing import Final

from sendwright.practice.google.workspace import OAuthClient, Person, SendAs, ServiceAccount, Workspace
from sendwright.practice.mail_server import PASSWORD

DOMAIN: Final = "example.org"
CLIENT_ID: Final = "123456789012-practice.apps.googleusercontent.com"
CLIENT_SECRET: Final = "GOCSPX-practice-platform"  # noqa: S105 - of a made-up client
OWN_CLIENT_ID: Final = "210987654321-own.apps.googleusercontent.com"
OWN_CLIENT_SECRET: Final = "GOCSPX-practice-own"  # noqa: S105 - as above
SERVICE_ACCOUNT: Final = "notices@practice-project.iam.gserviceaccount.com"
SERVICE_ACCOUNT_ID: Final = "104857600000000000001"

ANNA: Final = "anna@example.org"
"""Administers; her mailbox may send as NOTICES, and as PENDING once she confirms it."""
BEN: Final = "ben@example.org"
CLARA: Final = "clara@gmail.com"
"""A personal account."""
NOTICES: Final = "notices@example.org"
PENDING: Final = "pending@example.org"
GROUP: Final = "team@example.org"
"""A group: no mailbox, and nobody's sending address."""


def example(*, name: str = "Sendwright") -> Workspace:
    """Return the Workspace. name: of the platform's application."""
    anna = Person(
        email=ANNA,
        password=PASSWORD,
        name="Anna Example",
        sub="110000000000000000001",
        domain=DOMAIN,
        second_step=True,
        send_as={NOTICES: SendAs(address=NOTICES, name="Notices"), PENDING: SendAs(address=PENDING, pending=True)},
    )
    ben = Person(email=BEN, password=PASSWORD, name="Ben Example", sub="110000000000000000002", domain=DOMAIN)
    clara = Person(email=CLARA, password=PASSWORD, name="Clara Example", sub="110000000000000000003")
    return Workspace(
        domain=DOMAIN,
        people={ANNA: anna, BEN: ben, CLARA: clara},
        clients={
            CLIENT_ID: OAuthClient(client_id=CLIENT_ID, secret=CLIENT_SECRET, name=name),
            OWN_CLIENT_ID: OAuthClient(
                client_id=OWN_CLIENT_ID,
                secret=OWN_CLIENT_SECRET,
                name="Notices of Example Organisation",
                project="210987654321",
                internal=DOMAIN,
            ),
        },
        service_accounts={SERVICE_ACCOUNT: ServiceAccount(email=SERVICE_ACCOUNT, unique_id=SERVICE_ACCOUNT_ID)},
    )
