"""What a simulated sign-in service answers a browser."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit


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


def extended(uri: str, values: dict[str, str], *, fragment: bool = False) -> str:
    """Return a redirect URI with `values` in its query or its fragment; without a path it gets one."""
    parts = urlsplit(uri)
    said = urlencode(values)
    path = parts.path or "/"
    if fragment:
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, said))
    query = f"{parts.query}&{said}" if parts.query else said
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))
