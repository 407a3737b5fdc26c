"""The map in words: a table for a terminal, and the text for those who look after the firewall."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from unicodedata import east_asian_width

from sendwright import __version__
from sendwright.network.wall.proxied import PROXY_CODES
from sendwright.network.wall.wall import Outcome, Wall
from sendwright.network.wall.way import ANSWERED, DIRECT, Route, Speech, Verdict, Way
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Confidence, Owner, Problem
from sendwright.texts import text

SIGNS: Final = MappingProxyType(
    {
        Verdict.OPEN: "✓",
        Verdict.REFUSED: "✗",
        Verdict.SILENT: "✗",
        Verdict.UNREACHABLE: "✗",
        Verdict.ALTERED: "!",
        Verdict.NOT_TRIED: "·",
    }
)
"""A sign for each verdict; the word always stands beside it."""

_GAP: Final = "  "
_NEVER: Final = ("no-inspection", "no-fixup", "no-redirect")
_SUBMISSION: Final = (587, 465)
_SAFE: Final = re.compile(r"[A-Za-z0-9._:-]+")


class Place(StrEnum):
    """Where connections are to come from."""

    DESK = "desk"
    BACKEND = "backend"


def map_lines(wall: Wall) -> tuple[str, ...]:
    """Return the map as lines of a table: a row for each port, a column for each route."""
    rows = [("", text("wall.port"), *(text(f"wall.routes.{route}") for route in Route))]
    rows += [("", row_name(wall, host, port), *_cells(wall, host, port)) for host, port in wall.rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return tuple(
        _GAP.join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).strip()
        for row in rows
    )


def row_name(wall: Wall, host: str, port: int) -> str:
    """Return how the row of a port is called: by the host too, where it is not the one of the map."""
    return str(port) if host == wall.host else text("wall.port-elsewhere", port=port, host=host)


def state(way: Way) -> str:
    """Return what became of a way, and why where it was not tried."""
    verdict = text(f"wall.verdicts.{way.verdict}")
    if way.reason is None:
        return verdict
    return text("wall.state", verdict=verdict, remark=text(f"wall.reasons.{way.reason}"))


def remarks(wall: Wall) -> tuple[str, ...]:
    """Return what has to be said beside the table so that nobody reads too much into it."""
    said = []
    if any(_is_unknown(problem, wall) for problem in wall.problems):
        said.append(text("wall.nothing-known", host=wall.host))
    elif any(way.verdict is Verdict.SILENT and not way.stood for way in wall.ways):
        said.append(text("wall.legend"))
    held = dict.fromkeys(str(way.port) for way in wall.ways if way.verdict is Verdict.SILENT and way.stood)
    said += [text("wall.held", ports=", ".join(held))] if held else []
    said += [detail for problem in wall.problems for detail in _details(problem)]
    reasons = dict.fromkeys(way.reason for way in wall.ways if way.reason is not None)
    said += [text("wall.proxy", proxy=wall.proxy)] if wall.proxy else []
    return (*said, *(_sentence(text(f"wall.reasons.{reason}"), wall, reason) for reason in reasons))


def _is_unknown(problem: Problem, wall: Wall) -> bool:
    """Tell whether a problem says no more than that nothing came from anywhere."""
    came = any(way.route in DIRECT and (way.verdict in ANSWERED or way.stood) for way in wall.ways)
    return problem.confidence is Confidence.UNKNOWN and not came


def _details(problem: Problem) -> list[str]:
    """Return what those who look after the network want to know of a problem beyond its name."""
    issuer, ways = problem.values.get("issuer", ""), problem.values.get("sign_in", "")
    if problem.code == "tls-inspected" and issuer:
        return [text("wall.issuer", issuer=issuer)]
    if problem.code == "proxy-authentication-required" and ways:
        return [text("wall.proxy-sign-in", ways=ways)]
    return []


def concerns_firewall(wall: Wall) -> bool:
    """Tell whether there is anything to ask of those who look after the network."""
    return any(problem.owner is Owner.NETWORK_ADMIN for problem in wall.problems)


def firewall_request(wall: Wall, *, places: Sequence[Place] = (Place.DESK,)) -> str:
    """Return a text to send to those who look after the firewall, in the language in use.

    places: where the connections come from.
    """
    ports = _ports(wall)
    proxy_only, proxy_too = _about_proxy(wall)
    kind = "proxy-" if proxy_only else ""
    lines = [
        text(f"wall.firewall.{kind}subject", host=wall.host),
        "",
        text(f"wall.firewall.{kind}intro", host=wall.host),
        "",
        text("wall.firewall.program", version=__version__),
        *(text(f"wall.firewall.from-{place}", **_own(wall, place)) for place in places),
        text("wall.firewall.to", host=_listed(wall.host, wall.addresses)),
        *([text("wall.firewall.through", proxy=wall.proxy)] if wall.proxy else []),
        text("wall.firewall.ports"),
        *(
            _point(text("wall.firewall.port", port=port, speech=text(f"wall.speech.{speech}")))
            for port, speech in ports.items()
        ),
        "",
        text("wall.firewall.seen", at=f"{wall.at.astimezone(UTC):%Y-%m-%d %H:%M}"),
        *(_point(_seen(way)) for way in wall.ways if _is_telling(way, wall, ports)),
        text("wall.firewall.found"),
        *(_point(_found(problem, wall)) for problem in wall.problems),
        "",
        *([text("wall.firewall.open", host=wall.host)] if _is_closed(wall, ports) else []),
        *([text("wall.firewall.open-proxy", host=wall.host)] if proxy_too else []),
        text("wall.firewall.never"),
        *(_point(text(f"wall.firewall.{name}")) for name in _NEVER[: 1 if proxy_only else None]),
        "",
        text("wall.firewall.verify"),
        *(f"  {command}" for command in _commands(wall, ports, proxy_only=proxy_only)),
    ]
    return "\n".join(lines)


def _cells(wall: Wall, host: str, port: int) -> list[str]:
    ways = {way.route: way for way in wall.ways if (way.host, way.port) == (host, port)}
    found = [ways.get(route) for route in Route]  # a file from elsewhere may lack some
    return ["" if way is None else f"{SIGNS[way.verdict]} {text(f'wall.verdicts.{way.verdict}')}" for way in found]


def _sentence(words: str, wall: Wall, reason: str) -> str:
    routes = dict.fromkeys(way.route for way in wall.ways if way.reason == reason)
    named = ", ".join(text(f"wall.routes.{route}") for route in routes)
    return text("wall.state", verdict=f"{named[:1].upper()}{named[1:]}", remark=words)


def _about_proxy(wall: Wall) -> tuple[bool, bool]:
    """Tell whether the proxy alone is what those who look after the network are asked about, and whether it is too."""
    codes = {problem.code for problem in wall.problems if problem.owner is Owner.NETWORK_ADMIN}
    return bool(codes) and codes <= PROXY_CODES, bool(codes & PROXY_CODES)


def _ports(wall: Wall) -> dict[int, Speech]:
    """Return the ports to ask for: the one in question, those in trouble, else those where mail is handed over."""
    speeches = {way.port: way.speech for way in wall.ways if way.host == wall.host}
    web: dict[int, Speech] = {port: speech for port, speech in speeches.items() if speech is Speech.HTTPS}
    if web and _about_proxy(wall)[0]:
        return web
    troubled = {way.port for way in wall.ways if way.route in DIRECT and _is_troubled(way, wall)}
    if not troubled or len(troubled) == len(speeches):  # nobody opens everything: what mail needs is enough
        troubled = {wall.port} if wall.port else {port for port in _SUBMISSION if port in speeches} or set(speeches)
    return {port: speech for port, speech in sorted(speeches.items()) if port in troubled}


def _is_closed(wall: Wall, ports: Collection[int]) -> bool:
    """Tell whether one of the ports is open by no direct way."""
    direct = [way for way in wall.ways if way.host == wall.host and way.route in DIRECT]
    return any(not any(way.connected for way in direct if way.port == port) for port in ports)


def _is_telling(way: Way, wall: Wall, ports: Collection[int]) -> bool:
    """Tell whether a way shows what is asked about, or that the server is there."""
    if way.host != wall.host or way.verdict is Verdict.NOT_TRIED:
        return False
    return way.port in ports or (way.route in DIRECT and way.verdict in ANSWERED)


def _is_troubled(way: Way, wall: Wall) -> bool:
    codes = {problem.code for problem in wall.problems if problem.owner is Owner.NETWORK_ADMIN}
    return way.host == wall.host and way.problem in codes


def _own(wall: Wall, place: Place) -> dict[str, str]:
    return {"computer": _listed(text("wall.firewall.this-computer"), wall.own)} if place is Place.DESK else {}


def _listed(what: str, addresses: Sequence[str]) -> str:
    listed = ", ".join(addresses)
    return text("wall.firewall.own-addresses", what=what, addresses=listed) if addresses else what


def _seen(way: Way) -> str:
    return text("wall.firewall.way", port=way.port, route=text(f"wall.routes.{way.route}"), state=state(way))


def sure(problem: Problem) -> str:
    """Return the title of a problem, and how sure it is."""
    return text(f"wall.firewall.sure.{problem.confidence}", title=explain(problem).title)


def _found(problem: Problem, wall: Wall) -> str:
    if _is_unknown(problem, wall):
        return text("wall.nothing-known", host=wall.host)
    details = _details(problem)
    ports = dict.fromkeys(str(way.port) for way in wall.ways if way.problem == problem.code)
    title = text("wall.firewall.seen-at", title=sure(problem), ports=", ".join(ports)) if ports else sure(problem)
    return text("wall.firewall.detailed", title=title, details=details[0]) if details else title


def _commands(wall: Wall, ports: dict[int, Speech], *, proxy_only: bool) -> list[str]:
    """Return commands that show whether it works; none for a host that is no plain name."""
    if _SAFE.fullmatch(wall.host) is None:
        return []
    place = f"[{wall.host}]" if ":" in wall.host else wall.host
    found = [f"sendwright doctor network {place}" + (f":{wall.port}" if wall.port else "")]
    if proxy_only:
        return [*found, f"curl -v -o - https://{place}/"]
    for port, speech in ports.items():
        turning = " -starttls smtp" if speech is Speech.SMTP else ""
        found.append(f"openssl s_client{turning} -connect {place}:{port} -servername {wall.host}")
    return found


def _point(words: str) -> str:
    return f"  - {words}"


def _width(words: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in words)


def headline(wall: Wall) -> str:
    """Return what the map says in one sentence."""
    return text(f"wall.outcome.{Outcome(wall.outcome)}", host=wall.host)
