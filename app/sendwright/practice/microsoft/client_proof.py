"""Whether an application is who it says: by a secret (RFC 6749 section 2.3.1), by a certificate (RFC 7523)."""

import base64
from collections.abc import Mapping
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from sendwright.oauth.jwt_parts import take_apart
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.tenant import AppRegistration, Tenant
from sendwright.secret import Secret

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_S: Final = 24 * 3600
_REGISTRY: Final = JWSRegistry(algorithms=["PS256", "RS256"], strict_check_header=False)
_REGISTRY.max_header_length = 16_384  # MSAL sends the whole certificate along (x5c)


def prove(form: Mapping[str, str], client: AppRegistration, tenant: Tenant, audiences: frozenset[str]) -> None:
    """Check an application's own credential. audiences: addresses that an assertion may be made for.

    Raises Refused: 7000218 no credential, 7000215 wrong secret, 7000222 expired one, 700027 bad assertion.
    """
    if "client_assertion" in form:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise Refused(700027, value="client_assertion_type")
        _check_assertion(form["client_assertion"], client, tenant, audiences)
    elif "client_secret" in form:
        ends = client.secrets.get(form["client_secret"])
        if ends is None:
            raise Refused(7000215)
        if ends <= tenant.now():
            raise Refused(7000222)
    else:
        raise Refused(7000218)


def _check_assertion(value: str, client: AppRegistration, tenant: Tenant, audiences: frozenset[str]) -> None:
    parts = take_apart(Secret(value))
    if parts is None:
        raise Refused(700027, value="no assertion")
    header = parts.header
    algorithm = str(header.get("alg", ""))
    certificate = _certificate(header, client)
    if algorithm not in {"PS256", "RS256"} or certificate is None:
        raise Refused(700027, value="the certificate is not registered")
    public = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    try:
        claims = jwt.decode(value, RSAKey.import_key(public), algorithms=[algorithm], registry=_REGISTRY).claims
    except (JoseError, ValueError) as error:
        raise Refused(700027, value="the signature is wrong") from error
    now = tenant.now().timestamp()
    ours = claims.get("iss") == claims.get("sub") == client.client_id and claims.get("aud") in audiences
    starts, ends = claims.get("nbf", now), claims.get("exp", 0)
    if not ours or not claims.get("jti"):
        raise Refused(700027, value="aud, iss, sub or jti")
    if not starts - 300 <= now < ends + 300 or ends - starts > _LONGEST_S:
        raise Refused(700027, value="the time")
    if certificate.not_valid_after_utc <= tenant.now():
        raise Refused(700027, value="the certificate has expired")


def _certificate(header: Mapping[str, object], client: AppRegistration) -> x509.Certificate | None:
    """Return the certificate that the assertion names: as uploaded, or as it brings it (`x5c`, RFC 7515 4.1.6)."""
    known = {thumbprint.lower() for thumbprint in client.certificates}
    candidates = [x509.load_pem_x509_certificate(pem.encode("ascii")) for pem in client.keys.values()]
    for certificate in [*candidates, *_brought(header)]:
        thumbprint = certificate.fingerprint(hashes.SHA256())
        sha1 = certificate.fingerprint(hashes.SHA1())  # noqa: S303 - x5t is SHA-1 (RFC 7515 4.1.7), it only names
        named = _named(header, "x5t#S256") == _encoded(thumbprint) or _named(header, "x5t") == _encoded(sha1)
        if named and thumbprint.hex() in known:
            return certificate
    return None


def _named(header: Mapping[str, object], field: str) -> str:
    """Return a thumbprint of the header; MSAL writes it with its padding, which Microsoft takes."""
    return str(header.get(field, "")).rstrip("=")


def _brought(header: Mapping[str, object]) -> list[x509.Certificate]:
    chain = header.get("x5c")
    try:
        first = chain[0] if isinstance(chain, list) and chain else ""
        return [x509.load_der_x509_certificate(base64.b64decode(str(first), validate=True))] if first else []
    except ValueError:
        return []


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")
