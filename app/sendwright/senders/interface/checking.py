"""Judges settings before a secret goes anywhere: addresses, places, ports."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.senders.unusable import ProfileUnusable

LAST_PORT: Final = 65_535

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,254}")


def require(kind: str, checks: Mapping[str, bool]) -> None:
    """Raise ProfileUnusable for the first setting that is not fine; nothing of what was given is repeated."""
    wrong = next((name for name, fine in checks.items() if not fine), "")
    if wrong:
        raise ProfileUnusable(f"settings of sender {kind!r}: `$.{wrong}` cannot be used")


def is_name(text: str) -> bool:
    """Tell whether `text` is an id or a name of a host: it stands in addresses, and brings nothing else along."""
    return _NAME.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Tell whether `text` is an addr-spec."""
    try:
        return parse_address(text).text.lower() == text.lower()
    except AddressInvalid:
        return False


def is_base(text: str) -> bool:
    """Tell whether `text` is empty, or an https address without a path: never may a token go out in clear."""
    if not text:
        return True
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and text == f"https://{parts.netloc}" and "@" not in text
