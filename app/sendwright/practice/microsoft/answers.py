"""What the simulated sign-in service answers a browser."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant


@dataclass(frozen=True, kw_only=True)
class Page:
    """HTML. script: the nonce of its one script, empty where there is none."""

    html: str
    status: int = 200
    script: str = ""


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Another address."""

    url: str


Answer = Page | Redirect


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


def extended(uri: str, values: dict[str, str], *, fragment: bool = False) -> str:
    """Return a redirect URI with `values` in its query or its fragment; without a path it gets one."""
    parts = urlsplit(uri)
    said = urlencode(values)
    path = parts.path or "/"
    if fragment:
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, said))
    query = f"{parts.query}&{said}" if parts.query else said
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def registered(uri: str, client: AppRegistration) -> bool:
    """Whether a redirect URI is one of the application's; for localhost any port, never another path (RFC 8252 7.3)."""
    return uri in client.redirect_uris or any(_without_port(uri) == _without_port(one) for one in client.redirect_uris)


def _without_port(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.hostname not in ("localhost", "127.0.0.1") or parts.username is not None:
        return uri
    return urlunsplit((parts.scheme, parts.hostname, parts.path.rstrip("/") and parts.path, parts.query, ""))
