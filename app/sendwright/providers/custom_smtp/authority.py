"""Reads the file of a certificate authority that a person trusts in addition."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sendwright.providers.chosen_file import FileUnusable, read_chosen

MAX_BYTES = 256 * 1024
PEM_MARK = b"-----BEGIN "


class AuthorityInvalid(ValueError):
    """The file cannot be used; `code` is `not-found`, `unreadable`, `too-large` or `no-certificate`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def read_authority(file: str) -> str:
    """Return the certificates in `file` (PEM, or one in DER) as PEM text.

    Only the certificates: a private key that stands beside them is left where it is. Raises
    AuthorityInvalid.
    """
    try:
        content = await read_chosen(file, largest=MAX_BYTES)
    except FileUnusable as unusable:
        raise AuthorityInvalid(unusable.code) from None
    try:
        if PEM_MARK in content:
            certificates = x509.load_pem_x509_certificates(content)
        else:
            certificates = [x509.load_der_x509_certificate(content)]
        return "".join(certificate.public_bytes(Encoding.PEM).decode("ascii") for certificate in certificates)
    except ValueError:
        raise AuthorityInvalid("no-certificate") from None
