"""Files with the key of a service account, as Google makes them, and what else people take for one."""

import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from sendwright.oauth.google.service_account import ServiceAccountKey, read_key
from sendwright.secret import Secret

EMAIL: Final = "notices@practice-project.iam.gserviceaccount.com"
UNIQUE_ID: Final = "104857600000000000001"
KEY_ID: Final = "0f1e2d3c4b5a69788796a5b4c3d2e1f001020304"
KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC: Final = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(key: PrivateKey = KEY, *, locked: bool = False, old: bool = False) -> str:
    """Return a private key. locked: with a passphrase. old: in the form of PKCS #1."""
    encryption: KeySerializationEncryption = BestAvailableEncryption(b"passphrase") if locked else NoEncryption()
    kind = PrivateFormat.TraditionalOpenSSL if old else PrivateFormat.PKCS8
    return key.private_bytes(Encoding.PEM, kind, encryption).decode()


def content(**changes: object) -> dict[str, object]:
    """Return the content of a key file; a change to None leaves the field out."""
    whole: dict[str, object] = {
        "type": "service_account",
        "project_id": "practice-project",
        "private_key_id": KEY_ID,
        "private_key": pem(),
        "client_email": EMAIL,
        "client_id": UNIQUE_ID,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": "https://www.googleapis.com/robot/v1/metadata/x509/notices",
        "universe_domain": "googleapis.com",
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def key_file(**changes: object) -> Secret:
    """Return a key file as Google writes it."""
    return Secret(json.dumps(content(**changes), indent=2) + "\n")


def usable_key() -> ServiceAccountKey:
    """Return a key that a service account can sign with."""
    return read_key(key_file())
