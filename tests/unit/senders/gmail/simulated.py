"""The simulated Google with somebody who sends through it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.servers.google import access_token, listening, refresh_token
from tests.servers.loopback import LoopbackResolver
from tests.unit.senders.doubles import Keeper

from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.oauth.google.scopes import SEND, USUAL
from sendwright.practice.google.example import (
    ANNA,
    CLIENT_ID,
    CLIENT_SECRET,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.mail_server import Received
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_SECRET as SECRET
from sendwright.senders.credentials import SERVICE_ACCOUNT_KEY
from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof, Way

KEY_ID = "abcdef0123456789"


@cache
def _pair() -> tuple[str, str]:
    """Return a private key and its public one, PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@dataclass
class Simulated:
    """An organisation whose Anna sends through her mailbox. inbox: what was taken."""

    google: SimulatedGoogle
    workspace: Workspace
    inbox: list[Received]
    network: Network

    def access(self, *scopes: str, email: str = ANNA) -> Secret:
        """Return an access token."""
        return access_token(self.google, email, scopes=scopes or USUAL)

    def keeper(self, *scopes: str, email: str = ANNA) -> Keeper:
        """Return who keeps a refresh token of a sign-in that has just been made."""
        return Keeper(refresh_token(self.google, email, scopes=scopes or USUAL), {})

    def delegate(self, *scopes: str) -> dict[str, Secret]:
        """Let the service account act for everybody with `scopes`; return its credentials."""
        private, public = _pair()
        self.workspace.service_accounts[SERVICE_ACCOUNT].keys[KEY_ID] = public
        self.workspace.delegations[SERVICE_ACCOUNT_ID] = set(scopes or (SEND,))
        content = {
            "type": "service_account",
            "client_email": SERVICE_ACCOUNT,
            "client_id": SERVICE_ACCOUNT_ID,
            "private_key_id": KEY_ID,
            "private_key": private,
        }
        return {SERVICE_ACCOUNT_KEY: Secret(json.dumps(content))}

    @property
    def client(self) -> dict[str, Secret]:
        """The credentials of an account beside its refresh token."""
        return {SECRET: Secret(CLIENT_SECRET)}

    def settings(
        self,
        way: Way = Way.ACCOUNT,
        route: Route = Route.API,
        *,
        account: str = ANNA,
        proof: SenderProof = SenderProof.UNPROVEN,
    ) -> GmailSettings:
        service = way is Way.SERVICE_ACCOUNT
        person = self.workspace.people[account]
        return GmailSettings(
            account=account,
            way=way,
            route=route,
            account_id="" if service else person.sub,
            domain=person.domain,
            client_id=SERVICE_ACCOUNT_ID if service else CLIENT_ID,
            service_account=SERVICE_ACCOUNT if service else "",
            proof=proof,
            login=self.google.login,
            gmail=self.google.gmail,
        )

    def profile(
        self,
        way: Way = Way.ACCOUNT,
        *,
        account: str = ANNA,
        address: str = "",
        proof: SenderProof = SenderProof.UNPROVEN,
    ) -> SenderProfile:
        settings = msgspec.to_builtins(self.settings(way, account=account, proof=proof))
        return SenderProfile(
            provider="gmail", sender="gmail", address=address or account, alias="Notices", settings=settings
        )


@asynccontextmanager
async def simulated() -> AsyncIterator[Simulated]:
    """Serve the example Workspace."""
    async with listening() as server:
        context = client_context(server.google.authority_pem)
        network = Network(resolver=LoopbackResolver(timeout_s=10.0), tls=lambda _: context, timeout_s=10.0)
        yield Simulated(server.google, server.google.workspace, server.inbox, network)
