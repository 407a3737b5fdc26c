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

    at_ms: milliseconds since it began. name: kebab-case; dns: `asked`, `answered`, `failed`; tcp: `connecting`,
    `connected`, `failed`, `given-up` (for another address that was faster), `closed`; tls: `started`, `handshake`,
    `certificate`, `failed`; smtp and http: `said` (by us), `heard` (from the other side), `failed`; smtp also `message`
    (its end left; only its size is known) and `silence` (no answer in time); http also `body` (of an error). text: the
    words on the wire, of a reply its code once. values: facts such as host, address, port, status, took_ms; connection
    is the local port, which tells SMTP connections apart.
    """

    at_ms: float
    layer: Layer
    name: str
    text: str = ""
    values: dict[str, str] = {}
