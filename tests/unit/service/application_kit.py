"""What the tests of the backend as an application share: key pairs on the disk, and profiles that use them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from tests.unit.service.backend_kit import START

from sendwright.profile import SenderProfile
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.service.application_credentials import KeyPair, make_key_pair

CLIENT_ID = "c0a8012e-6b1d-4f7a-8e55-2d9b7a4c1f36"
TENANT = "7f1c2a94-5d0e-4b83-9a66-0c3d5b1e8f20"

_TENANTS = f'tenants = ["{TENANT}"]\n'


def write_certificate(folder: Path, *, now: datetime = START, more: str = "") -> KeyPair:
    """Write microsoft.toml with a certificate into a data folder."""
    pair = make_key_pair("Platform", now=now)
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("microsoft.key").write_text(pair.private_key.reveal())
    folder.joinpath("microsoft.crt").write_text(pair.certificate)
    folder.joinpath("microsoft.toml").write_text(
        f'client_id = "{CLIENT_ID}"\ncertificate_file = "microsoft.crt"\nkey_file = "microsoft.key"\n{_TENANTS}{more}'
    )
    return pair


def write_secret(folder: Path, secret: str = "canary-secret", *, more: str = "") -> None:
    """Write microsoft.toml with a secret into a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("microsoft.secret").write_text(f"{secret}\n")
    folder.joinpath("microsoft.toml").write_text(
        f'client_id = "{CLIENT_ID}"\nsecret_file = "microsoft.secret"\n{_TENANTS}{more}'
    )


def application_profile(**changes: Any) -> SenderProfile:  # noqa: ANN401 - fields of GraphSettings
    settings = msgspec.structs.replace(
        GraphSettings(
            client_id=CLIENT_ID,
            tenant=TENANT,
            mailbox="noreply@contoso.com",
            way=Way.APPLICATION,
            route=Route.MAILBOX,
        ),
        **changes,
    )
    return SenderProfile(
        provider="microsoft365",
        sender="graph",
        address="noreply@contoso.com",
        alias="Contoso",
        settings=msgspec.to_builtins(settings),
    )
