"""What an administrator answered about Gmail."""

from datetime import datetime
from enum import StrEnum

import msgspec

from sendwright.oauth.account import Account
from sendwright.problems.evidence import Evidence
from sendwright.providers.provider import Answers
from sendwright.providers.trying import Trial
from sendwright.senders.gmail.sending_addresses import SendingAddress
from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof, Way
from sendwright.vault.vault import SecretRef


class Check(StrEnum):
    """What is tried of a delegation.

    SENDER: a token for the mailbox that sends. CONTROL: for another user, whom Google's delegation cannot keep out.
    BROADER: one for the whole mailbox, which must be refused.
    """

    SENDER = "sender"
    CONTROL = "control"
    BROADER = "broader"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a check has shown. at: aware. granted: there was a token. problem, evidence: why there was none."""

    at: datetime
    granted: bool
    problem: str = ""
    evidence: Evidence | None = None


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """What a message that arrived says. sender: the address in its From. ours: it is the message that was sent.

    original: the address that Gmail replaced, where it says so (`X-Google-Original-From`). stated: what the recipient's
    server says of its origin, such as `dkim=pass (example.org)`. at: aware.
    """

    at: datetime
    sender: str
    ours: bool = True
    original: str = ""
    stated: tuple[str, ...] = ()


class GmailAnswers(Answers, frozen=True, kw_only=True):
    """The answers, without secrets.

    address: any address of the organisation, typed before. way: who acts. own: the organisation has an OAuth client of
    its own; client_id, client_secret (where the vault has it) are that client's. client_checked: Google knows the pair.
    login, gmail, smtp_host, smtp_port: where Google answers, only in practice and tests. attempt: the sign-in that has
    begun. account: who signed in. scopes: what was granted. grant: where the vault has the refresh token; None where
    the backend has it. handed_over: the backend has it. granted_at: when the person agreed; ends_at: when Google ends
    the sign-in by itself, where it said so. expected: whoever signed in before, where this is a reconnection.
    reconnecting: what is in force is to be connected again, nothing else changes. incomplete: scopes that the person
    left out last. asked_at: since when somebody else is asked to allow the application. words: what Google's page
    showed, as pasted last. returning: the alias page asked for a further permission, and is where the walk goes on.

    sender: the address for From, empty for the account's own. addresses: the mailbox's list, None where it was not
    read; read_at: when. proof: of `sender`. sent: Message-ID of the message that is to show what arrives; sent_at,
    recipient: when and to whom it was sent. arrived: what came.

    service_account, service_account_id: address and numeric id; key: where the vault has its key; keyless: it has none
    and the backend signs. subject: the user for whom it acts. control: another user who is tried. delegated_at: when
    somebody said that the Admin console lists it. checks: what was shown. trial: what the backend checks with.
    identity: the backend's own at Google, as it said last.
    """

    address: str = ""
    way: Way = Way.ACCOUNT
    own: bool = False
    client_id: str = ""
    client_secret: SecretRef | None = None
    client_checked: bool = False
    login: str = ""
    gmail: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    route: Route = Route.API

    attempt: str = ""
    account: Account | None = None
    scopes: tuple[str, ...] = ()
    grant: SecretRef | None = None
    handed_over: bool = False
    granted_at: datetime | None = None
    ends_at: datetime | None = None
    expected: Account | None = None
    reconnecting: bool = False
    incomplete: tuple[str, ...] = ()
    asked_at: datetime | None = None
    words: str = ""
    returning: bool = False

    sender: str = ""
    addresses: tuple[SendingAddress, ...] | None = None
    read_at: datetime | None = None
    proof: SenderProof = SenderProof.OWN
    sent: str = ""
    sent_at: datetime | None = None
    recipient: str = ""
    arrived: Arrived | None = None

    service_account: str = ""
    service_account_id: str = ""
    key: SecretRef | None = None
    keyless: bool = False
    subject: str = ""
    control: str = ""
    delegated_at: datetime | None = None
    checks: dict[str, Shown] = msgspec.field(default_factory=dict)
    trial: Trial | None = None
    identity: str = ""

    @property
    def mailbox(self) -> str:
        """The account whose mailbox sends, empty as long as nobody knows."""
        if self.way is Way.SERVICE_ACCOUNT:
            return self.subject
        return self.account.username if self.account else ""

    @property
    def from_address(self) -> str:
        """The address that was chosen for From."""
        return self.sender or self.mailbox

    @property
    def connected(self) -> bool:
        """Whether somebody signed in, or Google gave a token for the user for whom the service account acts."""
        if self.way is Way.ACCOUNT:
            return self.account is not None
        shown = self.checks.get(Check.SENDER)
        return shown is not None and shown.granted

    def proof_of(self, address: str) -> SenderProof:
        """Return why `address` is believed to stay in From; empty: the one that was chosen."""
        wanted = (address or self.from_address).casefold()
        if wanted == self.mailbox.casefold():
            return SenderProof.OWN
        known = wanted == self.sender.casefold() and self.proof is not SenderProof.OWN
        return self.proof if known else SenderProof.UNPROVEN

    def settings(self, address: str = "") -> GmailSettings:
        """Return the settings of a sender of messages from `address`."""
        service = self.way is Way.SERVICE_ACCOUNT
        return GmailSettings(
            account=self.mailbox,
            way=self.way,
            route=self.route,
            account_id="" if service or self.account is None else self.account.oid,
            domain=self.mailbox.rpartition("@")[2] if service else (self.account.domain if self.account else ""),
            client_id=self.service_account_id if service else self.client_id,
            own=self.own and not service,
            service_account=self.service_account if service else "",
            keyless=self.keyless and service,
            proof=self.proof_of(address),
            login=self.login,
            gmail=self.gmail,
            smtp_host=self.smtp_host,
            smtp_port=self.smtp_port,
        )
