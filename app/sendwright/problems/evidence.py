"""What was seen when something failed, free of secrets, in the terms of the protocol it came from."""

from enum import StrEnum

import msgspec

from sendwright.errors import SendwrightError


class System(StrEnum):
    """The protocol or system that spoke.

    http: a web server, proxy or portal on the way. oauth: an authorisation server that is not known; entra:
    Microsoft's; google: Google's. graph, gmail: the interfaces by which messages are handed over.
    """

    DNS = "dns"
    SOCKET = "socket"
    TLS = "tls"
    SMTP = "smtp"
    HTTP = "http"
    OAUTH = "oauth"
    ENTRA = "entra"
    GOOGLE = "google"
    GRAPH = "graph"
    GMAIL = "gmail"
    BACKEND = "backend"
    KEYCHAIN = "keychain"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One failure as it was observed. Redacted by the adapter that makes it: it may be logged and shown.

    stage: where it happened, such as `sign-in` (the stages of `diagnosis`).
    condition: our own name of an observation that no protocol numbers, such as `starttls-not-offered`.
    reply, enhanced: SMTP reply code (RFC 5321 section 4.2), enhanced status code (RFC 3463) such as `5.7.8`.
    verify: OpenSSL's certificate verification code. errno: the socket's error number by name: `ECONNREFUSED`.
    error: the `error` of OAuth (RFC 6749 sections 4.1.2.1 and 5.2), such as `invalid_grant`. number: Entra's AADSTS
    number. http: HTTP status. reason: what refines that, by its own name: the `code` of a backend's problem document
    or of Microsoft Graph, the `reason` of a Google interface, the `error_subtype` of Google's OAuth. text: the other
    side's own words, at most 2,000 characters. values: facts for the explanation, such as host, port, offered
    mechanisms. perhaps_sent: the other side may have taken the message although no answer arrived. retry_after_s:
    seconds the other side asked to wait.
    """

    stage: str
    system: System
    condition: str | None = None
    reply: int | None = None
    enhanced: str | None = None
    verify: int | None = None
    errno: str | None = None
    error: str | None = None
    number: int | None = None
    http: int | None = None
    reason: str | None = None
    text: str = ""
    values: dict[str, str] = {}
    perhaps_sent: bool = False
    retry_after_s: float | None = None

    @property
    def code(self) -> str:
        """The most telling code as one string: `535 5.7.8`, `ECONNREFUSED`, `starttls-not-offered`."""
        if self.reply is not None:
            return f"{self.reply} {self.enhanced}" if self.enhanced else str(self.reply)
        if self.verify is not None:
            return f"verify {self.verify}"
        if self.number is not None:
            return f"AADSTS{self.number}"
        if self.error is not None:
            return f"{self.error} {self.reason or ''}".rstrip()
        if self.http is not None:
            return f"HTTP {self.http} {self.reason or ''}".rstrip()
        return self.errno or self.reason or self.enhanced or self.condition or ""


class Failure(SendwrightError):
    """Something outside the program failed; `evidence` says what was seen."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(f"{evidence.stage}: {evidence.code}")
        self.evidence = evidence
