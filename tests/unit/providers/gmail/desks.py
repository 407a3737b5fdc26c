"""A desk in front of a simulated Google that really listens: somebody signed in, or a service account with its key."""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec.structs import replace
from tests.servers.google import Listening, access_token, listening, refresh_token
from tests.unit.providers.doubles import make_world

from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.diagnosis.stage import StageResult
from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import SEND, USUAL
from sendwright.oauth.grant import AccessToken
from sendwright.practice.google.example import (
    ANNA,
    CLIENT_ID,
    CLIENT_SECRET,
    DOMAIN,
    NOTICES,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)
from sendwright.practice.google.workspace import Workspace
from sendwright.problems.evidence import System
from sendwright.providers.consent.keeping import keep_grant
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.provider import Step
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.screens import Cell, Sheet
from sendwright.secret import Secret
from sendwright.senders.credentials import TOKEN
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.vault.vault import SecretRef
from sendwright.world import World

TO = "director@example.com"
KEY_REF = SecretRef("google-service-account-key", "one")


@dataclass
class Desk:
    """A page and who sits in front of it. state: what was answered so far."""

    listening: Listening
    world: World
    step: Step[GmailAnswers]
    state: GmailAnswers
    reported: list[StageResult] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return self.listening.google.workspace

    @property
    def sheet(self) -> Sheet:
        shown = self.step.show(self.state, self.world)
        assert isinstance(shown, Sheet)
        return shown

    def cell(self, name: str) -> Cell:
        return next(cell for cell in self.sheet.cells if cell.id == name)

    def facts(self, name: str) -> dict[str, str]:
        return dict(self.cell(name).facts)

    async def press(self, action: str = "", **answer: str) -> "Desk":
        """Press a button, with what stands in the fields."""
        fields = {one.name: one.value for one in self.sheet.fields} | ({"action": action} if action else {})
        self.state = await self.step.accept(self.state, fields | answer, self.world, self.reported.append)
        return self

    def source(self) -> str:
        """Return the message that arrived last, as its recipient's mail program shows the original."""
        return self.listening.inbox[-1].source.decode()

    def later(self, **time: float) -> None:
        """Let time pass, for Google and for us."""
        self.workspace.ahead += timedelta(**time)


@asynccontextmanager
async def account_desk(
    make: Callable[..., Step[GmailAnswers]], *, scopes: tuple[str, ...] = USUAL
) -> AsyncIterator[Desk]:
    """Sign in as Anna, who wants to send from notices@, and open the page. make: takes desk and handed."""
    async with _world() as (google, world):
        refresh = refresh_token(google.google, ANNA, scopes=scopes)
        token = access_token(google.google, ANNA, scopes=scopes)
        granted = AccessToken(secret=token, expires_at=world.clock() + timedelta(hours=1), scope=" ".join(scopes))
        ref = await keep_grant(refresh, {SEND: granted}, purpose="google-grant", world=world, system=System.GOOGLE)

        async def signed_in(state: GmailAnswers, world: World) -> dict[str, Secret]:
            del state, world
            return {TOKEN: access_token(google.google, ANNA, scopes=scopes)}

        person = google.google.workspace.people[ANNA]
        state = replace(
            placed(google),
            client_id=CLIENT_ID,
            account=Account(
                tenant="https://accounts.google.com", oid=person.sub, username=ANNA, name=person.name, domain=DOMAIN
            ),
            scopes=scopes,
            grant=ref,
            sender=NOTICES,
            proof=SenderProof.UNPROVEN,
            recipient=TO,
        )
        step = make(desk=signed_in, handed=nobody)
        yield Desk(google, world, step, state)


@asynccontextmanager
async def service_desk(make: Callable[..., Step[GmailAnswers]], **credentials: object) -> AsyncIterator[Desk]:
    """Put the key of the service account into the vault, and open the page."""
    async with _world() as (google, world):
        await world.vault.keep(KEY_REF, key_file(google.google.workspace))
        state = replace(
            placed(google),
            way=Way.SERVICE_ACCOUNT,
            service_account=SERVICE_ACCOUNT,
            service_account_id=SERVICE_ACCOUNT_ID,
            key=KEY_REF,
            subject=ANNA,
            recipient=TO,
        )
        yield Desk(google, world, make(**credentials), state)


def key_file(workspace: Workspace, **changes: object) -> Secret:
    """Make a key for the example's service account, and return the file of it."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    workspace.service_accounts[SERVICE_ACCOUNT].keys["key-1"] = public.decode()
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    content: dict[str, object] = {
        "type": "service_account",
        "project_id": "practice-project",
        "private_key_id": "key-1",
        "private_key": private.decode(),
        "client_email": SERVICE_ACCOUNT,
        "client_id": SERVICE_ACCOUNT_ID,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return Secret(json.dumps(content | changes))


def delegate(desk: Desk, *scopes: str) -> None:
    """Enter these scopes in the Admin console, and no others."""
    desk.workspace.delegations[SERVICE_ACCOUNT_ID] = set(scopes)


def placed(google: Listening) -> GmailAnswers:
    """Return answers that know where the simulated Google is."""
    return GmailAnswers(login=google.google.login, gmail=google.google.gmail, smtp_host="localhost")


async def nobody(state: GmailAnswers, world: World) -> dict[str, Secret]:
    """Nobody should ask for these."""
    del state, world
    raise AssertionError("nobody should ask for these")


@asynccontextmanager
async def _world() -> AsyncIterator[tuple[Listening, World]]:
    async with listening() as google:
        recorder = WireRecorder()
        network = system_network(timeout_s=5, authorities_pem=google.google.authority_pem, recorder=recorder)
        world = make_world(network=network, http=lambda: web_client(network, trust_env=False))

        deployment = Deployment(google=Google(client_id=CLIENT_ID, client_secret=Secret(CLIENT_SECRET)))
        yield (
            google,
            dataclasses.replace(world, clock=google.google.workspace.now, recorder=recorder, deployment=deployment),
        )
