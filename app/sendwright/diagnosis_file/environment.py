"""Describes the computer that a diagnosis ran on, as far as it can matter to sending mail."""

import locale
import platform
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import metadata
from urllib.request import getproxies

from sendwright.diagnosis.clock import server_time
from sendwright.diagnosis.stage import StageResult

QT = "PySide6_Essentials"
NONE = "none"


def describe(
    *,
    at: datetime,
    clock_deviation_s: float | None = None,
    keychain: str = "",
    proxies: Callable[[], Mapping[str, str]] = getproxies,
) -> dict[str, str]:
    """Return facts by name, without the name of the computer or of its person; what is not known is left out.

    at: aware, in the local time zone. clock_deviation_s: seconds that this computer's clock is ahead, None where
    nobody measured it. keychain: kind of keychain in use. Of proxies it says for which protocols there is one, and
    of which kind, never where or with which password.
    """
    facts = {
        "system": f"{platform.system()} {platform.release()}".strip(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "qt": _version(QT),
        "locale": _locale(),
        "time_zone": _offset(at),
        "clock_deviation_s": "" if clock_deviation_s is None else f"{clock_deviation_s:.0f}",
        "proxy": _kinds(proxies()),
        "keychain": keychain,
    }
    return {name: value for name, value in facts.items() if value}


def clock_deviation_s(stages: Iterable[StageResult], *, at: datetime) -> float | None:
    """Return by how many seconds this computer's clock is ahead of the server's, None where that gave no date.

    at: aware, when the greeting came, by this computer's clock; some seconds more or less tell nothing.
    """
    greetings = (stage.evidence.get("greeting") for stage in stages)
    said = next((moment for moment in map(server_time, filter(None, map(str, greetings))) if moment is not None), None)
    return None if said is None else (at - said).total_seconds()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _locale() -> str:
    try:
        return ".".join(filter(None, locale.getlocale()))
    except ValueError:  # a name that the system's own library does not know
        return ""


def _offset(at: datetime) -> str:
    offset = at.strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}" if offset else ""


def _kinds(proxies: Mapping[str, str]) -> str:
    """Return such as `https through http`; the name `no` lists what goes without one."""
    kinds = (
        f"{protocol} through {place.partition('://')[0] if '://' in place else 'http'}"
        for protocol, place in sorted(proxies.items())
        if protocol != "no" and place
    )
    return ", ".join(kinds) or NONE
