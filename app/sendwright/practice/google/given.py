"""What a practice is given of the simulated Google: the deployment's facts, the backend's places, a key, a letter."""

import json
import secrets
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sendwright.deployment import Google
from sendwright.oauth.google.place import GooglePlace
from sendwright.practice.google.example import (
    CLIENT_ID,
    CLIENT_SECRET,
    OWN_CLIENT_ID,
    OWN_CLIENT_SECRET,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.mail_server import Received
from sendwright.practice.names import HOST
from sendwright.secret import Secret
from sendwright.texts import text

KEY_FILE: Final = "service-account.json"
CLIENT_FILE: Final = "oauth-client.json"

BACKEND: Final = "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/practice/subject/backend"
"""Who the practice backend is at Google, by Workload Identity Federation: it may sign for the service account."""

_IDENTITY_FILE: Final = "google-identity.json"
_PROVIDER_TOKEN_FILE: Final = "google-identity.token"  # noqa: S105 - the name of a file

_KEY_ID: Final = "5ed7a1c0ffee0000000000000000000000000001"
_PLACES: Final = """login = "{login}"
gmail = "{gmail}"
smtp_host = "{host}"
identity = "{identity}"
principal = "{principal}"
service_accounts = ["{service_account}"]
domains = ["{domain}"]
"""


def facts(real: Google, google: SimulatedGoogle, *, relay: bool = False) -> Google:
    """Return the deployment's facts with the simulated service in them. relay: SMTP means that of the Workspace."""
    return Google(
        client_id=CLIENT_ID,
        client_secret=Secret(CLIENT_SECRET),
        name=real.name,
        auth_uri=f"{google.pages}/o/oauth2/v2/auth",
        login=google.login,
        gmail=google.gmail,
        smtp=f"{HOST}:{google.relay_port if relay else google.smtp_port}",
    )


def give_places(data: Path, google: SimulatedGoogle) -> None:
    """Tell a backend, whose folder is `data`, where Google is; give it an identity that signs without a key there."""
    token, workspace = secrets.token_urlsafe(32), google.workspace
    workspace.identities[token] = BACKEND
    workspace.service_accounts[SERVICE_ACCOUNT].signers.add(BACKEND)
    token_file = data / _PROVIDER_TOKEN_FILE
    _write(token_file, token)
    configuration = {
        "type": "external_account",
        "audience": BACKEND.partition(":")[2].partition("/subject/")[0] + "/providers/practice",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{google.login}/v1/token",
        "credential_source": {"file": str(token_file)},
    }
    _write(data / _IDENTITY_FILE, json.dumps(configuration, indent=2))
    words = _PLACES.format(
        login=google.login,
        gmail=google.gmail,
        host=HOST,
        identity=_IDENTITY_FILE,
        principal=BACKEND,
        service_account=SERVICE_ACCOUNT,
        domain=workspace.domain,
    )
    (data / "google.toml").write_text(words, encoding="ascii")


def give_files(folder: Path, google: SimulatedGoogle) -> None:
    """Put down what one downloads at Google: the key of the service account, and the organisation's OAuth client."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    google.workspace.service_accounts[SERVICE_ACCOUNT].keys[_KEY_ID] = public.decode("ascii")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    place = GooglePlace()
    service_account = {
        "type": "service_account",
        "project_id": "practice-project",
        "private_key_id": _KEY_ID,
        "private_key": private.decode("ascii"),
        "client_email": SERVICE_ACCOUNT,
        "client_id": SERVICE_ACCOUNT_ID,
        "auth_uri": place.authorize,
        "token_uri": place.token,
        "universe_domain": "googleapis.com",
    }
    _write(folder / KEY_FILE, json.dumps(service_account, indent=2))
    client = {
        "client_id": OWN_CLIENT_ID,
        "client_secret": OWN_CLIENT_SECRET,
        "auth_uri": place.authorize,
        "token_uri": place.token,
        "redirect_uris": ["http://localhost"],
    }
    _write(folder / CLIENT_FILE, json.dumps({"installed": client}, indent=2))


def invitation(google: SimulatedGoogle, folder: Path) -> Received:
    """Return the message that tells where the administrator is played, and where the files lie."""
    words = {
        "address": f"{google.pages}/practice/admin",
        "key_file": str(folder / KEY_FILE),
        "client_file": str(folder / CLIENT_FILE),
        "service_account": SERVICE_ACCOUNT,
        "id": SERVICE_ACCOUNT_ID,
    }
    return Received(
        at=datetime.now(UTC),
        sender=str(Address(text("practice.pages.practice"), addr_spec="admin@example.org")),
        recipient="admin@example.org",
        subject=text("practice.admin-subject"),
        text=text("practice.admin-text", **words),
        html="",
    )


def _write(file: Path, content: str) -> None:
    file.touch(mode=0o600)
    file.write_text(content, encoding="utf-8")
