"""The settings of an SMTP server that are no secret."""

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from sendwright.secret import Secret

HIDDEN = "••••••"
"""Stands for a user name that is a secret."""


class Security(StrEnum):
    """How the connection is protected; there is no third way."""

    TLS = "tls"
    STARTTLS = "starttls"


class SmtpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and how to submit.

    host: name or address literal, a domain name in A-label form. security: `tls` is implicit TLS (RFC 8314
    section 3.3), `starttls` RFC 3207; both mandatory, both verified. username: None where the server wants no
    sign-in. token_twice: the user name is the password itself, as with services that take one token for both;
    `username` is HIDDEN then. ca_pem: certificates in PEM form that are trusted beside the system's. password is no
    setting.
    """

    host: str
    port: int
    security: Security
    username: str | None = None
    ca_pem: str | None = None
    token_twice: bool = False

    def hiding(self, secret: Secret | None) -> "SmtpSettings":
        """Return these settings without a user name that is the secret itself: they are stored and shown in clear."""
        if secret is None or self.username != secret.reveal():
            return self
        return replace(self, username=HIDDEN, token_twice=True)

    def login(self, secret: Secret) -> str | None:
        """Return the user name as the server is told it; None where it wants no sign-in."""
        return secret.reveal() if self.token_twice else self.username
