"""The settings of sending through Microsoft 365 that are no secret."""

from enum import StrEnum

import msgspec

from sendwright.oauth.entra.registration import Registration
from sendwright.senders.smtp.settings import Security, SmtpSettings


class Way(StrEnum):
    """Who acts: a person's account that signed in (delegated), or the application itself (app-only)."""

    ACCOUNT = "account"
    APPLICATION = "application"


class Route(StrEnum):
    """Where a message is handed over.

    ME: POST /me/sendMail, From says whose it is; the sent copy lies with the signed-in account. MAILBOX: POST
    /users/{mailbox}/sendMail; the copy lies in that mailbox, a signed-in account needs Full Access to it. SMTP:
    client submission with XOAUTH2, `user=` names the mailbox.
    """

    ME = "me"
    MAILBOX = "mailbox"
    SMTP = "smtp"


class GraphSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the organisation's mailbox is reached; a profile's `settings` where its sender is `microsoft365`.

    client_id, tenant (its id), cloud, login, graph: as in Registration. mailbox: the mailbox that sends, an addr-spec.
    account, account_id: who signed in (ACCOUNT), empty for APPLICATION. certificate: for APPLICATION with a
    registration of the organisation's own, id of the backend's certificate; empty: the platform's credential, or the
    secret that came with the profile. smtp_host, smtp_port: replace the cloud's, for practice and tests only.
    """

    client_id: str
    tenant: str
    mailbox: str
    way: Way
    route: Route
    cloud: str = "global"
    account: str = ""
    account_id: str = ""
    certificate: str = ""
    login: str = ""
    graph: str = ""
    smtp_host: str = ""
    smtp_port: int = 587

    @property
    def registration(self) -> Registration:
        """The application that sends; a certificate of its own tells that the organisation registered it."""
        return Registration(
            client_id=self.client_id,
            tenant=self.tenant,
            cloud=self.cloud,
            login=self.login,
            graph=self.graph,
            own=bool(self.certificate),
        )

    @property
    def submission(self) -> SmtpSettings:
        """Where an account or application of Microsoft 365 submits; the user is the mailbox that sends.

        Whose the token is may be another: who signed in, or the application. Port 587 with STARTTLS; there is no other
        way.
        """
        return SmtpSettings(
            host=self.smtp_host or self.registration.place.smtp,
            port=self.smtp_port,
            security=Security.STARTTLS,
            username=self.mailbox,
        )
