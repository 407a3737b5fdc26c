"""The made-up organisation of the practice: two people, two shared mailboxes, one application."""

from typing import Final

from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Right, Role, Tenant

TENANT_ID: Final = "7f1c2a94-5d0e-4b83-9a66-0c3d5b1e8f20"
CLIENT_ID: Final = "c0a8012e-6b1d-4f7a-8e55-2d9b7a4c1f36"
APPLICATION_ID: Final = "9d3b1f60-4c7e-4a2d-8f15-6e0b2c9a7d41"
"""The platform's application that acts by itself: a registration of its own, so that consent is asked for no more."""

ANNA: Final = "anna@contoso.com"
BEN: Final = "ben@contoso.com"
NOREPLY: Final = "noreply@contoso.com"
INFO: Final = "info@contoso.com"


def contoso(*, name: str = "Sendwright", redirect_uris: frozenset[str] = frozenset()) -> Tenant:
    """Return the organisation. name: of the platform's application. redirect_uris: as registered for it.

    anna administers (with a second step), ben does not. Ben may send as info@ and noreply@, and opens noreply@.
    """
    uris = redirect_uris or frozenset({"http://localhost", "http://127.0.0.1"})
    anna = Person(
        username=ANNA,
        password=PASSWORD,
        name="Anna Example",
        oid="1b0f6a52-91c4-4e0e-8a53-5c7f1f6d2a01",
        mfa=True,
        roles={Role.GLOBAL_ADMINISTRATOR},
    )
    ben = Person(username=BEN, password=PASSWORD, name="Ben Example", oid="2c1f7b63-82d5-4f1f-9b64-6d8f2f7e3b02")
    made = Tenant(
        id=TENANT_ID,
        domain="contoso.com",
        name="Contoso",
        people={ANNA: anna, BEN: ben},
        mailboxes={NOREPLY: "Contoso", INFO: "Contoso Information"},
        registrations={CLIENT_ID: AppRegistration(client_id=CLIENT_ID, name=name, redirect_uris=set(uris))},
    )
    made.grant(BEN, NOREPLY, Right.SEND_AS, Right.FULL_ACCESS)
    made.grant(BEN, INFO, Right.SEND_AS)
    made.grant(ANNA, NOREPLY, Right.SEND_AS, Right.FULL_ACCESS)
    return made
