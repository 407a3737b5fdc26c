"""Every certificate is broken in exactly the way its name says."""

import socket
import ssl
import threading

import pytest
from tests.servers.certificates import Certificate, Certificates


def _handshake(certificate: Certificate, *, ca_file: str, name: str) -> str:
    """Connect over a socket pair; gives the protocol version, or raises what the client raises."""
    near, far = socket.socketpair()

    def serve() -> None:
        with far:
            try:
                with certificate.server_context().wrap_socket(far, server_side=True) as secured:
                    secured.recv(1)
            except OSError:
                pass  # the client did not like the certificate: that is what is tested

    server = threading.Thread(target=serve)
    server.start()
    try:
        with (
            near,
            ssl.create_default_context(cafile=ca_file).wrap_socket(near, server_hostname=name) as secured,
        ):
            return str(secured.version())
    finally:
        server.join()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "mail.example.org"])
@pytest.mark.parametrize("kind", ["good", "good_with_intermediate"])
def test_a_good_certificate_is_accepted_under_all_its_names(certificates: Certificates, kind: str, name: str) -> None:
    certificate = getattr(certificates, kind)
    assert _handshake(certificate, ca_file=str(certificates.ca_file), name=name) == "TLSv1.3"


@pytest.mark.parametrize(
    ("kind", "verify_code"),
    [
        ("expired", 10),
        ("not_yet_valid", 9),
        ("self_signed", 18),
        ("private_root_sent", 19),
        ("unknown_issuer", 20),
        ("missing_intermediate", 20),
        ("wrong_name", 62),
    ],
)
def test_a_broken_certificate_is_refused_for_its_own_reason(
    certificates: Certificates, kind: str, verify_code: int
) -> None:
    certificate = getattr(certificates, kind)
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        _handshake(certificate, ca_file=str(certificates.ca_file), name="mail.example.org")
    assert refused.value.verify_code == verify_code


def test_a_certificate_can_be_issued_for_any_name(certificates: Certificates) -> None:
    issued = certificates.issue("autoconfig.example.org")
    assert _handshake(issued, ca_file=str(certificates.ca_file), name="autoconfig.example.org")
    with pytest.raises(ssl.SSLCertVerificationError):
        _handshake(issued, ca_file=str(certificates.ca_file), name="mail.example.org")
