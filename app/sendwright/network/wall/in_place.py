"""Finds who answers in place of the server: false addresses, pages of the network, a clock that is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.network.names import literal
from sendwright.network.wall.findings import Finding
from sendwright.network.wall.portal import CAPTIVE, SIGN_IN_FIRST, portal_in
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.way import DIRECT, Speech, Verdict, Way
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence

_OUT_OF_ITS_TIME: Final = frozenset({9, 10})
TLS_FAILED: Final = NetworkCondition.TLS_HANDSHAKE_FAILED.value
_CERTAIN: Final = timedelta(days=1)


def answered_by_others(sight: Sight) -> list[Finding]:
    """Return what explains everything else on the map."""
    found = (_hijacked(sight), _page(sight), _clock(sight))
    return [finding for finding in found if finding is not None]


def _hijacked(sight: Sight) -> Finding | None:
    """A name that nobody can have leads to the address of the server: so does every other name."""
    false = [address for address in sight.names.addresses if address in sight.made_up]
    if not false or literal(sight.question.host) is not None:  # an address was asked of nobody
        return None
    evidence = Evidence(
        stage="resolve",
        system=System.DNS,
        condition="dns-hijacked",
        text="\n".join(false),
        values={"host": sight.question.host, "addresses": ", ".join(false)},
    )
    return Finding(evidence=evidence, ways=_direct(sight), alters=True)


def _page(sight: Sight) -> Finding | None:
    """A page came where TLS was expected; or nothing was, and a page in clear leads elsewhere."""
    seen = [way for way in sight.ways if way.problem == CAPTIVE and way.evidence is not None]
    if seen and seen[0].evidence is not None:
        return Finding(evidence=seen[0].evidence, ways=tuple(seen), alters=True, confidence=_how_sure(seen[0].evidence))
    direct = _direct(sight)
    if sight.page is None or any(_is_server(way) for way in direct):
        return None
    values = {"host": sight.question.host, "port": str(sight.question.plain_port)}
    evidence = portal_in(sight.page, host=sight.question.host, values=values, instead_of_tls=False)
    if evidence is None:
        return None
    return Finding(evidence=evidence, ways=direct, alters=True, confidence=_how_sure(evidence))


def without_plain_pages(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Return `ways` without pages that the server itself speaks in clear at the port of the web.

    That it is the server shows by its mail, which came directly; a sign that only a network gives (511) stays, and so
    does a page at a port that speaks TLS by another route.
    """
    return tuple(_plain(way) if way.problem == CAPTIVE and _is_own_page(way, ways) else way for way in ways)


def _is_own_page(way: Way, ways: Sequence[Way]) -> bool:
    if way.evidence is None or way.evidence.http == SIGN_IN_FIRST:
        return False
    others = [other for other in ways if other.host == way.host and other.route in DIRECT]
    elsewhere = any(other.port == way.port and other.secured for other in others)
    return not elsewhere and any(_is_server(other) and other.secured for other in others)


def _plain(way: Way) -> Way:
    text = "" if way.evidence is None else way.evidence.text
    seen = Evidence(stage="secure", system=System.TLS, condition=TLS_FAILED, text=text, values=way.values)
    return msgspec.structs.replace(way, verdict=Verdict.OPEN, problem=classify(seen).code, evidence=seen)


def _is_server(way: Way) -> bool:
    """Tell whether a mail server spoke, which no page of a network does."""
    return way.secured or (way.speech is not Speech.HTTPS and way.connected and way.banner.startswith("2"))


def _how_sure(page: Evidence) -> Confidence | None:
    return None if page.http == SIGN_IN_FIRST else Confidence.LIKELY


def _clock(sight: Sight) -> Finding | None:
    """A certificate is out of its time by this computer's clock, and within it by the other side's."""
    page = sight.page.date if sight.page is not None else None
    for way in sight.ways:
        evidence = way.evidence
        if evidence is None or evidence.verify not in _OUT_OF_ITS_TIME:
            continue
        said = _moment(way.date) or page
        begins, ends = (_moment(evidence.values.get(name, "")) for name in ("not_before", "not_after"))
        if said is None or begins is None or ends is None:
            continue
        if begins <= said <= ends and abs(said - sight.at) > _CERTAIN:
            times = {"own_time": _shown(sight.at), "server_time": _shown(said)}
            blamed = Evidence(
                stage=evidence.stage,
                system=evidence.system,
                condition="clock-wrong",
                verify=evidence.verify,
                text=evidence.text,
                values={**evidence.values, **times},
            )
            return Finding(evidence=blamed, ways=_alike(sight))
    return None


def _alike(sight: Sight) -> tuple[Way, ...]:
    return tuple(way for way in sight.ways if way.evidence is not None and way.evidence.verify in _OUT_OF_ITS_TIME)


def _direct(sight: Sight) -> tuple[Way, ...]:
    return tuple(way for way in sight.ways if way.route in DIRECT and way.host == sight.question.host)


def _moment(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _shown(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
