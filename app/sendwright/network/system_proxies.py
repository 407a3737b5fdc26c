"""Finds the proxy that this computer is set up to reach the web through."""

import ipaddress
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from sendwright.network.desktop_proxies import desktop_settings, matches
from sendwright.secret import Secret

_LISTED_PORT: Final = re.compile(r"^([^:]*):[0-9]+$")
_USUAL_PORT: Final = {"http": 80, "https": 443}


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
    """Settings as they were read. places: address by scheme, as `urllib.request.getproxies` has them.

    Neither prints: an address can hold a password.
    """

    places: Mapping[str, str] = field(default_factory=dict, repr=False)
    bypasses: Callable[[str], bool] = field(default=lambda _: False, repr=False)
    by_script: bool = False

    def choose(self, host: str, *, scheme: str = "https") -> Proxy | Without:
        """Return the proxy for `scheme` on the way to `host`, else why there is none; never for this computer."""
        place = self.places.get(scheme) or self.places.get("all") or ""
        if not place:
            return Without.BY_SCRIPT if self.by_script else Without.NONE_SET
        if _is_here(host) or self.bypasses(host):
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
    if any(name != "no" for name in environment):
        direct = [_LISTED_PORT.sub(r"\1", name) for name in environment.get("no", "").replace(",", " ").split()]
        return SystemProxies(places=environment, bypasses=lambda host: matches(host, direct))
    if sys.platform in {"win32", "darwin"}:
        return SystemProxies(places=getproxies(), bypasses=lambda host: bool(proxy_bypass(host)))
    found = desktop_settings()
    return SystemProxies(places=found.places, bypasses=found.bypasses, by_script=found.by_script)


def read_proxy(place: str) -> Proxy | None:
    """Return the HTTP proxy at `place` (`http://user:password@host:port`, or `host:port`), None for anything else."""
    try:
        parts = urlsplit(place if "://" in place else f"http://{place}")
        usual_port = _USUAL_PORT[parts.scheme]
        port = parts.port or usual_port
    except (KeyError, ValueError):
        return None
    if not parts.hostname:
        return None
    login = None
    if parts.username is not None:
        login = Secret(f"{unquote(parts.username)}:{unquote(parts.password or '')}")
    return Proxy(host=parts.hostname, port=port, tls=parts.scheme == "https", login=login)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
