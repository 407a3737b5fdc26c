"""Reads the JSON file that Google offers for download when an OAuth client is made."""

import re
from dataclasses import dataclass, field
from typing import Final

import msgspec

from sendwright.errors import SendwrightError
from sendwright.providers.chosen_file import FileUnusable, read_chosen
from sendwright.secret import Secret

CLIENT_ID: Final = re.compile(r"[0-9]{6,30}(-[0-9a-z_]{1,80})?\.apps\.googleusercontent\.com")
"""How the id of an OAuth client looks, in small letters."""

LONGEST: Final = 64 * 1024
"""Octets of a file; Google's have about 500."""

LONGEST_SECRET: Final = 256


class ClientFileInvalid(SendwrightError):
    """The file is not the one that is needed. `code` is kebab-case; its words are `gmail.client.file-<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class ClientFile:
    """What stands in the file. secret: None where Google gave none."""

    client_id: str
    secret: Secret | None = field(default=None, repr=False)


async def read_client_file(name: str) -> ClientFile:
    """Return what the file `name` says. Raises ClientFileInvalid."""
    try:
        octets = await read_chosen(name, largest=LONGEST)
    except FileUnusable as unusable:
        raise ClientFileInvalid(unusable.code) from unusable
    return parse_client_file(octets)


def parse_client_file(octets: bytes) -> ClientFile:
    """Return the client of the type desktop app (`installed`) that stands in the JSON.

    Raises ClientFileInvalid: `web` for a client that Google lets come back to registered addresses only, which a
    program on a computer has not; `service-account` and `authorized-user` for files of other kinds; `not-a-client`.
    The addresses of Google in the file are not used. Source: googleapis.dev/python/google-auth-oauthlib, client_config.
    """
    try:
        found = msgspec.json.decode(octets)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = None  # what failed would quote the file, and the secret with it
    if not isinstance(found, dict):
        raise ClientFileInvalid("not-a-client")
    if "installed" not in found:
        raise ClientFileInvalid(_other_kind(found))
    inner = found["installed"] if isinstance(found["installed"], dict) else {}
    client_id, secret = inner.get("client_id"), inner.get("client_secret")
    if not isinstance(client_id, str) or not CLIENT_ID.fullmatch(client_id.strip().lower()):
        raise ClientFileInvalid("not-a-client")
    if secret is not None and not (isinstance(secret, str) and is_secret(secret)):
        raise ClientFileInvalid("not-a-client")
    return ClientFile(client_id=client_id.strip().lower(), secret=Secret(secret) if secret else None)


def is_secret(typed: str) -> bool:
    """Whether `typed` can be a client secret: letters, digits and signs without blanks, or nothing."""
    return len(typed) <= LONGEST_SECRET and all(letter.isprintable() and not letter.isspace() for letter in typed)


def _other_kind(found: dict[str, object]) -> str:
    if "web" in found:
        return "web"
    kind = found.get("type")
    if kind == "service_account":
        return "service-account"
    return "authorized-user" if kind == "authorized_user" else "not-a-client"
