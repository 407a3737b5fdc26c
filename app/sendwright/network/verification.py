"""Certificate verification codes: every system's own numbers, told in OpenSSL's."""

import ssl

EXPIRED = 10
NOT_YET_VALID = 9
SELF_SIGNED = 18
SELF_SIGNED_IN_CHAIN = 19
UNKNOWN_ISSUER = 20
UNVERIFIED_LEAF = 21
REVOKED = 23
WRONG_NAME = 62
WRONG_ADDRESS = 64

FOREIGN_CODES = {
    # Windows: the HRESULTs of CertVerifyCertificateChainPolicy (winerror.h)
    0x800B0101: EXPIRED,  # CERT_E_EXPIRED: also a certificate whose time has not come yet
    0x800B0109: UNKNOWN_ISSUER,  # CERT_E_UNTRUSTEDROOT
    0x800B010A: UNKNOWN_ISSUER,  # CERT_E_CHAINING
    0x800B010C: REVOKED,  # CERT_E_REVOKED
    0x80092010: REVOKED,  # CRYPT_E_REVOKED
    0x800B010F: WRONG_NAME,  # CERT_E_CN_NO_MATCH
    0x80096004: UNVERIFIED_LEAF,  # TRUST_E_CERT_SIGNATURE
    # macOS: OSStatus of SecTrustEvaluateWithError (SecBase.h)
    -67818: EXPIRED,  # errSecCertificateExpired
    -67819: NOT_YET_VALID,  # errSecCertificateNotValidYet
    -67843: UNKNOWN_ISSUER,  # errSecNotTrusted
    -67602: WRONG_NAME,  # errSecHostNameMismatch
    -67820: REVOKED,  # errSecCertificateRevoked
}
"""What truststore hands through as `verify_code` on systems that verify themselves."""

_UNSIGNED = 0xFFFFFFFF


def openssl_code(error: ssl.SSLCertVerificationError) -> int:
    """Return OpenSSL's code (X509_V_ERR_*) of a refused certificate; a number not known here stays as it is.

    Where nothing is known (0 is OpenSSL's "fine") it is UNKNOWN_ISSUER: not trusted, for a reason nobody
    gave.
    """
    code = getattr(error, "verify_code", 0)
    return _translated(code) or code or UNKNOWN_ISSUER


def is_foreign(error: ssl.SSLCertVerificationError) -> bool:
    """Tell whether the system's own verifier spoke, not OpenSSL."""
    return _translated(getattr(error, "verify_code", 0)) is not None


def _translated(code: int) -> int | None:
    return FOREIGN_CODES.get(code) or FOREIGN_CODES.get(code & _UNSIGNED)
