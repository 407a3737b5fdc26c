"""What a backend in a process of its own needs to send through the simulated Google."""

from collections.abc import Sequence
from typing import Any

import msgspec
from tests.end2end.trusting_backend import put_in_force
from tests.servers.google import refresh_token

from sendwright.handoff.client import HttpBackend
from sendwright.practice.google.example import CLIENT_ID, CLIENT_SECRET, DOMAIN
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.google.workspace import Person, Workspace
from sendwright.practice.mail_server import PASSWORD
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_SECRET as CLIENT_SECRET_FIELD
from sendwright.senders.credentials import REFRESH_TOKEN
from sendwright.senders.gmail.settings import GmailSettings, SenderProof


def places_of(google: SimulatedGoogle) -> str:
    """Return the google.toml of a backend that brings tokens to the simulated Google."""
    return f'login = "{google.login}"\ngmail = "{google.gmail}"\n'


def add_mailboxes(workspace: Workspace, addresses: Sequence[str]) -> None:
    """Give each address a person of the Workspace."""
    for number, address in enumerate(addresses):
        sub = f"11000000000000000010{number}"
        workspace.people[address] = Person(
            email=address, password=PASSWORD, name=f"Box {number}", sub=sub, domain=DOMAIN
        )


def profile_of(address: str, google: SimulatedGoogle, **changes: Any) -> SenderProfile:  # noqa: ANN401 - GmailSettings
    """Return the profile of an account that sends from its own mailbox. changes: other settings."""
    person = google.workspace.people[address]
    settings = GmailSettings(
        account=address,
        account_id=person.sub,
        domain=person.domain,
        client_id=CLIENT_ID,
        proof=SenderProof.OWN,
        login=google.login,
        gmail=google.gmail,
    )
    settings = msgspec.structs.replace(settings, **changes)
    return SenderProfile(
        provider="gmail", sender="gmail", address=address, alias="Example", settings=msgspec.to_builtins(settings)
    )


async def sign_in_of(client: HttpBackend, google: SimulatedGoogle, address: str, *, contact: str = "") -> int:
    """Hand a fresh sign-in of `address` over and put it in force; return the version."""
    token = refresh_token(google, address)
    credentials = {REFRESH_TOKEN: token, CLIENT_SECRET_FIELD: Secret(CLIENT_SECRET)}
    key = token.reveal()[-20:]
    return await put_in_force(client, profile_of(address, google), credentials, key=key, contact=contact)
