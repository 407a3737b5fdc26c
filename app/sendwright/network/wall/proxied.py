"""Finds what is wrong with the proxy that the system names for the web."""

from typing import Final

from sendwright.network.wall.findings import Finding
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.way import DIRECT, Route, Speech, Way

UNREACHABLE, SIGN_IN, REFUSED = "proxy-unreachable", "proxy-authentication-required", "proxy-refused-tunnel"
PROXY_CODES: Final = frozenset({UNREACHABLE, SIGN_IN, REFUSED})
_BEHIND_IT: Final = 500
"""From here on the status says that the way behind the proxy is closed, not that the proxy decided."""


def proxy_findings(sight: Sight) -> list[Finding]:
    """Return what keeps the web from getting out.

    That a proxy lets nothing but the web through is usual and no finding, unless nothing gets to the port in question
    directly either.
    """
    ways = [way for way in sight.ways if way.route is Route.PROXY and way.problem is not None]
    found = []
    for code in (UNREACHABLE, SIGN_IN, REFUSED):
        shown = [way for way in ways if way.problem == code and (code != REFUSED or _matters(way, sight))]
        if shown and shown[0].evidence is not None:
            found.append(Finding(evidence=shown[0].evidence, ways=tuple(shown)))
    return found


def _matters(way: Way, sight: Sight) -> bool:
    direct = [other for other in sight.ways if _place(other) == _place(way) and other.route in DIRECT]
    if way.speech is Speech.HTTPS:
        decided = way.evidence is not None and (way.evidence.http or 0) < _BEHIND_IT
        return decided or any(other.secured for other in direct)
    return way.port == sight.question.port and not any(other.connected for other in direct)


def _place(way: Way) -> tuple[str, int]:
    return way.host, way.port
