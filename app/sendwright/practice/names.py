"""The names of the practice world: every domain has its mail server on this computer."""

from dataclasses import dataclass

from sendwright.network.resolver import MailExchanger, Service

HOST = "localhost"


@dataclass(frozen=True, kw_only=True)
class PracticeResolver:
    """Answers without asking anybody.

    tls_port, starttls_port: where the practice mail server listens. microsoft, google: domains whose mail is at the
    simulated Microsoft 365 or Google.
    """

    tls_port: int
    starttls_port: int
    microsoft: frozenset[str] = frozenset()
    google: frozenset[str] = frozenset()

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Every name is this computer."""
        del host
        return ("127.0.0.1",)

    async def mail_exchangers(self, domain: str) -> tuple[MailExchanger, ...]:
        """Every domain receives its mail at a server of its own, or at Microsoft's or Google's."""
        if domain.lower() in self.microsoft:
            return (MailExchanger(0, f"{domain.lower().replace('.', '-')}.mail.protection.outlook.com"),)
        if domain.lower() in self.google:
            return (MailExchanger(1, "smtp.google.com"),)
        return (MailExchanger(10, f"mail.{domain}"),)

    async def services(self, name: str) -> tuple[Service, ...]:
        """Every domain offers submission, with TLS from the start and by STARTTLS (RFC 8314, RFC 6186)."""
        if name.startswith("_submissions._tcp."):
            return (Service(0, 1, HOST, self.tls_port),)
        if name.startswith("_submission._tcp."):
            return (Service(0, 1, HOST, self.starttls_port),)
        return ()

    async def texts(self, name: str) -> tuple[str, ...]:
        """There are no TXT records."""
        del name
        return ()
