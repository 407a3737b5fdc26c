"""What a simulated organisation consists of; tests and scenarios change it while it is served."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from sendwright.oauth.entra.registration import CONSUMERS


class Right(StrEnum):
    """What Exchange lets somebody do with a mailbox that is not her own."""

    SEND_AS = "send-as"
    SEND_ON_BEHALF = "send-on-behalf"
    FULL_ACCESS = "full-access"


class Role(StrEnum):
    """A directory role, as far as it decides who may consent to what."""

    CLOUD_APPLICATION_ADMINISTRATOR = "cloud-application-administrator"
    PRIVILEGED_ROLE_ADMINISTRATOR = "privileged-role-administrator"
    GLOBAL_ADMINISTRATOR = "global-administrator"


class UserConsent(StrEnum):
    """What people may consent to by themselves: to most, to nothing (AADSTS90094), by asking for it (AADSTS90095)."""

    ALLOWED = "allowed"
    ADMIN_ONLY = "admin-only"
    REQUEST = "request"


class Reuse(StrEnum):
    """What follows when a refresh token is used that another one has replaced; it is counted in any case.

    COUNT: it works all the same, as Microsoft's own does. REFUSE: it is refused. REVOKE: so are its successors.
    """

    COUNT = "count"
    REFUSE = "refuse"
    REVOKE = "revoke"


@dataclass(kw_only=True)
class Person:
    """Somebody who can sign in. username: also the primary address. home: id of another tenant for a guest.

    locked: after too many wrong passwords (AADSTS50053). password_expired: AADSTS50055.
    """

    username: str
    password: str
    name: str
    oid: str
    mailbox: bool = True
    mfa: bool = False
    roles: set[Role] = field(default_factory=set)
    home: str = ""
    disabled: bool = False
    locked: bool = False
    password_expired: bool = False

    @property
    def administrator(self) -> bool:
        """Whether any role lets this person consent for the organisation."""
        return bool(self.roles)


@dataclass(kw_only=True)
class AppRegistration:
    """An application. public: public client flows are allowed. delegated, application: permissions it lists.

    secrets: values with their ends. certificates: SHA-256 thumbprints, hexadecimal. keys: by such a thumbprint the
    certificate itself, PEM, as it was uploaded; without it an assertion cannot be checked and is refused.
    multi_tenant: other organisations may use it. assigned: the only people who may (AADSTS50105), None for all.
    """

    client_id: str
    name: str
    redirect_uris: set[str] = field(default_factory=set)
    public: bool = True
    delegated: set[str] = field(default_factory=lambda: {"Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send"})
    application: set[str] = field(default_factory=lambda: {"Mail.Send"})
    secrets: dict[str, datetime] = field(default_factory=dict)
    certificates: set[str] = field(default_factory=set)
    disabled: bool = False
    keys: dict[str, str] = field(default_factory=dict)
    multi_tenant: bool = True
    assigned: set[str] | None = None

    def upload(self, pem: str) -> str:
        """Register a certificate as an administrator uploads it; return its thumbprint (SHA-256, hexadecimal)."""
        thumbprint = load_pem_x509_certificate(pem.encode("ascii")).fingerprint(SHA256()).hex()
        self.certificates.add(thumbprint)
        self.keys[thumbprint] = pem
        return thumbprint


@dataclass(kw_only=True)
class Policies:
    """The switches of the organisation.

    user_consent: see UserConsent. blocked: AADSTS number shown to everybody after the password, 0 for none (53003,
    50105 ...). device: the number shown to embedded browsers and device codes only, 0 for none (53000 ...): a browser
    of the person's own passes. device_code: whether that flow is let through. smtp_auth: client submission is on.
    access_token_s, mailbox_at_once, mailbox_per_minute: limits. grant_delay_s: how long a new right takes to act.
    refresh_token_s: how long a refresh token lasts unused (AADSTS700082). sign_in_frequency_s: after which time a
    person must sign in again (AADSTS70043), 0 for never. reuse: see Reuse. basic_auth: client submission takes
    passwords. smtp_auth_mailboxes: where it is on although smtp_auth is off. send_from_alias: another address of a
    mailbox stays as sender. copy_for_send_as, copy_for_send_on_behalf: shared mailboxes keep a copy, too.
    """

    user_consent: UserConsent = UserConsent.ALLOWED
    blocked: int = 0
    device: int = 0
    device_code: bool = True
    smtp_auth: bool = True
    access_token_s: int = 3600
    mailbox_at_once: int = 4
    mailbox_per_minute: int = 30
    largest_request: int = 4 * 1024 * 1024
    grant_delay_s: float = 0.0
    refresh_token_s: int = 90 * 24 * 3600
    sign_in_frequency_s: int = 0
    reuse: Reuse = Reuse.COUNT
    basic_auth: bool = False
    smtp_auth_mailboxes: set[str] = field(default_factory=set)
    send_from_alias: bool = False
    copy_for_send_as: bool = False
    copy_for_send_on_behalf: bool = False


@dataclass(kw_only=True)
class Tenant:
    """An organisation. mailboxes: addresses of shared ones with their names. rights: who, which mailbox, which right.

    consents: by client id the permissions that everybody's sign-in may use (admin consent), and by client id and
    username those a person consented to. app_roles: by client id the application permissions granted in Entra.
    scoped: by client id the mailboxes that Exchange lets the application send as (RBAC for Applications); present,
    an Entra grant is not needed. revoked: usernames whose refresh tokens are worth nothing any more. aliases: other
    addresses with the primary one. requested: who asked an administrator for which application. ahead: how far this
    organisation's clock is moved. effective_at: when a right that `grant` gave begins to act, or access that `scope`
    gave; what stands in rights or scoped without being here acts at once.
    """

    id: str
    domain: str
    name: str
    people: dict[str, Person] = field(default_factory=dict)
    mailboxes: dict[str, str] = field(default_factory=dict)
    rights: set[tuple[str, str, Right]] = field(default_factory=set)
    registrations: dict[str, AppRegistration] = field(default_factory=dict)
    consents: dict[str, set[str]] = field(default_factory=dict)
    own_consents: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    app_roles: dict[str, set[str]] = field(default_factory=dict)
    scoped: dict[str, set[str]] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
    revoked: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    requested: set[tuple[str, str]] = field(default_factory=set)
    ahead: timedelta = timedelta()
    effective_at: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        """Whether this is the tenant of personal accounts."""
        return self.id == CONSUMERS

    def now(self) -> datetime:
        """The organisation's time."""
        return datetime.now(UTC) + self.ahead

    def person(self, username: str) -> Person | None:
        """Return who signs in as `username`, however it is written."""
        wanted = username.strip().lower()
        return next((found for found in self.people.values() if found.username.lower() == wanted), None)

    def mailbox(self, address: str) -> str | None:
        """Return the primary address of the mailbox that `address` (an alias, or an object id) is one of."""
        wanted = address.strip().lower()
        wanted = next((primary for alias, primary in self.aliases.items() if alias.lower() == wanted), wanted).lower()
        for person in self.people.values():
            if wanted in (person.username.lower(), person.oid.lower()):
                return person.username.lower() if person.mailbox and not person.home else None
        return wanted if wanted in {shared.lower() for shared in self.mailboxes} else None

    def called(self, mailbox: str) -> str:
        """Return the name of a mailbox, empty for an unknown one."""
        person = self.person(mailbox)
        if person is not None:
            return person.name
        return next((name for shared, name in self.mailboxes.items() if shared.lower() == mailbox.lower()), "")

    def grant(self, username: str, mailbox: str, *rights: Right) -> None:
        """Give rights on a mailbox; they act after the delay that the policies say now."""
        for right in rights:
            key = (username.lower(), mailbox.lower(), right)
            if key not in self.rights:
                self.rights.add(key)
                self._starts(key)

    def withdraw(self, username: str, mailbox: str, *rights: Right) -> None:
        """Take rights on a mailbox back."""
        self.rights -= {(username.lower(), mailbox.lower(), right) for right in rights}

    def scope(self, client_id: str, mailbox: str) -> None:
        """Let an application send as `mailbox` (RBAC for Applications), after the same delay."""
        self.scoped.setdefault(client_id, set()).add(mailbox.lower())
        self._starts((client_id, mailbox.lower(), "scope"))

    def holds(self, username: str, mailbox: str, right: Right) -> bool:
        """Whether a right acts now."""
        key = (username.lower(), mailbox.lower(), right)
        return key in self.rights and self._acts(key)

    def scopes(self, client_id: str, mailbox: str) -> bool:
        """Whether an application's access to `mailbox` acts now."""
        allowed = {one.lower() for one in self.scoped.get(client_id, set())}
        return mailbox.lower() in allowed and self._acts((client_id, mailbox.lower(), "scope"))

    def knows(self, client_id: str) -> bool:
        """Whether the application has been consented to here in any way: it is among the enterprise applications."""
        known = self.consents.keys() | self.app_roles.keys() | self.scoped.keys()
        return client_id in known or any(client == client_id for client, _ in self.own_consents)

    def consented(self, client_id: str, username: str) -> frozenset[str]:
        """Return what a sign-in of `username` may be used for by the application."""
        wanted = (client_id, username.lower())
        own = (what for (client, who), what in self.own_consents.items() if (client, who.lower()) == wanted)
        return frozenset(self.consents.get(client_id, set())).union(*own)

    def _starts(self, key: tuple[str, str, str]) -> None:
        self.effective_at[key] = self.now() + timedelta(seconds=self.policies.grant_delay_s)

    def _acts(self, key: tuple[str, str, str]) -> bool:
        return key not in self.effective_at or self.effective_at[key] <= self.now()
