"""Whom to ask about certificates: this computer, and the public authorities."""

import ssl
from dataclasses import dataclass

import httpx
from cryptography import x509

from sendwright.network.network import Network


@dataclass(frozen=True, kw_only=True)
class Trust:
    """usual: verifies as everything in this program does. public: trusts nobody but the public authorities.

    public is OpenSSL's own, so that its authorities can be listed.
    """

    usual: ssl.SSLContext
    public: ssl.SSLContext

    def knows(self, issuer: str) -> bool:
        """Tell whether an issuer (RFC 4514) names an organisation that is a public authority."""
        try:
            named = x509.Name.from_rfc4514_string(issuer).get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
        except ValueError:
            return False
        known: set[object] = set()
        for authority in self.public.get_ca_certs():
            for part in authority.get("subject", ()):
                known.update(pair[1] for pair in part if pair[0] == "organizationName")
        return any(attribute.value in known for attribute in named)


def trust_of(network: Network, *, ca_pem: str | None = None) -> Trust:
    """Return whom `network` trusts beside the public authorities, whose list comes with httpx (certifi).

    Raises TrustFailed for a `ca_pem` that is none.
    """
    return Trust(usual=network.tls(ca_pem), public=httpx.create_ssl_context(trust_env=False))
