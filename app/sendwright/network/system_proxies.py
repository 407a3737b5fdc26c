"""Finds the proxy that this computer is set up to reach the web through."""

import ipaddress
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from sendwright.network.desktop_proxies import desktop_settings, matches
from sendwright.network.script_proxies import script_chooses
from sendwright.secret import Secret

_LISTED: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*):(?P<port>[0-9]{1,5})")
_USUAL_PORT: Final = {"http": 80, "https": 443}
_FOR_THE_WEB: Final = frozenset({"http", "https", "all"})
"""Variables that count, by their first word; others such as FTP_PROXY say nothing of the web."""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """An HTTP proxy. tls: it wants to be spoken to in TLS. login: `user:password`, None where it needs none."""

    host: str
    port: int
    tls: bool = False
    login: Secret | None = None

    @property
    def place(self) -> str:
        """Where it is, without the login: fit to be shown and logged."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Without(StrEnum):
    """Why there is no proxy on the way to a host.

    by-script: a script of the network decides, which this program does not run. other-kind: a SOCKS proxy, or an
    address that makes no sense.
    """

    NONE_SET = "none-set"
    BYPASSED = "bypassed"
    BY_SCRIPT = "by-script"
    OTHER_KIND = "other-kind"


@dataclass(frozen=True, kw_only=True)
class SystemProxies:
    """Settings as they were read.

    places: address by scheme, as `urllib.request.getproxies` has them. bypasses: tells of a host whether it is reached
    without a proxy; may look names up. listed: the same as patterns, such as `.example.org:8443`. by_script: a script
    decides. None prints: an address can hold a password.
    """

    places: Mapping[str, str] = field(default_factory=dict, repr=False)
    bypasses: Callable[[str], bool] = field(default=lambda _: False, repr=False)
    listed: tuple[str, ...] = field(default=(), repr=False)
    by_script: bool = False

    def choose(self, host: str, *, scheme: str = "https", port: int | None = None) -> Proxy | Without:
        """Return the proxy for `scheme` on the way to `host`, else why there is none; never for this computer.

        port: of the host, None is the usual one. May take a moment where the system looks names up.
        """
        place = next((self.places[name] for name in (scheme, "all", "socks") if self.places.get(name)), "")
        if not place:
            return Without.BY_SCRIPT if self.by_script else Without.NONE_SET
        reached = port or _USUAL_PORT.get(scheme, 0)
        if _is_here(host) or self.bypasses(host) or _is_listed(host, reached, self.listed):
            return Without.BYPASSED
        return read_proxy(place) or Without.OTHER_KIND


ReadProxies = Callable[[], SystemProxies]
"""Reads the settings; may take a moment, so it is called outside the event loop's thread."""


def no_proxies() -> SystemProxies:
    """Return the settings of a computer that has none."""
    return SystemProxies()


def read_system_proxies() -> SystemProxies:
    """Read the environment; where it names no proxy, the settings of Windows, macOS, GNOME or KDE. Never raises."""
    environment = getproxies_environment()
    if environment.keys() & _FOR_THE_WEB:
        return SystemProxies(places=environment, listed=tuple(environment.get("no", "").replace(",", " ").split()))
    if sys.platform in {"win32", "darwin"}:
        return SystemProxies(
            places=getproxies(), bypasses=lambda host: bool(proxy_bypass(host)), by_script=script_chooses(sys.platform)
        )
    found = desktop_settings()
    return SystemProxies(places=found.places, bypasses=found.bypasses, by_script=found.by_script)


def read_proxy(place: str) -> Proxy | None:
    """Return the HTTP proxy at `place` (`http://user:password@host:port`, or `host:port`), None for anything else."""
    try:
        parts = urlsplit(place if "://" in place else f"http://{place}")
        usual_port = _USUAL_PORT[parts.scheme]
        port = parts.port or usual_port
        place.encode()  # what is no text cannot be said to a proxy
    except (KeyError, ValueError):
        return None
    if not parts.hostname:
        return None
    login = None
    if parts.username is not None:
        login = Secret(f"{unquote(parts.username)}:{unquote(parts.password or '')}")
    return Proxy(host=parts.hostname, port=port, tls=parts.scheme == "https", login=login)


def _is_listed(host: str, port: int, listed: Iterable[str]) -> bool:
    """Tell whether one of the patterns fits; one with a port fits only that port."""
    patterns = []
    for pattern in listed:
        found = _LISTED.fullmatch(pattern)
        if found is None:
            patterns.append(pattern)
        elif int(found["port"]) == port:
            patterns.append(found["host"])
    return matches(host, patterns)


def _is_here(host: str) -> bool:
    bare = host.strip().strip("[]").partition("%")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        name = bare.rstrip(".").lower()
        return name == "localhost" or name.endswith(".localhost")
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address.is_loopback or address.is_unspecified or (inner is not None and inner.is_loopback)
