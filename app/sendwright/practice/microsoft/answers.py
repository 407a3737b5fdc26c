"""What a sign-in is for, and where it may lead back to."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from sendwright.practice.answers import Answer
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody has to consent to. delegated, application: permissions. tick: for the organisation is a choice."""

    delegated: frozenset[str]
    application: frozenset[str] = frozenset()


class Purpose(Protocol):
    """What a sign-in is for."""

    client: AppRegistration
    segment: str
    prompt: str
    login_hint: str
    device: bool

    @property
    def for_organisation(self) -> bool:
        """Whether it asks for the consent of an administrator, for everybody."""
        ...

    def wanted(self, tenant: Tenant, person: Person) -> Wanted | None:
        """Return what must be consented to, None for nothing."""
        ...

    def done(self, tenant: Tenant, person: Person) -> Answer:
        """Answer after everything was given."""
        ...

    def declined(self, tenant: Tenant | None) -> Answer:
        """Answer after the person said no."""
        ...


def registered(uri: str, client: AppRegistration) -> bool:
    """Whether a redirect URI is one of the application's; for localhost any port, never another path (RFC 8252 7.3)."""
    return uri in client.redirect_uris or any(_without_port(uri) == _without_port(one) for one in client.redirect_uris)


def _without_port(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.hostname not in ("localhost", "127.0.0.1") or parts.username is not None:
        return uri
    return urlunsplit((parts.scheme, parts.hostname, parts.path.rstrip("/") and parts.path, parts.query, ""))
