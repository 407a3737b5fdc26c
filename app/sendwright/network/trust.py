"""Makes the TLS contexts of clients: verified by the system's own trust, always."""

import ssl

import truststore
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import STAGE_SECURE, TrustFailed
from sendwright.problems.evidence import Evidence, System


def client_context(ca_pem: str | None = None) -> ssl.SSLContext:
    """Return a context for TLS 1.2 and newer that accepts only verified certificates with the host's name.

    ca_pem: PEM text of authorities (or of one server's own certificate) trusted beside the system's. Raises
    TrustFailed (`tls-authority-invalid`) where it holds anything that is no certificate, or none.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = True
    if ca_pem is not None:
        _add(context, ca_pem)
    return context


def _add(context: truststore.SSLContext, pem: str) -> None:
    try:
        certificates = x509.load_pem_x509_certificates(pem.encode("utf-8", "surrogateescape"))
        for certificate in certificates:
            context.load_verify_locations(cadata=certificate.public_bytes(serialization.Encoding.DER))
    except (ValueError, ssl.SSLError) as error:
        raise TrustFailed(
            Evidence(
                stage=STAGE_SECURE,
                system=System.TLS,
                condition=NetworkCondition.TLS_AUTHORITY_INVALID.value,
                text=str(error)[:200],
            )
        ) from error
    # A company often hands out its issuing authority without the root above it: trusted is what was given.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
