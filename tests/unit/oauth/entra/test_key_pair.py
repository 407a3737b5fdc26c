"""The private key and the certificate by which an application signs: read in any order, or refused by a word."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.standing_in import NOW

from sendwright.oauth.entra.key_pair import PairUnusable, SigningPair, read_pair
from sendwright.secret import Secret

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sendwright")])


def key(of: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY, kind: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return of.private_bytes(Encoding.PEM, kind, NoEncryption()).decode()


def locked() -> str:
    return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pw")).decode()


def certificate(of: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY) -> str:
    made = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(of.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=365))
        .sign(of, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


def read(pem: str) -> SigningPair:
    return read_pair(Secret(pem))


@pytest.mark.parametrize(
    "pem",
    [
        key() + certificate(),
        certificate() + key(),
        key(kind=PrivateFormat.TraditionalOpenSSL) + certificate(),
        f"Bag Attributes\n  friendlyName: x\n{key()}\r\n\n{certificate()}trailing words",
        (key() + certificate()).replace("\n", "\r\n"),
        key() + certificate() + certificate(OTHER),
    ],
)
def test_key_and_certificate_are_found_wherever_they_stand(pem: str) -> None:
    pair = read(pem)
    found = load_pem_private_key(pair.private_key.encode(), password=None)
    assert isinstance(found, rsa.RSAPrivateKey)
    assert found.private_numbers() == KEY.private_numbers()
    assert pair.certificate.strip() == certificate().strip()
    assert pair.facts.not_valid_after_utc == NOW + timedelta(days=365)


def test_the_key_is_never_shown() -> None:
    pair = read(key() + certificate())
    assert "PRIVATE" not in repr(pair)
    assert key().splitlines()[1] not in repr(pair)


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        ("", "key-unreadable"),
        (certificate(), "key-unreadable"),
        (key()[:200] + "\n" + certificate(), "key-unreadable"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + certificate(), "key-unreadable"),
        (locked() + certificate(), "key-locked"),
        (key(CURVE) + certificate(CURVE), "key-not-rsa"),
        (key(), "certificate-unreadable"),
        (key() + certificate()[:200], "certificate-unreadable"),
        (key() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate-unreadable"),
        (key() + certificate(OTHER), "key-of-another"),
        (key() + certificate(CURVE), "key-of-another"),
    ],
)
def test_what_is_no_pair_is_refused_by_a_word_that_tells_nothing_else(pem: str, why: str) -> None:
    with pytest.raises(PairUnusable) as refused:
        read(pem)
    assert refused.value.args == (why,)


@given(st.text(max_size=200), st.sampled_from(["PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE", "X"]))
def test_whatever_stands_there_it_is_refused_and_nothing_else(content: str, kind: str) -> None:
    with pytest.raises(PairUnusable):
        read(f"-----BEGIN {kind}-----\n{content}\n-----END {kind}-----\n")
