"""One SMTP connection, walked stage by stage."""

from sendwright.network.network import Network
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.vault.vault import Secret

STARTTLS_ORDER = ("resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit")
TLS_ORDER = ("resolve", "connect", "secure", "greet", "sign-in", "sender", "recipient", "submit")


class SmtpSession:
    """A connection to the server of `settings`.

    Each stage returns what was seen, ready for JSON and free of secrets, and raises
    `senders.sender.SendFailed`, whose evidence carries the stage's id. After a failure without an SMTP reply, or with
    421, the connection is closed.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        network: Network,
        *,
        local_hostname: str | None = None,
        submit_timeout_s: float = 600.0,
    ) -> None:
        self._settings = settings
        self._network = network
        self._local_hostname = local_hostname
        self._submit_timeout_s = submit_timeout_s

    @staticmethod
    def order(settings: SmtpSettings) -> tuple[str, ...]:
        """Return the ids of the stages in the order in which they must run."""
        return TLS_ORDER if settings.security is Security.TLS else STARTTLS_ORDER

    async def resolve(self) -> dict[str, object]:
        """Find the addresses of the host."""
        raise NotImplementedError

    async def connect(self) -> dict[str, object]:
        """Connect to the first address that answers."""
        raise NotImplementedError

    async def greet(self) -> dict[str, object]:
        """Read the greeting and say EHLO."""
        raise NotImplementedError

    async def secure(self) -> dict[str, object]:
        """Start TLS: at once, or by STARTTLS and EHLO again."""
        raise NotImplementedError

    async def sign_in(self, password: Secret, *, token: bool = False) -> dict[str, object]:
        """Sign in with one single attempt; `token`: `password` is an OAuth access token (XOAUTH2)."""
        raise NotImplementedError

    async def sender(self, address: str, *, size: int | None = None, utf8: bool = False) -> dict[str, object]:
        """Give the envelope sender; `size` of the content in bytes; `utf8`: recipient or header need SMTPUTF8."""
        raise NotImplementedError

    async def recipient(self, address: str) -> dict[str, object]:
        """Give the recipient."""
        raise NotImplementedError

    async def submit(self, content: bytes) -> dict[str, object]:
        """Hand over the message."""
        raise NotImplementedError

    async def reset(self) -> None:
        """Forget sender and recipient (RSET)."""
        raise NotImplementedError

    async def quit(self) -> None:
        """Say QUIT and close; never raises."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close at once; never raises."""
        raise NotImplementedError
