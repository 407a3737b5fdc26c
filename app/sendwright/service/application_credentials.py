"""By what the backend proves itself as an application: a certificate it made, a secret, the platform's own."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1, sha256
from typing import Final
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.handoff.wire import Certificate
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET
from sendwright.senders.graph.opening import graph_settings
from sendwright.senders.graph.settings import GraphSettings, Way
from sendwright.service.envelope import Envelope
from sendwright.service.grant_tables import CertificateRow
from sendwright.service.microsoft_file import PlatformApplication
from sendwright.service.own_credentials import OwnCredential
from sendwright.service.trouble import Trouble

KEY_BITS: Final = 3072
VALID: Final = timedelta(days=2 * 365 - 1)
BEFORE: Final = timedelta(minutes=10)
"""A certificate is valid since then: clocks differ."""

LONGEST_NAME: Final = 64
"""X.520, ub-common-name."""

MANY: Final = 30
MANY_WITHIN: Final = timedelta(hours=1)
"""Nobody needs more certificates than that in that time."""


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A fresh key with its certificate, both PEM."""

    private_key: Secret
    certificate: str
    not_after: datetime


class ApplicationCredentials:
    """Finds and makes credentials. platform: what microsoft.toml says."""

    sender: Final = "graph"

    def __init__(self, envelope: Envelope, platform: PlatformApplication, *, clock: Callable[[], datetime]) -> None:
        self._envelope = envelope
        self.platform = platform
        self._clock = clock

    @property
    def places(self) -> AbstractSet[str]:
        """The places of the file."""
        return self.platform.places

    async def require_calm(self, session: AsyncSession) -> None:
        """Raise Trouble `backend-busy` where many certificates were made lately: each takes a second."""
        since = self._clock() - MANY_WITHIN
        lately = select(func.count()).where(CertificateRow.created_at > since)
        if (await session.scalar(lately) or 0) >= MANY:
            raise Trouble("backend-busy", retry_after_s=int(MANY_WITHIN.total_seconds()))

    async def keep(self, session: AsyncSession, client_id: str, pair: KeyPair) -> Certificate:
        """Store a key pair for a registration of the organisation's own; return its public half."""
        row_id = str(uuid4())
        value = self._envelope.encrypt(pair.private_key.reveal().encode(), place=_place(row_id))
        row = CertificateRow(
            id=row_id,
            client_id=client_id,
            private_key=value,
            certificate=pair.certificate,
            not_after=pair.not_after,
            created_at=self._clock(),
        )
        session.add(row)
        der = x509.load_pem_x509_certificate(pair.certificate.encode()).public_bytes(Encoding.DER)
        return Certificate(
            id=row_id,
            client_id=client_id,
            pem=pair.certificate,
            thumbprint=sha1(der, usedforsecurity=False).hexdigest().upper(),
            thumbprint_sha256=sha256(der).hexdigest(),
            not_after=pair.not_after,
        )

    async def find(
        self, session: AsyncSession, profile: SenderProfile, own: Mapping[str, Secret]
    ) -> OwnCredential | None:
        """Return what `profile` signs in with as an application, None where it does not (`own_credentials.Lender`).

        Raises Trouble as `find_for`, ProfileUnusable and EnvelopeBroken.
        """
        settings = graph_settings(profile)
        return await self.find_for(session, settings, own) if settings.way is Way.APPLICATION else None

    def require_mailbox(self, profile: SenderProfile, mailbox: str) -> None:
        """Nothing: the credential is of one organisation, whose own rules say which of its mailboxes it may use."""

    async def find_for(
        self, session: AsyncSession, settings: GraphSettings, own: Mapping[str, Secret]
    ) -> OwnCredential:
        """Return what `settings` sign in with as an application. own: what came with the profile.

        The places that they name must have been looked at before. Raises Trouble `certificate-unknown`,
        `application-credential-absent`, `application-organisation-unknown` where the platform's credential is not for
        that organisation, and EnvelopeBroken.
        """
        if CLIENT_SECRET in own:
            return OwnCredential(id="own-secret", credentials=own)
        if settings.certificate:
            return await self._certificate(session, settings)
        if self.platform.credential is None or not self.platform.stands_for(settings.client_id, settings.cloud):
            raise Trouble("application-credential-absent")
        if not self.platform.acts_in(settings.tenant):
            raise Trouble("application-organisation-unknown")
        kind = self.platform.kind
        name = CLIENT_CERTIFICATE if kind == "certificate" else CLIENT_SECRET
        return OwnCredential(
            id=f"platform-{self.platform.thumbprint or self.platform.not_after or ''}",
            credentials={name: self.platform.credential},
            not_after=self.platform.not_after,
            expired=f"client-{kind}-expired",
            expires_soon=f"client-{kind}-expires-soon",
        )

    async def _certificate(self, session: AsyncSession, settings: GraphSettings) -> OwnCredential:
        row = await session.get(CertificateRow, settings.certificate)
        if row is None or row.client_id.lower() != settings.client_id.lower():
            raise Trouble("certificate-unknown")
        key = self._envelope.decrypt(row.private_key, place=_place(row.id)).decode()
        return OwnCredential(
            id=row.id,
            credentials={CLIENT_CERTIFICATE: Secret(f"{key}{row.certificate}")},
            not_after=row.not_after,
            expired="own-certificate-expired",
            expires_soon="own-certificate-expires-soon",
        )


def make_key_pair(organisation: str, *, now: datetime) -> KeyPair:
    """Return a fresh RSA key with a certificate signed by itself; takes a second of one processor.

    Source: learn.microsoft.com/entra/identity-platform/certificate-credentials; keys of 2048 bits and more.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    printable = "".join(sign for sign in organisation if sign.isprintable()).strip()
    printable = printable.encode()[:LONGEST_NAME].decode(errors="ignore").strip()  # cryptography counts octets
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, printable or "Sendwright")])
    not_after = (now + VALID).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(not_after)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return KeyPair(
        private_key=Secret(private), certificate=certificate.public_bytes(Encoding.PEM).decode(), not_after=not_after
    )


def _place(certificate_id: str) -> tuple[str, ...]:
    return ("certificate", certificate_id, "private-key")
