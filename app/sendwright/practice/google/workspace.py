"""What the simulated Google knows of one organisation and of personal accounts; tests change it while it is served."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(kw_only=True)
class SendAs:
    """A sending address of a mailbox beside its own. pending: not confirmed yet. server: it goes out elsewhere."""

    address: str
    name: str = ""
    pending: bool = False
    server: str = ""
    default: bool = False


@dataclass(kw_only=True)
class Person:
    """Somebody who can sign in.

    email: also the address of the mailbox. sub: Google's id. domain: of the Workspace, empty for a personal account.
    mailbox: Gmail is on. second_step: the password is not enough. send_as: by address. sent_today: messages of the last
    24 hours that count beside those sent here.
    """

    email: str
    password: str
    name: str
    sub: str
    domain: str = ""
    mailbox: bool = True
    second_step: bool = False
    suspended: bool = False
    send_as: dict[str, SendAs] = field(default_factory=dict)
    sent_today: int = 0


@dataclass(kw_only=True)
class OAuthClient:
    """An OAuth client with its project and consent screen.

    kind: `desktop` or `web` (which lacks loopback addresses). project: its number. internal: domain of the organisation
    whose people alone may use it, empty for External. testing: publishing status Testing: only test_users, and refresh
    tokens end after seven days. verified: no warning is shown. interface: the Gmail API is enabled. deleted: the client
    was removed.
    """

    client_id: str
    secret: str
    name: str
    kind: str = "desktop"
    project: str = "123456789012"
    internal: str = ""
    testing: bool = False
    test_users: set[str] = field(default_factory=set)
    verified: bool = True
    interface: bool = True
    deleted: bool = False
    redirect_uris: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class ServiceAccount:
    """A service account. keys: public keys, PEM, by key id. signers: principals that may sign for it without a key."""

    email: str
    unique_id: str
    project: str = "123456789012"
    keys: dict[str, str] = field(default_factory=dict)
    signers: set[str] = field(default_factory=set)
    disabled: bool = False
    interface: bool = True


@dataclass(kw_only=True)
class Policies:
    """The switches of the Workspace and of Google.

    blocked, trusted: client ids that API controls block (admin_policy_enforced) or trust (no test users, no end of
    tokens after seven days). advanced_protection: emails. boxes: whether a single scope has a box, too: `several` or
    `always`. told: errors after the choice of an account that the application learns of, not the person only. rewrite:
    what happens to a From that is no sending address: `replace` puts the default one in its place in silence, `refuse`
    answers with an error. access_token_s, refresh_token_s (unused): how long tokens last. per_minute: sends of a user
    and project; at_once: requests of a mailbox; per_day, per_day_personal: messages. most_recipients: of one message.
    tokens_per_client: refresh tokens of an account and client; the oldest one goes. relay: the SMTP relay is on.
    """

    blocked: set[str] = field(default_factory=set)
    trusted: set[str] = field(default_factory=set)
    boxes: str = "several"
    told: set[str] = field(default_factory=set)
    advanced_protection: set[str] = field(default_factory=set)
    rewrite: str = "replace"
    access_token_s: int = 3599
    refresh_token_s: int = 180 * 24 * 3600
    per_minute: int = 60
    at_once: int = 10
    per_day: int = 2000
    per_day_personal: int = 500
    most_recipients: int = 100
    largest: int = 25 * 1024 * 1024
    tokens_per_client: int = 100
    relay: bool = True


@dataclass(kw_only=True)
class Workspace:
    """An organisation with its people, and personal accounts (whose `domain` is empty).

    delegations: by a service account's numeric id the scopes that the Admin console lists. consents: by client id
    and email the scopes a person agreed to. identities: by a token of another provider the principal that it stands for
    (workload identity federation). ahead: how far Google's clock is moved.
    """

    domain: str
    people: dict[str, Person]
    clients: dict[str, OAuthClient]
    service_accounts: dict[str, ServiceAccount] = field(default_factory=dict)
    delegations: dict[str, set[str]] = field(default_factory=dict)
    consents: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return Google's time, aware."""
        return datetime.now(UTC) + self.ahead

    def person(self, email: str) -> Person | None:
        """Return who signs in as `email`, however it is written."""
        wanted = email.strip().lower()
        return next((found for found in self.people.values() if found.email.lower() == wanted), None)

    def trusts(self, client_id: str, person: Person) -> bool:
        """Whether the person's administrator trusts the application."""
        return person.domain == self.domain and client_id in self.policies.trusted

    def blocks(self, client_id: str, person: Person) -> bool:
        """Whether the person's administrator blocks the application."""
        return person.domain == self.domain and client_id in self.policies.blocked
