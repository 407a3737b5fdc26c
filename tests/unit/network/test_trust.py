"""Client contexts: verified, always."""

import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.servers.certificates import Certificates

from sendwright.network.failures import TrustFailed
from sendwright.network.system import system_network
from sendwright.network.trust import client_context


def test_everything_is_verified_and_old_versions_are_refused() -> None:
    context = client_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert not context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


def test_an_own_authority_is_added_and_nothing_loosened(certificates: Certificates) -> None:
    context = client_context(certificates.ca_file.read_text())
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "\ud800",
        "\x00",
    ],
)
def test_what_is_no_certificate_is_refused_by_name(pem: str) -> None:
    with pytest.raises(TrustFailed) as caught:
        client_context(pem)
    evidence = caught.value.evidence
    assert (evidence.stage, evidence.condition) == ("secure", "tls-authority-invalid")
    assert len(evidence.text) <= 200


def test_a_good_certificate_beside_a_broken_one_is_not_enough(certificates: Certificates) -> None:
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(TrustFailed):
        client_context(certificates.ca_file.read_text() + broken)


def test_a_key_in_the_file_is_not_quoted(certificates: Certificates) -> None:
    key = certificates.good.key.read_text()
    with pytest.raises(TrustFailed) as caught:
        client_context(key)
    assert key.splitlines()[1] not in str(caught.value.evidence)


def test_words_around_the_certificates_do_not_matter(certificates: Certificates) -> None:
    pem = certificates.ca_file.read_text()
    client_context(f"# our authority\n{pem}\nand once more\n{pem}")


def test_several_authorities_are_all_trusted(certificates: Certificates) -> None:
    chain = certificates.good_with_intermediate.chain.read_text() + certificates.ca_file.read_text()
    assert len(x509.load_pem_x509_certificates(chain.encode())) >= 3
    client_context(chain)


def test_der_is_not_pem(certificates: Certificates) -> None:
    der = x509.load_pem_x509_certificate(certificates.ca_file.read_bytes()).public_bytes(Encoding.DER)
    with pytest.raises(TrustFailed):
        client_context(der.decode("latin-1"))


def test_the_systems_network_uses_it() -> None:
    network = system_network(timeout_s=3)
    assert network.timeout_s == 3
    assert network.tls(None).verify_mode is ssl.CERT_REQUIRED


def test_an_authority_without_content_is_not_passed_over() -> None:
    with pytest.raises(TrustFailed):
        system_network().tls("")
