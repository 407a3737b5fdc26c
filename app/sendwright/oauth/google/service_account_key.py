"""Reads the file that Google makes of a service account's key, and tells the files that are taken for one apart."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

import msgspec

from sendwright.errors import SendwrightError
from sendwright.oauth.rsa_key import RsaKeyUnusable, read_rsa_key
from sendwright.secret import Secret

LONGEST_FILE: Final = 32_768
"""Letters. A file with a key of 2048 bits has 2,400; one of 4096 bits 4,100."""

SHORTEST_KEY: Final = 2_048
"""Bits of the RSA keys that Google makes and takes (cloud.google.com/iam/docs/keys-upload)."""

UNIVERSE: Final = "googleapis.com"

UNUSABLE: Final = (
    "empty",
    "too-long",
    "p12",
    "private-key-alone",
    "not-json",
    "oauth-client",
    "authorized-user",
    "federation",
    "other-kind",
    "incomplete",
    "other-universe",
    "key-unreadable",
    "key-locked",
    "key-not-rsa",
    "key-too-short",
)
"""Why a file is no key that can be used: all codes of KeyUnusable."""

EMAIL: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,254}@(?:[a-z0-9-]{1,63}\.){0,5}gserviceaccount\.com")
"""The address of a service account, in small letters."""

_UNIQUE_ID: Final = re.compile(r"[0-9]{10,30}")
_KEY_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_OTHERS: Final = {
    "authorized_user": "authorized-user",
    "external_account": "federation",
    "external_account_authorized_user": "federation",
}


class KeyUnusable(SendwrightError):
    """What was given is no key of a service account. code: one of UNUSABLE; nothing of the file is part of this."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class ServiceAccountKey:
    """A key of a service account.

    email: of the service account. unique_id: its numeric id, by which the Admin console knows it (`client_id` in the
    file). key_id: Google's name of the key. project: may be empty. private_key: PEM.
    """

    email: str
    unique_id: str
    key_id: str
    project: str
    private_key: Secret = field(repr=False)


class _File(msgspec.Struct, frozen=True):
    """What is read of the file. Its `token_uri` is not: a file could name any address for what is signed."""

    client_email: str
    client_id: str
    private_key_id: str
    private_key: str
    project_id: str = ""
    universe_domain: str = UNIVERSE


def read_file(octets: bytes) -> Secret:
    """Return the text of a file, for `read_key`. Raises KeyUnusable: `too-long`, `p12`, `not-json`."""
    if len(octets) > 2 * LONGEST_FILE:
        raise KeyUnusable("too-long")
    if _is_p12(octets):
        raise KeyUnusable("p12")
    try:
        wide = octets.startswith((b"\xff\xfe", b"\xfe\xff"))
        return Secret(octets.decode("utf-16" if wide else "utf-8-sig"))
    except UnicodeDecodeError:
        raise KeyUnusable("not-json") from None


def read_key(secret: Secret) -> ServiceAccountKey:
    """Return the key in the text of a JSON file. Raises KeyUnusable.

    Source: cloud.google.com/iam/docs/keys-create-delete; the fields as google-auth 2.62 reads them.
    """
    text = secret.reveal().removeprefix("\ufeff").strip()
    content = _content(text)
    kind = content.get("type")
    if {"installed", "web"} & content.keys():
        raise KeyUnusable("oauth-client")
    if kind != "service_account":
        raise KeyUnusable(_OTHERS.get(kind, "other-kind") if isinstance(kind, str) else "other-kind")
    try:
        found = msgspec.convert(content, _File)
    except msgspec.ValidationError:
        raise KeyUnusable("incomplete") from None
    if found.universe_domain != UNIVERSE:
        raise KeyUnusable("other-universe")
    email = found.client_email.lower()
    fields = ((EMAIL, email), (_UNIQUE_ID, found.client_id), (_KEY_ID, found.private_key_id))
    if not found.private_key.strip() or not all(pattern.fullmatch(value) for pattern, value in fields):
        raise KeyUnusable("incomplete")
    _require_usable(found.private_key)
    return ServiceAccountKey(
        email=email,
        unique_id=found.client_id,
        key_id=found.private_key_id,
        project=found.project_id,
        private_key=Secret(found.private_key),
    )


def _content(text: str) -> dict[str, object]:
    """Return the object that `text` is. Raises KeyUnusable."""
    if not text:
        raise KeyUnusable("empty")
    if len(text) > LONGEST_FILE:
        raise KeyUnusable("too-long")
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        code = "private-key-alone" if text.startswith("-----BEGIN") else "not-json"
        raise KeyUnusable("p12" if _is_encoded_p12(text) else code) from None


def _require_usable(pem: str) -> None:
    try:
        size = read_rsa_key(pem).key_size
    except RsaKeyUnusable as unusable:
        raise KeyUnusable(*unusable.args) from None
    if size < SHORTEST_KEY:
        raise KeyUnusable("key-too-short")


def _is_p12(octets: bytes) -> bool:
    """Return whether it begins as PKCS #12 does (RFC 7292): a DER sequence of some length, then version 3."""
    return octets[:1] == b"\x30" and b"\x02\x01\x03\x30" in octets[:8]


def _is_encoded_p12(text: str) -> bool:
    """Return whether it is PKCS #12 in base64, as Google's interface hands it out (`privateKeyData`)."""
    try:
        return _is_p12(base64.b64decode("".join(text[:64].split())[:48]))
    except (binascii.Error, ValueError):
        return False
