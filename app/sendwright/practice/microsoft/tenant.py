"""What a simulated organisation consists of; tests and scenarios change it while it is served."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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


@dataclass(kw_only=True)
class Person:
    """Somebody who can sign in. username: also the primary address. home: id of another tenant for a guest."""

    username: str
    password: str
    name: str
    oid: str
    mailbox: bool = True
    mfa: bool = False
    roles: set[Role] = field(default_factory=set)
    home: str = ""
    disabled: bool = False


@dataclass(kw_only=True)
class AppRegistration:
    """An application. public: public client flows are allowed. delegated, application: permissions it lists.

    secrets: values with their ends. certificates: SHA-256 thumbprints, hexadecimal.
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


@dataclass(kw_only=True)
class Policies:
    """The switches of the organisation.

    user_consent: see UserConsent. blocked: AADSTS number shown to everybody after the password, 0 for none (53003,
    50105 ...). device: the number shown to embedded browsers and device codes only, 0 for none (53000 ...): a browser
    of the person's own passes. device_code: whether that flow is let through. smtp_auth: client submission is on.
    access_token_s, mailbox_at_once, mailbox_per_minute: limits. grant_delay_s: how long a new right takes to act.
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


@dataclass(kw_only=True)
class Tenant:
    """An organisation. mailboxes: addresses of shared ones with their names. rights: who, which mailbox, which right.

    consents: by client id the permissions that everybody's sign-in may use (admin consent), and by client id and
    username those a person consented to. app_roles: by client id the application permissions granted in Entra.
    scoped: by client id the mailboxes that Exchange lets the application send as (RBAC for Applications); present,
    an Entra grant is not needed. revoked: usernames whose refresh tokens are worth nothing any more.
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

    def grant(self, username: str, mailbox: str, *rights: Right) -> None:
        """Give rights on a mailbox."""
        self.rights |= {(username.lower(), mailbox.lower(), right) for right in rights}

    def withdraw(self, username: str, mailbox: str, *rights: Right) -> None:
        """Take rights on a mailbox back."""
        self.rights -= {(username.lower(), mailbox.lower(), right) for right in rights}
