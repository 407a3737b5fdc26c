"""Maps as a network would give them, judged as real ones are, without a network."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from sendwright.network.wall.judge import judge
from sendwright.network.wall.question import Question
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.surroundings import Names
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import USUAL_PORTS, Reason, Route, Speech, Verdict, Way
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System

HOST = "smtp.example.org"
AT = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
SILENT = Evidence(stage="connect", system=System.SOCKET, condition="connection-timed-out", errno="ETIMEDOUT")
PUBLIC, PRIVATE = "CN=R11,O=Let's Encrypt,C=US", "CN=Contoso Web Inspection,O=Contoso"


def way(port: int, route: Route, verdict: Verdict, **values: Any) -> Way:  # noqa: ANN401 - any field of a way
    """Return a way to the host, its problem named as its evidence says."""
    speech = next((usual.speech for usual in USUAL_PORTS if usual.number == port), Speech.SMTP)
    usual: dict[str, Any] = {"host": HOST, "port": port, "speech": speech, "route": route, "verdict": verdict}
    found = Way(**(usual | values))
    return found if found.evidence is None else replace(found, problem=classify(found.evidence).code)


def open_way(port: int, route: Route = Route.IPV4, **values: Any) -> Way:  # noqa: ANN401 - any field of a way
    """Return a way that works in every respect, but for `values`."""
    speech = next(usual.speech for usual in USUAL_PORTS if usual.number == port)
    common: dict[str, Any] = {
        "secured": True,
        "public": True,
        "issuer": PUBLIC,
        "address": "203.0.113.9",
        "took_ms": 81.0,
    }
    offers: dict[str, Any] = {"starttls": True, "banner": f"220 {HOST} ESMTP"} if speech is Speech.SMTP else {}
    return way(port, route, Verdict.OPEN, **(common | offers | values))


def silent_way(port: int, route: Route = Route.IPV4) -> Way:
    return way(port, route, Verdict.SILENT, evidence=SILENT, took_ms=8_000.0)


def untried(route: Route, reason: Reason) -> list[Way]:
    return [way(usual.number, route, Verdict.NOT_TRIED, reason=reason) for usual in USUAL_PORTS]


def wall_of(*ways: Way, port: int = 0, addresses: tuple[str, ...] = ("203.0.113.9",), proxy: str = "") -> Wall:
    """Return the map of `ways` as it would be judged."""
    order = {usual.number: place for place, usual in enumerate(USUAL_PORTS)}
    sorted_ways = sorted(ways, key=lambda found: order.get(found.port, -1))
    judged = judge(
        Sight(question=Question(host=HOST, port=port), ways=tuple(sorted_ways), names=Names(addresses=addresses), at=AT)
    )
    return Wall(
        host=HOST,
        port=port,
        at=AT,
        outcome=judged.outcome,
        ways=judged.ways,
        problems=judged.problems,
        addresses=addresses,
        own=("10.1.2.3",),
        proxy=proxy,
    )
