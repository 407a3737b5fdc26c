"""Verification codes of every system, in OpenSSL's numbers, and what a certificate adds to a vague one."""

import ssl
from datetime import UTC, datetime

import pytest

from sendwright.network.certificates import CertificateFacts, refine
from sendwright.network.verification import is_foreign, openssl_code

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def refused(code: int | None) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("refused")
    if code is not None:
        error.verify_code = code
    return error


def certificate(*, begins: int = 2026, ends: int = 2027, self_signed: bool = False) -> CertificateFacts:
    return CertificateFacts(
        subject="CN=mail.example.org",
        issuer="CN=mail.example.org" if self_signed else "CN=authority",
        not_before=f"{begins}-01-01T00:00:00Z",
        not_after=f"{ends}-01-01T00:00:00Z",
    )


@pytest.mark.parametrize(
    ("code", "expected", "foreign"),
    [
        (10, 10, False),
        (62, 62, False),
        (85, 85, False),
        (0, 20, False),
        (None, 20, False),
        (0x800B0101, 10, True),
        (0x800B0101 - 2**32, 10, True),  # as a signed number
        (0x800B0109, 20, True),
        (0x800B010F, 62, True),
        (0x800B010C, 23, True),
        (-67818, 10, True),
        (-67819, 9, True),
        (-67843, 20, True),
        (-67602, 62, True),
        (-12345, -12345, False),
    ],
)
def test_every_systems_code_is_told_in_openssls(code: int | None, expected: int, *, foreign: bool) -> None:
    error = refused(code)
    assert openssl_code(error) == expected
    assert is_foreign(error) is foreign


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        (0x800B0101, certificate(), 10),
        (0x800B0101, certificate(begins=2027, ends=2028), 9),
        (0x800B0109, certificate(begins=2024, ends=2025), 10),
        (0x800B0109, certificate(begins=2027, ends=2028), 9),
        (0x800B0109, certificate(self_signed=True), 18),
        (0x800B0109, certificate(), 20),
        (0x800B010F, certificate(begins=2024, ends=2025), 62),
        (0x800B0109, CertificateFacts(), 20),
        (20, certificate(begins=2024, ends=2025), 20),
        (18, certificate(), 18),
    ],
)
def test_a_vague_code_is_refined_by_the_certificate(code: int, facts: CertificateFacts, expected: int) -> None:
    assert refine(refused(code), certificate=facts, now=NOW) == expected
