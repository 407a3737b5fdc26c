"""What an administrator answered about the organisation's own mail server."""

from sendwright.providers.custom_smtp.candidate import Candidate, Origin
from sendwright.providers.provider import Answers
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.vault.vault import SecretRef

DEFAULT_PORT = 25


class SmtpAnswers(Answers, frozen=True, kw_only=True):
    """The answers, without secrets.

    address: where notifications shall come from. ask_mozilla: whether Mozilla's list may be asked about its
    domain. searched: the search for that address is over, or not wanted. candidates, remarks: what it
    found. host: as on the wire, empty while unknown; port 25 is what stands there then. username: empty for
    no sign-in. token_twice: the user name is the password itself, and what stands there is HIDDEN. password: where the
    vault has it. password_known: it was there when last looked for. password_host: the server that it was last
    given for. keep_password: also after activation. ca_file: the file that ca_pem was read from.
    """

    address: str = ""
    ask_mozilla: bool = False
    searched: bool = False
    candidates: tuple[Candidate, ...] = ()
    remarks: tuple[Origin, ...] = ()
    host: str = ""
    port: int = DEFAULT_PORT
    security: Security = Security.STARTTLS
    username: str = ""
    token_twice: bool = False
    password: SecretRef | None = None
    password_known: bool = False
    password_host: str = ""
    keep_password: bool = False
    ca_file: str = ""
    ca_pem: str | None = None

    @property
    def password_is_for_host(self) -> bool:
        """Whether nobody but the person put another server in the place of the one that the password was given for."""
        return self.password_host in {"", self.host}

    @property
    def settings(self) -> SmtpSettings:
        """The settings as a sender wants them."""
        return SmtpSettings(
            host=self.host,
            port=self.port,
            security=self.security,
            username=self.username or None,
            ca_pem=self.ca_pem,
            token_twice=self.token_twice,
        )
