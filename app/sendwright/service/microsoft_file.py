"""The platform's own credential in Microsoft 365: microsoft.toml of the data folder.

It is best a registration of its own that lists the application permission Mail.Send and nothing else: consent for an
application (`/.default`) is asked for all that its registration lists (learn.microsoft.com/entra/identity-platform/
v2-admin-consent), and an administrator reads that list.

An example (paths are relative to the data folder; either the two files of a certificate or a secret):

    client_id = "6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"
    cloud = "global"                     # global | us-government | us-government-high | us-government-dod | china
    certificate_file = "microsoft.crt"   # PEM, as uploaded to the app registration
    key_file = "microsoft.key"           # PEM, RSA, without a password
    # secret_file = "microsoft.secret"   # its first line counts
    # secret_expires = 2027-05-20        # as the registration says: a secret does not tell by itself
    tenants = ["7f1c2a94-5d0e-4b83-9a66-0c3d5b1e8f20"]  # ids of the organisations that this backend works for

Several organisations may have consented to one registration. A token is no proof that somebody speaks for the
organisation: without `tenants` whoever may use this backend could send as any of them. `["*"]` lifts the limit; that is
right only for a registration that a single organisation has.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.key_pair import read_pair
from sendwright.secret import Secret
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder, read_companion, read_settings

ANY: Final = "*"


class MicrosoftFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """microsoft.toml. login, graph (https), smtp_host: in place of the cloud's, for practice and tests only."""

    client_id: str = ""
    cloud: str = "global"
    certificate_file: Path | None = None
    key_file: Path | None = None
    secret_file: Path | None = None
    secret_expires: date | None = None
    tenants: tuple[str, ...] = ()
    login: str = ""
    graph: str = ""
    smtp_host: str = ""


@dataclass(frozen=True, kw_only=True)
class PlatformApplication:
    """What the file says, opened. kind: None where there is no credential.

    credential: the secret, or key and certificate as PEM one after the other. thumbprint: SHA-256, hexadecimal.
    tenants: ids of the organisations in which it is used, ANY for all.
    places: beside the cloud's own, the only ones that a credential is brought to.
    """

    client_id: str = ""
    cloud: str = "global"
    kind: Literal["certificate", "secret"] | None = None
    credential: Secret | None = None
    thumbprint: str = ""
    not_after: datetime | None = None
    tenants: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()

    def acts_in(self, tenant: str) -> bool:
        """Whether the credential may be used in the organisation of that id."""
        return ANY in self.tenants or tenant.lower() in {one.lower() for one in self.tenants}

    def stands_for(self, client_id: str, cloud: str) -> bool:
        """Whether this is the credential of that application."""
        return self.kind is not None and (self.client_id.lower(), self.cloud) == (client_id.lower(), cloud)


def open_platform_application(folder: DataFolder) -> PlatformApplication:
    """Return the platform's application, an empty one without a file. Raises StartRefused `settings-invalid`."""
    found = read_settings(folder.microsoft, MicrosoftFile) or MicrosoftFile()
    reason = _fault(found)
    if reason:
        raise StartRefused("settings-invalid", file=str(folder.microsoft), reason=reason)
    plain = PlatformApplication(
        client_id=found.client_id,
        cloud=found.cloud,
        tenants=found.tenants,
        places=frozenset({found.login, found.graph, found.smtp_host} - {""}),
    )
    try:
        if found.secret_file is not None:
            return _with_secret(plain, read_companion(folder, found.secret_file), found.secret_expires)
        if found.certificate_file is not None and found.key_file is not None:
            key, certificate = (read_companion(folder, file) for file in (found.key_file, found.certificate_file))
            return _with_certificate(plain, f"{key}\n{certificate}")
    except ValueError as unusable:  # PairUnusable, or no secret: a word of ours, nothing of what was given
        reason = f"credential: {unusable}"
        raise StartRefused("settings-invalid", file=str(folder.microsoft), reason=reason) from None
    return plain


def _fault(found: MicrosoftFile) -> str:
    """Return which keys of the file cannot stand as they do, empty where all can."""
    certified = found.certificate_file is not None, found.key_file is not None
    faults = {
        "cloud": found.cloud not in CLOUDS,
        "login, graph: https": any(each and not each.startswith("https://") for each in (found.login, found.graph)),
        "certificate_file, secret_file": any(certified) and found.secret_file is not None,
        "certificate_file, key_file": any(certified) and not all(certified),
        "client_id": not found.client_id and (any(certified) or found.secret_file is not None),
    }
    return next((name for name, wrong in faults.items() if wrong), "")


def _with_secret(plain: PlatformApplication, content: str, expires: date | None) -> PlatformApplication:
    secret = content.partition("\n")[0].rstrip("\r")
    if not secret:
        raise ValueError("secret-empty")
    return replace(plain, kind="secret", credential=Secret(secret), not_after=_end_of(expires))


def _with_certificate(plain: PlatformApplication, pem: str) -> PlatformApplication:
    pair = read_pair(Secret(pem))
    return replace(
        plain,
        kind="certificate",
        credential=Secret(f"{pair.private_key}\n{pair.certificate}\n"),
        thumbprint=sha256(pair.facts.public_bytes(Encoding.DER)).hexdigest(),
        not_after=pair.facts.not_valid_after_utc,
    )


def _end_of(day: date | None) -> datetime | None:
    """Return when a secret ends of which only the day is known: at its beginning, rather too early."""
    return None if day is None else datetime.combine(day, time(), UTC)
