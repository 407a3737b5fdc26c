"""The settings of an SMTP server that are no secret."""

from enum import StrEnum

import msgspec


class Security(StrEnum):
    """How the connection is protected; there is no third way."""

    TLS = "tls"
    STARTTLS = "starttls"


class SmtpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and how to submit.

    host: name or address literal, a domain name in A-label form. security: `tls` is implicit TLS (RFC 8314
    section 3.3), `starttls` RFC 3207; both mandatory, both verified. username: None where the server wants no
    sign-in. ca_pem: certificates in PEM form that are trusted beside the system's. password is no setting.
    """

    host: str
    port: int
    security: Security
    username: str | None = None
    ca_pem: str | None = None
