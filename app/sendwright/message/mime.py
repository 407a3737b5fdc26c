"""Turns a message into the octets that go over the wire (RFC 5322, RFC 2045 to 2047)."""

from sendwright.message.outgoing import OutgoingMessage


def encode(message: OutgoingMessage, *, smtputf8: bool = False) -> bytes:
    """Return the complete message with CRLF line ends, ready for DATA before dot-stuffing.

    All of it is ASCII (7bit) unless `smtputf8` and an address needs it. Raises AddressInvalid when an address
    cannot be used (`needs-smtputf8`: only a server with SMTPUTF8 can carry it) and ValueError for a header
    that is not ours to set.
    """
    raise NotImplementedError
