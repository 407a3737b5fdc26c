"""Answers and a world for the steps of Microsoft 365, without anybody on the other side."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as with_
from datetime import UTC, datetime
from typing import Any, cast

import httpx
from msgspec.structs import replace
from tests.unit.providers.doubles import ignore, make_world, nobody

from sendwright.deployment import Deployment, Features
from sendwright.deployment.model import Microsoft
from sendwright.handoff.backend import Backend
from sendwright.handoff.wire import (
    Certificate,
    ConsentQuestion,
    ConsentState,
    DefaultSender,
    MicrosoftApplication,
    Organisation,
)
from sendwright.oauth.account import Account
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.screens import Halted
from sendwright.senders.graph.settings import Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Vault
from sendwright.world import PlatformAccess, World

__all__ = ["ignore", "nobody"]

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TENANT = "7f1c2a94-5d0e-4b83-9a66-0c3d5b1e8f20"
OTHER_TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "c0a8012e-6b1d-4f7a-8e55-2d9b7a4c1f36"
OWN_CLIENT = "11d1c2b3-a4a5-4697-8899-aabbccddeeff"
BEN = Account(tenant=TENANT, oid="2c1f7b63-82d5-4f1f-9b64-6d8f2f7e3b02", username="ben@contoso.com", name="Ben")
ANNA = Account(tenant=TENANT, oid="1b0f6a52-91c4-4e0e-8a53-5c7f1f6d2a01", username="anna@contoso.com", name="Anna")
SHARED = "noreply@contoso.com"

ASKED = MicrosoftAnswers(address=SHARED, client_id=CLIENT, tenant="contoso.com", tenant_id=TENANT, cloud="global")
"""Nobody signed in yet."""
SIGNED_IN = replace(ASKED, account=BEN, scopes=("Mail.Send", "Mail.Send.Shared", "User.Read"))
APPLICATION = replace(ASKED, way=Way.APPLICATION, consented=True, scopes=("Mail.Send",))


def flow_world(
    *,
    microsoft: Microsoft | None = None,
    features: Features | None = None,
    vault: Vault | None = None,
    platform: PlatformAccess | None = None,
    http: Callable[[], httpx.AsyncClient] = nobody,
) -> World:
    world = make_world(features=features, vault=vault or MemoryVault(), http=http)
    deployment = Deployment(microsoft=microsoft or Microsoft(client_id=CLIENT), features=features or Features())
    return with_(world, deployment=deployment, platform=platform, clock=lambda: NOW)


@dataclass
class Answering:
    """A backend that says what it is told to say; a Halted in the place of an answer is raised."""

    application: MicrosoftApplication | Halted = field(
        default_factory=lambda: MicrosoftApplication(client_id=CLIENT, credential="certificate")
    )
    consents: list[ConsentState | Halted] = field(default_factory=list)
    asked: list[ConsentQuestion] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    async def microsoft(self) -> MicrosoftApplication:
        if isinstance(self.application, Halted):
            raise self.application
        return self.application

    async def consent(self, question: ConsentQuestion) -> ConsentState:
        self.asked.append(question)
        answer = self.consents.pop(0)
        if isinstance(answer, Halted):
            raise answer
        return answer

    async def make_certificate(self, client_id: str, *, key: str) -> Certificate:
        self.made.append(key)
        return Certificate(
            id=f"certificate-{len(self.made)}",
            client_id=client_id,
            pem="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            thumbprint="AB" * 20,
            thumbprint_sha256="CD" * 32,
            not_after=NOW.replace(year=2028),
        )

    def access(self) -> PlatformAccess:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Backend]:
            yield cast("Any", self)

        organisation = Organisation(
            name="Example Organisation",
            workspaces=("Headquarters",),
            default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
            in_force=None,
        )
        return PlatformAccess(organisation=organisation, open=opened)
