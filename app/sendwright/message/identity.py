"""Makes the names that a message carries: its Message-ID and the short code a person compares."""

import secrets
from collections.abc import Callable, Sequence

from sendwright.address import parse_domain, to_ascii

CODE_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"
"""Capitals and digits that nobody mistakes for another when reading aloud or by hand: no 0O 1I 2Z 5S 8B."""

CODE_LENGTH = 6


def new_message_id(domain: str, *, random: Callable[[int], str] = secrets.token_hex) -> str:
    """Return a Message-ID (RFC 5322 section 3.6.4) under `domain`, the domain of the sender's address.

    random: takes a number of octets and returns them as atext. Raises AddressInvalid for what is no domain.
    """
    return f"<{random(16)}@{to_ascii(parse_domain(domain))}>"


def new_code(*, choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """Return a short code, by which a person tells one test message from another. It guards nothing."""
    return "".join(choose(CODE_ALPHABET) for _ in range(CODE_LENGTH))
