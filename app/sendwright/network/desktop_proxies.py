"""Reads the proxy settings of the desktops GNOME and KDE."""

import configparser
import contextlib
import fnmatch
import ipaddress
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sendwright.network.asked_program import said_by
from sendwright.network.failures import ResolveFailed
from sendwright.network.names import a_labels

_SCHEMA: Final = "org.gnome.system.proxy"
_WORD: Final = re.compile(r"'([^']{0,1000})'")
_LIKE_GNOME: Final = frozenset({"gnome", "unity", "cinnamon", "x-cinnamon", "mate", "budgie", "pantheon", "xfce"})
_MANUAL, _SCRIPT, _FOUND_SCRIPT = "1", "2", "3"
"""Values of KDE's ProxyType: 0 is none, 4 is the environment."""

Run = Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class DesktopSettings:
    """places: address by scheme. direct: hosts that are reached without it. by_script: a script decides."""

    places: Mapping[str, str] = field(default_factory=dict, repr=False)
    direct: tuple[str, ...] = ()
    by_script: bool = False
    reversed: bool = False

    def bypasses(self, host: str) -> bool:
        """Tell whether `host` is reached without the proxy; reversed: only the hosts of the list go through it."""
        return matches(host, self.direct) is not self.reversed


def desktop_settings(
    environment: Mapping[str, str] = os.environ, *, run: Run | None = None, home: Path | None = None
) -> DesktopSettings:
    """Return the settings of the desktop in use, none where there is no desktop. Never raises.

    run: what `gsettings list-recursively` says. home: of the person.
    """
    desktops = {name.strip().lower() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
    if "kde" in desktops:
        folder = environment.get("XDG_CONFIG_HOME") or str((home or _home()) / ".config")
        return read_kde(_content(Path(folder) / "kioslaverc"))
    if desktops & _LIKE_GNOME:
        return read_gnome((run or _gsettings)())
    return DesktopSettings()


def read_gnome(listing: str) -> DesktopSettings:
    """Read the lines `SCHEMA KEY VALUE` of `gsettings list-recursively org.gnome.system.proxy`."""
    values: dict[str, str] = {}
    for line in listing.splitlines():
        schema, _, rest = line.partition(" ")
        key, _, value = rest.partition(" ")
        values[f"{schema.removeprefix(_SCHEMA)}.{key}".lstrip(".")] = value.strip()
    mode = _unquoted(values.get("mode", ""))
    if mode != "manual":
        return DesktopSettings(by_script=mode == "auto")
    places = {}
    for scheme in ("http", "https"):
        host, port = _unquoted(values.get(f"{scheme}.host", "")), values.get(f"{scheme}.port", "")
        if host and port.isdecimal() and int(port):
            places[scheme] = f"http://{_bracketed(host)}:{port}"
    socks = _unquoted(values.get("socks.host", ""))
    if socks:
        places["socks"] = f"socks://{_bracketed(socks)}"
    return DesktopSettings(places=places, direct=tuple(_WORD.findall(values.get("ignore-hosts", ""))))


def read_kde(content: str) -> DesktopSettings:
    """Read KDE's file kioslaverc."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(content)
        section = dict(parser.items("Proxy Settings"))
    except configparser.Error:
        return DesktopSettings()
    kind = section.get("proxytype", "0").strip()
    if kind != _MANUAL:
        return DesktopSettings(by_script=kind in {_SCRIPT, _FOUND_SCRIPT})
    places = {}
    for scheme in ("http", "https", "socks"):
        place = section.get(f"{scheme}proxy", "").strip()
        if place:
            places[scheme] = ":".join(place.rsplit(None, 1))  # `http://proxy.example.org 3128`
    return DesktopSettings(
        places=places,
        direct=tuple(section.get("noproxyfor", "").replace(",", " ").split()),
        reversed=section.get("reversedexception", "").strip().lower() == "true",
    )


def matches(host: str, patterns: Iterable[str]) -> bool:
    """Tell whether `host` fits one of `patterns`: a name and all below it, `*.example.org`, an address, a network.

    Names in other scripts fit in either spelling (RFC 5891).
    """
    name = _spelt(host.strip().strip("[]"))
    return any(_fits(name, _spelt(pattern.strip().strip("[]"))) for pattern in patterns)


def _spelt(name: str) -> str:
    bare = name.rstrip(".").lower()
    if bare.isascii():
        return bare
    dots = bare[: len(bare) - len(bare.lstrip(".*"))]
    with contextlib.suppress(ResolveFailed):
        return dots + a_labels(bare.lstrip(".*"))
    return bare


def _fits(name: str, pattern: str) -> bool:
    try:
        return ipaddress.ip_address(name) in ipaddress.ip_network(pattern, strict=False)
    except (ValueError, TypeError):
        pass
    bare = pattern.lstrip(".")
    return bool(bare) and (name == bare or name.endswith(f".{bare}") or fnmatch.fnmatchcase(name, bare))


def _gsettings() -> str:
    return said_by("gsettings", "list-recursively", _SCHEMA)


def _content(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")


def _unquoted(value: str) -> str:
    return value.strip().strip("'\"")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
