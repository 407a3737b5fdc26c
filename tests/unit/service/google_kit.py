"""What the tests of the backend at Google share: its identity on the disk, and profiles of Gmail."""

import json
from pathlib import Path
from typing import Any, Final

import msgspec
from tests.unit.oauth.google.key_files import EMAIL, key_file

from sendwright.profile import SenderProfile
from sendwright.senders.gmail.settings import GmailSettings, SenderProof, Way

SIGNER: Final = EMAIL
"""Who the backend is at Google."""

ROBOT: Final = "notifications@contoso-mail.iam.gserviceaccount.com"
DOMAIN: Final = "contoso.com"
LISTS: Final = f'service_accounts = ["{ROBOT}"]\ndomains = ["{DOMAIN}"]\n'

ACCOUNT: Final = GmailSettings(
    account="ben@contoso.com",
    account_id="104857600000000000007",
    domain=DOMAIN,
    client_id="1234-abc.apps.googleusercontent.com",
    proof=SenderProof.OWN,
)
SERVICE_ACCOUNT: Final = GmailSettings(
    account="noreply@contoso.com",
    way=Way.SERVICE_ACCOUNT,
    domain=DOMAIN,
    client_id="104857600000000000001",
    service_account=ROBOT,
    keyless=True,
    proof=SenderProof.OWN,
)


def federation(**changes: object) -> dict[str, object]:
    """Return a configuration of Workload Identity Federation that becomes SIGNER; a change to None leaves one out."""
    whole: dict[str, object] = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": "/var/run/token"},
        "service_account_impersonation_url": (
            f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{SIGNER}:generateAccessToken"
        ),
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def write_identity(folder: Path, *, lists: str = LISTS, more: str = "") -> None:
    """Write google.toml with the key of a service account into a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("google-identity.json").write_text(key_file().reveal())
    folder.joinpath("google.toml").write_text(f'identity = "google-identity.json"\n{lists}{more}')


def write_federation(folder: Path, *, more: str = "", **changes: object) -> None:
    """Write google.toml with a federation into a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("google-identity.json").write_text(json.dumps(federation(**changes)))
    folder.joinpath("google.toml").write_text(f'identity = "google-identity.json"\n{LISTS}{more}')


def gmail_profile(
    settings: GmailSettings = ACCOUNT,
    *,
    address: str = "",
    alias: str = "Contoso",
    **changes: Any,  # noqa: ANN401 - fields of GmailSettings
) -> SenderProfile:
    found = msgspec.structs.replace(settings, **changes)
    return SenderProfile(
        provider="gmail",
        sender="gmail",
        address=address or found.account,
        alias=alias,
        settings=msgspec.to_builtins(found),
    )


def keyless_profile(**changes: Any) -> SenderProfile:  # noqa: ANN401 - fields of GmailSettings
    return gmail_profile(SERVICE_ACCOUNT, **changes)
