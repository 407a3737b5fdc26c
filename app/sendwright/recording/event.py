"""One thing that happened on the way to another computer, as data."""

from enum import StrEnum

import msgspec


class Layer(StrEnum):
    """The protocol that an event belongs to."""

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    SMTP = "smtp"
    HTTP = "http"


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened, free of secrets from the moment it exists.

    at_ms: milliseconds since the recorder began. name: kebab-case, such as `asked`, `answered`, `connecting`,
    `connected`, `failed`, `handshake`, `certificate`, `said` (by us), `heard` (from the other side), `closed`. text:
    the words on the wire. values: facts such as host, address, port, status.
    """

    at_ms: float
    layer: Layer
    name: str
    text: str = ""
    values: dict[str, str] = {}
