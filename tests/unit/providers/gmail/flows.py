"""Answers and a world for the steps of Gmail, without anybody on the other side."""

from collections.abc import Callable
from dataclasses import replace as with_
from datetime import UTC, datetime

import httpx
from msgspec.structs import replace
from tests.unit.providers.doubles import make_world, nobody

from sendwright.deployment import Deployment, Features
from sendwright.deployment.model import Google
from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Vault
from sendwright.world import PlatformAccess, World

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ISSUER = "https://accounts.google.com"
CLIENT = "123456789012-platform.apps.googleusercontent.com"
OWN_CLIENT = "210987654321-own.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-of-the-platform"
ANNA = Account(tenant=ISSUER, oid="1100000001", username="anna@example.org", name="Anna", domain="example.org")
BEN = Account(tenant=ISSUER, oid="1100000002", username="ben@example.org", name="Ben", domain="example.org")
CLARA = Account(tenant=ISSUER, oid="1100000003", username="clara@gmail.com", name="Clara")
ALL = (OPENID, EMAIL, SEND)

ASKED = GmailAnswers(address="notices@example.org", client_id=CLIENT)
"""Nobody signed in yet."""
SIGNED_IN = replace(ASKED, account=ANNA, scopes=ALL, granted_at=NOW)
OWN = replace(ASKED, own=True, client_id=OWN_CLIENT)
SERVICE = replace(
    ASKED,
    way=Way.SERVICE_ACCOUNT,
    service_account="notices@project.iam.gserviceaccount.com",
    service_account_id="104857600000000000001",
    subject="anna@example.org",
)


def flow_world(
    *,
    google: Google | None = None,
    features: Features | None = None,
    vault: Vault | None = None,
    platform: PlatformAccess | None = None,
    http: Callable[[], httpx.AsyncClient] = nobody,
) -> World:
    world = make_world(features=features, vault=vault or MemoryVault(), http=http)
    usual = Google(client_id=CLIENT, client_secret=Secret(CLIENT_SECRET))
    deployment = Deployment(google=usual if google is None else google, features=features or Features())
    return with_(world, deployment=deployment, platform=platform, clock=lambda: NOW)
