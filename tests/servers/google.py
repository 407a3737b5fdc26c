"""A simulated Google that listens for one test, what it took, and what somebody's sign-in there left behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sendwright.oauth.google.scopes import USUAL
from sendwright.practice.google.example import ANNA, CLIENT_ID, example
from sendwright.practice.google.grants import Access
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.mail_server import Received
from sendwright.secret import Secret


@dataclass(frozen=True)
class Listening:
    """inbox: the messages that it took, as their recipients see them."""

    google: SimulatedGoogle
    inbox: list[Received] = field(default_factory=list)


@asynccontextmanager
async def listening(workspace: Workspace | None = None) -> AsyncIterator[Listening]:
    """Serve `workspace`, the example where none is given; whatever becomes of the test, it stops."""
    inbox: list[Received] = []
    google = SimulatedGoogle(workspace or example(), inbox.append)
    await google.start()
    try:
        yield Listening(google, inbox)
    finally:
        await google.stop()


def refresh_token(
    google: SimulatedGoogle, email: str = ANNA, *, client_id: str = CLIENT_ID, scopes: tuple[str, ...] = USUAL
) -> Secret:
    """Return the refresh token of a sign-in of `email`'s that has just been made, with consent to `scopes`."""
    workspace = google.workspace
    person = workspace.people[email]
    workspace.consents.setdefault((client_id, email), set()).update(scopes)
    return Secret(google._grants.refresh_token(workspace.clients[client_id], person, frozenset(scopes))[0])


def access_token(
    google: SimulatedGoogle, email: str = ANNA, *, client_id: str = CLIENT_ID, scopes: tuple[str, ...] = USUAL
) -> Secret:
    """Return an access token of `email`'s."""
    workspace = google.workspace
    ends = workspace.now() + timedelta(seconds=workspace.policies.access_token_s)
    client = workspace.clients[client_id]
    made = Access(
        client_id=client_id,
        project=client.project,
        scopes=frozenset(scopes),
        ends=ends,
        person=workspace.people[email],
    )
    return Secret(google._grants.access_token(made))
