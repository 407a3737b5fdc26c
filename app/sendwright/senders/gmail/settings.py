"""The settings of sending through Gmail that are no secret."""

from enum import StrEnum

import msgspec

from sendwright.oauth.google.place import RELAY, SUBMISSION, GooglePlace, place_of
from sendwright.senders.smtp.settings import Security, SmtpSettings


class Way(StrEnum):
    """Who acts: a person's account that signed in, or a service account that acts for a user of the Workspace."""

    ACCOUNT = "account"
    SERVICE_ACCOUNT = "service-account"


class Route(StrEnum):
    """Where a message is handed over.

    API: users.messages.send, with the scope gmail.send. SMTP: smtp.gmail.com with XOAUTH2. RELAY: the SMTP relay of
    Google Workspace with XOAUTH2, which an administrator switches on. Both of SMTP need the scope of the whole mailbox.
    """

    API = "api"
    SMTP = "smtp"
    RELAY = "relay"


class SenderProof(StrEnum):
    """Why the sender's address is believed to stay in From, and is not replaced by Gmail in silence.

    OWN: it is the account's own. LISTED: it stands in the mailbox's list of sending addresses, confirmed. ARRIVED: a
    message arrived with it. UNPROVEN: nobody knows.
    """

    OWN = "own"
    LISTED = "listed"
    ARRIVED = "arrived"
    UNPROVEN = "unproven"


class GmailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the mailbox is reached; a profile's `settings` where its sender is `gmail`.

    account: the address of the mailbox: who signed in (ACCOUNT), or for whom the service account acts (its `sub`).
    account_id: `sub` of the id_token, ACCOUNT only. domain: the Workspace's (`hd`), empty for a personal account.
    client_id: the OAuth client, or the service account's numeric id. own: the organisation made the OAuth client.
    service_account: its address. keyless: it has no key; the backend's identity signs for it. proof: of the profile's
    address. login, gmail, smtp_host, smtp_port: replace Google's, for practice and tests only.
    """

    account: str
    way: Way = Way.ACCOUNT
    route: Route = Route.API
    account_id: str = ""
    domain: str = ""
    client_id: str = ""
    own: bool = False
    service_account: str = ""
    keyless: bool = False
    proof: SenderProof = SenderProof.UNPROVEN
    login: str = ""
    gmail: str = ""
    smtp_host: str = ""
    smtp_port: int = 587

    @property
    def place(self) -> GooglePlace:
        """Where Google answers."""
        return place_of(login=self.login, gmail=self.gmail)

    @property
    def submission(self) -> SmtpSettings:
        """Where a message is submitted by SMTP; the user is the mailbox, whose the token must be."""
        usual = RELAY if self.route is Route.RELAY else SUBMISSION
        return SmtpSettings(
            host=self.smtp_host or usual, port=self.smtp_port, security=Security.STARTTLS, username=self.account
        )
