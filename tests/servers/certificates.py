"""A private certificate authority: one good certificate and every broken kind, as PEM files."""

import datetime as dt
import ssl
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "mail.example.org")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate with its key, as files a server program can read."""

    chain: Path
    key: Path

    def server_context(self, *, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """Make a server's TLS context; `newest` caps the version, down to the retired TLS 1.0 and 1.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        if newest is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # the retired versions are what is wanted
                context.minimum_version = min(ssl.TLSVersion.TLSv1, newest)
                context.maximum_version = newest
            context.set_ciphers("ALL:@SECLEVEL=0")  # OpenSSL 3 refuses SHA-1 handshakes otherwise
        return context


class Certificates:
    """Certificates of every kind, each made when first asked for and then kept in `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._authority = trustme.CA(organization_name="Sendwright test authority")
        self._stranger = trustme.CA(organization_name="Unknown test authority")
        self._intermediate = self._authority.create_child_ca()
        self.ca_file = directory / "authority.pem"
        self._authority.cert_pem.write_to_path(self.ca_file)

    def issue(self, *names: str, name: str | None = None) -> Certificate:
        """Issue a good certificate for host names and addresses."""
        return self._save(name or names[0].replace(":", "_"), self._authority.issue_cert(*names))

    @cached_property
    def good(self) -> Certificate:
        """Valid for LOCAL_NAMES, signed by the authority in `ca_file`."""
        return self.issue(*LOCAL_NAMES, name="good")

    @cached_property
    def good_with_intermediate(self) -> Certificate:
        """Valid, signed by an intermediate authority that the server sends along."""
        return self._save("good-with-intermediate", self._intermediate.issue_cert(*LOCAL_NAMES))

    @cached_property
    def missing_intermediate(self) -> Certificate:
        """Like good_with_intermediate, but the server forgets the intermediate certificate."""
        leaf = self._intermediate.issue_cert(*LOCAL_NAMES)
        saved = self._save("missing-intermediate", leaf)
        leaf.cert_chain_pems[0].write_to_path(saved.chain)
        return saved

    @cached_property
    def expired(self) -> Certificate:
        """Ended yesterday."""
        now = dt.datetime.now(dt.UTC)
        leaf = self._authority.issue_cert(*LOCAL_NAMES, not_before=now - 30 * DAY, not_after=now - DAY)
        return self._save("expired", leaf)

    @cached_property
    def not_yet_valid(self) -> Certificate:
        """Begins tomorrow."""
        now = dt.datetime.now(dt.UTC)
        leaf = self._authority.issue_cert(*LOCAL_NAMES, not_before=now + DAY, not_after=now + 30 * DAY)
        return self._save("not-yet-valid", leaf)

    @cached_property
    def wrong_name(self) -> Certificate:
        """Valid, but for somebody else's name."""
        return self.issue("another.example.net", name="wrong-name")

    @cached_property
    def unknown_issuer(self) -> Certificate:
        """Right name and dates, signed by an authority that is not in `ca_file`."""
        return self._save("unknown-issuer", self._stranger.issue_cert(*LOCAL_NAMES))

    @cached_property
    def private_root_sent(self) -> Certificate:
        """As unknown_issuer, with the unknown root sent along: OpenSSL names that case differently."""
        leaf = self._stranger.issue_cert(*LOCAL_NAMES)
        saved = self._save("private-root-sent", leaf)
        self._stranger.cert_pem.write_to_path(saved.chain, append=True)
        return saved

    @cached_property
    def self_signed(self) -> Certificate:
        """Signed with its own key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + 30 * DAY)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.DNSName("mail.example.org")]),
                critical=False,
            )
            .sign(key, hashes.SHA256())
        )
        saved = self._files("self-signed")
        saved.chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        saved.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return saved

    def _files(self, name: str) -> Certificate:
        return Certificate(
            chain=self._directory / f"{name}.chain.pem",
            key=self._directory / f"{name}.key.pem",
        )

    def _save(self, name: str, leaf: trustme.LeafCert) -> Certificate:
        saved = self._files(name)
        saved.chain.write_bytes(b"".join(part.bytes() for part in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(saved.key)
        return saved
