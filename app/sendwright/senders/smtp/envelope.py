"""MAIL and RCPT as they stand on the wire (RFC 5321 sections 4.1.1.2 and 4.1.1.3)."""

import msgspec

from sendwright.address import Address
from sendwright.senders.smtp.extensions import Extensions

Command = tuple[bytes, ...]


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What MAIL says.

    size: of the content in bytes, where it is known. eight_bit: the content is not ASCII only. utf8: an address or the
    header needs SMTPUTF8 (RFC 6531).
    """

    sender: Address
    size: int | None = None
    eight_bit: bool = False
    utf8: bool = False

    def mail(self, extensions: Extensions) -> Command:
        """Return the words of MAIL, with the parameters that are needed and offered."""
        words = [b"MAIL", b"FROM:" + _path(self.sender)]
        if self.utf8:
            words.append(b"SMTPUTF8")
        if (self.eight_bit or self.utf8) and "8BITMIME" in extensions:
            words.append(b"BODY=8BITMIME")
        if self.size is not None and "SIZE" in extensions:
            words.append(f"SIZE={self.size}".encode())
        return tuple(words)


def rcpt(recipient: Address) -> Command:
    """Return the words of RCPT."""
    return (b"RCPT", b"TO:" + _path(recipient))


def _path(address: Address) -> bytes:
    """Return the address between angle brackets, its domain as A-labels (RFC 5321 section 4.1.2)."""
    return f"<{address.ascii_text}>".encode()
