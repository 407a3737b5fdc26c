"""What an administrator answered about Microsoft 365."""

from datetime import datetime

import msgspec

from sendwright.handoff.wire import Certificate, MicrosoftApplication
from sendwright.oauth.account import Account
from sendwright.oauth.entra.registration import ANY_ORGANISATION, Registration
from sendwright.oauth.lens import TokenView
from sendwright.problems.evidence import Evidence
from sendwright.providers.provider import Answers
from sendwright.providers.trying import Trial
from sendwright.screens import ConsentWay
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.vault.vault import SecretRef


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What one real send has shown. cell: as on the board. at: aware.

    accepted: Microsoft took it. problem: code of the refusal, with `missing` the right that lacks (`send-as`,
    `send-on-behalf`, `full-access`, `scope`, `policy`, empty where that is not known). evidence: what the refusal was
    recognised by. request_id: Microsoft's own. granted_at: since when the person says that the right was granted: it
    may not have taken effect yet.
    """

    cell: str
    at: datetime
    accepted: bool
    problem: str = ""
    missing: str = ""
    evidence: Evidence | None = None
    request_id: str = ""
    granted_at: datetime | None = None


class MicrosoftAnswers(Answers, frozen=True, kw_only=True):
    """The answers, without secrets.

    address: any address of the organisation, typed before. way: who acts. own: the organisation uses a registration of
    its own; client_id, certificate (the backend's, by id), client_secret (where the vault has it) are that
    registration's. tenant: as typed, id or domain; tenant_id: its id, once found. cloud, login, graph, smtp_host,
    smtp_port: where Microsoft answers (login to smtp_port only in practice and tests). attempt: the sign-in that has
    begun. browser: how it is shown. account: who signed in. scopes: what was granted. grant: where the vault has the
    refresh token; None where the backend has it. handed_over: the backend has it. consented: the application may act
    in the organisation, as the backend saw. asked_at: since when somebody else is asked to consent. mailbox: which one
    shall send; control: one that an application must not be able to send from. route: how. proofs: what real sends
    have shown, by cell. output: what PowerShell printed, as pasted last. recipient: where the board's messages
    go. trial: what the backend sends them with, where it does. expected: whoever signed in before, where this is a
    reconnection.

    application: how the backend acts as an application, as it said last. made: the certificate it made for the own
    registration, its public half. credential: how the own registration proves itself:
    `certificate` (also where it is empty), `secret`, `kept` (a certificate from before). sends_from: whose mailbox
    shall send as far as that was said before signing in: `own`, `shared`, empty for not known yet. agree_again: the
    next sign-in asks for the permissions even if some were given. looked_at: when it was last asked whether somebody
    else has consented. reconnecting: what is in force is to be connected again, nothing else changes. token: what the
    first access token said of itself. smtp: the permission of the route SMTP is asked for too.
    words: what Microsoft's page showed, as pasted last.
    """

    address: str = ""
    way: Way = Way.ACCOUNT
    own: bool = False
    client_id: str = ""
    certificate: str = ""
    client_secret: SecretRef | None = None
    tenant: str = ""
    tenant_id: str = ""
    cloud: str = ""
    login: str = ""
    graph: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    attempt: str = ""
    browser: ConsentWay = ConsentWay.EMBEDDED
    account: Account | None = None
    scopes: tuple[str, ...] = ()
    grant: SecretRef | None = None
    handed_over: bool = False
    consented: bool = False
    asked_at: datetime | None = None
    mailbox: str = ""
    control: str = ""
    route: Route = Route.ME
    proofs: dict[str, Proof] = msgspec.field(default_factory=dict)
    output: str = ""
    recipient: str = ""
    trial: Trial | None = None
    expected: Account | None = None
    application: MicrosoftApplication | None = None
    made: Certificate | None = None
    credential: str = ""
    sends_from: str = ""
    agree_again: bool = False
    looked_at: datetime | None = None
    reconnecting: bool = False
    token: TokenView | None = None
    smtp: bool = False
    words: str = ""

    @property
    def secret(self) -> bool:
        """Whether the application proves itself by a client secret of its own registration."""
        return self.way is Way.APPLICATION and self.credential == "secret"

    @property
    def connected(self) -> bool:
        """Whether whoever acts has signed in, or may act by consent."""
        return self.account is not None if self.way is Way.ACCOUNT else self.consented

    @property
    def shared(self) -> bool:
        """Whether a mailbox other than that of the signed-in account shall send."""
        return self.account is not None and bool(self.mailbox) and self.mailbox.lower() != self.account.username.lower()

    @property
    def registration(self) -> Registration:
        """The application, in the organisation as far as it is known."""
        return Registration(
            client_id=self.client_id,
            tenant=self.tenant_id or self.tenant or ANY_ORGANISATION,
            cloud=self.cloud or "global",
            login=self.login,
            graph=self.graph,
            own=self.own,
        )

    def settings(self, mailbox: str = "", route: Route | None = None) -> GraphSettings:
        """Return the settings of a sender, of another mailbox or by another route where one is given."""
        return GraphSettings(
            client_id=self.client_id,
            tenant=self.tenant_id,
            mailbox=mailbox or self.mailbox,
            way=self.way,
            route=route or self.route,
            cloud=self.cloud or "global",
            account=self.account.username if self.account else "",
            account_id=self.account.oid if self.account else "",
            certificate=self.certificate,
            login=self.login,
            graph=self.graph,
            smtp_host=self.smtp_host,
            smtp_port=self.smtp_port,
        )
