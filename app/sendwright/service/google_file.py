"""The backend's own identity at Google, by which it signs for service accounts without a key: google.toml.

An example (paths are relative to the data folder):

    identity = "google-identity.json"    # a credential configuration or a service account's key; "metadata" for the
                                         # service account that the machine runs as, where Google runs it
    principal = "notifier@platform.iam.gserviceaccount.com"  # who that is, where the file does not say it itself
    service_accounts = ["notifications@contoso.iam.gserviceaccount.com"]  # for whom it signs
    domains = ["contoso.com"]            # of the mailboxes that it sends from in their name

Several organisations may have allowed one identity to sign. A token is no proof that somebody speaks for the
organisation: without the two lists whoever may use this backend could send as any of them. `["*"]` lifts a limit; that
is right only where a single organisation has allowed the identity anything.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.oauth.google.identity import METADATA_SERVER, read_identity
from sendwright.oauth.google.place import place_of
from sendwright.oauth.grant import OAuthFailed
from sendwright.secret import Secret
from sendwright.senders.interface.checking import is_base
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder, read_companion, read_settings

ANY: Final = "*"

METADATA: Final = "metadata"


class GoogleFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """google.toml. login, gmail (https), smtp_host: in place of Google's, for practice and tests only."""

    identity: str = ""
    principal: str = ""
    service_accounts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    login: str = ""
    gmail: str = ""
    smtp_host: str = ""


@dataclass(frozen=True, kw_only=True)
class PlatformIdentity:
    """What the file says, opened.

    credential: as `oauth.google.signing.open_identity` wants it, None where there is none. principal: who that is, as
    Google names it. service_accounts, domains: for whom it signs and in which domains, ANY for all. places: beside
    Google's own, the only ones that a credential is brought to.
    """

    credential: Secret | None = None
    principal: str = ""
    service_accounts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()

    def signs_for(self, service_account: str) -> bool:
        """Whether the identity may be used for the service account of that address."""
        return _lists(self.service_accounts, service_account)

    def acts_in(self, domain: str) -> bool:
        """Whether it may be used to send from mailboxes of that domain, in whichever form either is written."""
        return _lists(tuple(_ascii(each) for each in self.domains), _ascii(domain))


def open_platform_identity(folder: DataFolder) -> PlatformIdentity:
    """Return the platform's identity, an empty one without a file. Raises StartRefused `settings-invalid`."""
    found = read_settings(folder.google, GoogleFile) or GoogleFile()
    if not (is_base(found.login) and is_base(found.gmail)):
        raise _refused(folder, "login, gmail: https")
    if not found.identity and (found.principal or found.service_accounts or found.domains):
        raise _refused(folder, "identity")
    credential, principal = _identity(folder, found)
    if credential is not None and not principal:
        raise _refused(folder, "principal")
    return PlatformIdentity(
        credential=credential,
        principal=principal,
        service_accounts=found.service_accounts,
        domains=found.domains,
        places=frozenset({found.login, found.gmail, found.smtp_host} - {""}),
    )


def _identity(folder: DataFolder, found: GoogleFile) -> tuple[Secret | None, str]:
    """Return the credential and who it stands for, as far as either is known."""
    if not found.identity:
        return None, ""
    if found.identity == METADATA:
        return Secret(METADATA_SERVER), found.principal
    credential = Secret(read_companion(folder, Path(found.identity)))
    try:
        identity = read_identity(credential, place=place_of(login=found.login))
    except OAuthFailed as unusable:  # a word of ours, nothing of what was given
        why = unusable.evidence.values.get("why", unusable.evidence.code)
        raise _refused(folder, f"identity: {why}") from None
    return credential, found.principal or identity.principal


def _ascii(domain: str) -> str:
    """Return a domain as DNS has it (RFC 5890, A-labels), as it is where it is none."""
    try:
        return parse_address(f"mailbox@{domain}").ascii_domain
    except AddressInvalid:
        return domain


def _lists(listed: tuple[str, ...], one: str) -> bool:
    """Tell whether `one` is listed; what is empty never is, unless everything is."""
    return ANY in listed or one.lower() in {each.lower() for each in listed if each}


def _refused(folder: DataFolder, reason: str) -> StartRefused:
    return StartRefused("settings-invalid", file=str(folder.google), reason=reason)
