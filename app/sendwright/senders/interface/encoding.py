"""Encodes a message for an interface that takes it in its MIME form."""

import asyncio
from collections.abc import Mapping

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, encode
from sendwright.problems.evidence import System
from sendwright.senders.interface.failures import NOT_SENDABLE, observed
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.sender import LARGE, needs_utf8


async def encoded(message: OutgoingMessage, *, system: System, values: Mapping[str, str]) -> bytes:
    """Return the octets of `message`; a large one is encoded aside.

    An address beyond ASCII goes as it is (RFC 6532). Raises SendFailed (`address-not-sendable`, with `reason`) for an
    address that cannot be used: at the stage `sender` for the sender's, at `submit` for the recipient's.
    """
    if len(message.text) + len(message.html) > LARGE:
        return await asyncio.to_thread(_encoded, message, system, values)
    return _encoded(message, system, values)


def _encoded(message: OutgoingMessage, system: System, values: Mapping[str, str]) -> bytes:
    try:
        return encode(message, smtputf8=needs_utf8(message))
    except AddressInvalid as invalid:
        stage = "sender" if _is_usable(message.recipient) else "submit"  # whose address it is
        known = dict(values) | {"reason": invalid.code}
        raise SendFailed(observed(NOT_SENDABLE, system=system, stage=stage, values=known)) from invalid


def _is_usable(address: str) -> bool:
    try:
        parse_address(address)
    except AddressInvalid:
        return False
    return True
