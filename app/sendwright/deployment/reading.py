"""Reads each value of a deployment file and refuses it with a reason that says what would do instead."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sendwright.address import Mailbox, parse_mailbox
from sendwright.address.alias import unusable
from sendwright.deployment.colour import READABLE, WHITE, contrast, fitted, parse_colour
from sendwright.errors import AddressInvalid
from sendwright.secret import Secret
from sendwright.texts import text

IMAGES = (".svg", ".png")

_KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Reader = Callable[[object, Path], object]
"""Takes the value and the folder of the file; returns what the model holds. Raises Refused."""


@dataclass(frozen=True)
class Refused(Exception):
    """A value cannot be used. reason: words for the person who wrote the file. key: below the one being read."""

    reason: str
    key: str = ""


def refusal(reason: str, **values: object) -> Refused:
    """Return the refusal whose words are `deployment.reasons.<reason>`."""
    return Refused(text(f"deployment.reasons.{reason}", **values))


def words(value: object, folder: Path) -> str:
    """Read text; empty is fine."""
    del folder
    if not isinstance(value, str):
        raise refusal("wants-text")
    if any(unusable(character) for character in value):
        raise refusal("invisible")
    return value.strip()


def some_words(value: object, folder: Path) -> str:
    """Read text that says something."""
    found = words(value, folder)
    if not found:
        raise refusal("empty")
    return found


def switch(value: object, folder: Path) -> bool:
    """Read true or false."""
    del folder
    if not isinstance(value, bool):
        raise refusal("wants-switch")
    return value


def secret(value: object, folder: Path) -> Secret:
    """Read something that never prints."""
    return Secret(some_words(value, folder))


def mailbox(value: object, folder: Path) -> Mailbox:
    """Read `Name <address>`."""
    try:
        return parse_mailbox(some_words(value, folder))
    except AddressInvalid as invalid:
        raise refusal("mailbox", detail=text(f"address.{invalid.code}")) from invalid


def colour(value: object, folder: Path) -> str:
    """Read `#rrggbb` that stands out from white; what a dark ground needs is derived from it (colour.fitted)."""
    found = parse_colour(some_words(value, folder))
    if found is None:
        raise refusal("colour")
    ratio = contrast(found, WHITE)
    if ratio < READABLE:
        proposal = fitted(found, ground=WHITE)
        raise refusal("contrast", colour=found, ratio=f"{ratio:.2f}", minimum=READABLE, proposal=proposal)
    return found


def page(value: object, folder: Path) -> str:
    """Read an https address, or nothing."""
    found = words(value, folder)
    if found and not _is_https(_split(found)):
        raise refusal("https")
    return found


def endpoint(value: object, folder: Path) -> str:
    """Read an https address, one on this computer, or nothing."""
    found = words(value, folder)
    if not found:
        return found
    parts = _split(found)
    if not (_is_https(parts) or (parts.scheme == "http" and _is_here(parts) and "@" not in parts.netloc)):
        raise refusal("https-or-here")
    return found


def redirect(value: object, folder: Path) -> str:
    """Read an address with any scheme: a native app may have its own (RFC 8252 section 7.1)."""
    found = some_words(value, folder)
    parts = _split(found)
    if not parts.scheme or not (parts.netloc or parts.path):
        raise refusal("address")
    return found


def file(value: object, folder: Path) -> Path:
    """Read the path of a file that is there, relative to the deployment file."""
    found = folder / some_words(value, folder)
    if not found.is_file():
        raise refusal("file", path=found)
    return found


def image(value: object, folder: Path) -> Path:
    """Read the path of a picture."""
    found = file(value, folder)
    if found.suffix.lower() not in IMAGES:
        raise refusal("image")
    return found


def kind_id(value: object, folder: Path) -> str:
    """Read the id of a kind of notification."""
    found = some_words(value, folder)
    if not _KIND.fullmatch(found):
        raise refusal("kind")
    return found


def one_of(known: Sequence[str]) -> Reader:
    """Return the reader of a word out of `known`."""

    def read(value: object, folder: Path) -> str:
        found = words(value, folder)
        if found not in known:
            raise refusal("one-of", known=", ".join(known))
        return found

    return read


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise refusal("address") from error
    return parts


def _is_https(parts: SplitResult) -> bool:
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
