"""Finds ports that the network does not let out, and tells them from servers that are not there."""

from collections.abc import Sequence

import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.network.wall.findings import Finding
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.way import ANSWERED, DIRECT, Route, Speech, Verdict, Way
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence

_OWN_FIREWALL = frozenset({"EPERM", "EACCES"})
_NOTHING_COMES = frozenset({Verdict.SILENT, Verdict.UNREACHABLE})


def blocked_ways(sight: Sight) -> list[Finding]:
    """Return the ports in question from which nothing comes, each with what that shows.

    The port in question counts, those that networks block as a matter of course, and all ports for mail where none of
    them is open: a port that a server simply does not serve is no finding.
    """
    ways = [way for way in sight.ways if way.host == sight.question.host]
    if sight.names.failure is not None:
        return [Finding(evidence=_nameless(sight.names.failure, ways))]
    direct = [way for way in ways if way.route in DIRECT and way.verdict is not Verdict.NOT_TRIED]
    mail = [way for way in direct if way.speech is not Speech.HTTPS or way.port == sight.question.port]
    if not direct:
        return []
    if not any(way.verdict in ANSWERED or way.stood for way in direct):
        through = [way for way in ways if way.route is Route.PROXY and way.spoke]
        direct.sort(key=lambda way: way.port != sight.question.port)
        return [_blocked(direct, None)] if through else [_nothing_at_all(direct)]
    found = [_port(number, sight, ways) for number in dict.fromkeys(way.port for way in _in_question(sight, mail))]
    return [finding for finding in found if finding is not None] or _mute(mail, sight)


def _nameless(failure: Evidence, ways: Sequence[Way]) -> Evidence:
    """Return why there are no addresses; where a proxy knows the name, it exists, and only this network lacks it."""
    if not any(way.spoke for way in ways):
        return failure
    return msgspec.structs.replace(failure, condition=NetworkCondition.DNS_RESOLVER_FAILED.value)


def _mute(mail: Sequence[Way], sight: Sight) -> list[Finding]:
    """Connections stand, and nobody talks on them: a server that is slow on purpose or busy, or nobody who knows mail.

    What is said, or not, has its own name; nobody is accused of it.
    """
    asked = [way for way in mail if way.port == sight.question.port] or list(mail)
    if any(way.spoke and not _turned_away(way) for way in asked):
        return []
    shown = tuple(way for way in asked if way.evidence is not None and (way.connected or way.stood))
    return [Finding(evidence=way.evidence, ways=shown) for way in shown[:1] if way.evidence is not None]


def _turned_away(way: Way) -> bool:
    """Tell whether the server greeted with a refusal."""
    return way.banner[:1] in {"4", "5"} and way.speech is not Speech.HTTPS


def _in_question(sight: Sight, mail: Sequence[Way]) -> list[Way]:
    asked = sight.question.port
    closed = not any(way.connected for way in mail)
    usual = {port.number for port in sight.question.ports if port.outbound}
    if asked:
        return [way for way in mail if way.port == asked]
    found = [way for way in mail if closed or (way.port in usual and not _is_shy(mail, usual))]
    return sorted(found, key=lambda way: way.port in usual)  # what mail is handed over by comes first


def _is_shy(mail: Sequence[Way], usual: set[int]) -> bool:
    """Tell whether the server says nothing at ports that it does not serve: then silence shows nothing.

    It is enough that it, or the network, says nothing at a port that networks do not block by habit.
    """
    others = [way for way in mail if way.port not in usual]
    closed = [[way for way in others if way.port == port] for port in dict.fromkeys(way.port for way in others)]
    return any(all(way.verdict in _NOTHING_COMES and not way.stood for way in ways) for ways in closed)


def _port(number: int, sight: Sight, ways: Sequence[Way]) -> Finding | None:
    here = [way for way in ways if way.port == number]
    direct = [way for way in here if way.route in DIRECT and way.verdict is not Verdict.NOT_TRIED]
    if any(way.connected or way.stood for way in direct):
        return None
    if any(way.spoke for way in here):
        return _blocked(direct, None)  # the proxy comes through to the same port
    if any(_errno(way) in _OWN_FIREWALL for way in direct):
        return _blocked(direct, None)
    if all(way.verdict in _NOTHING_COMES for way in direct):
        return _blocked(direct, Confidence.LIKELY)
    mail_is_out = any(way.connected for way in ways if way.speech is not Speech.HTTPS and way.route in DIRECT)
    if mail_is_out and not sight.question.port:
        return None
    evidence = next(way.evidence for way in direct if way.verdict is Verdict.REFUSED)
    return None if evidence is None else Finding(evidence=evidence, ways=tuple(direct))


def _blocked(ways: Sequence[Way], confidence: Confidence | None) -> Finding:
    first = next((way for way in ways if _errno(way)), ways[0])
    evidence = Evidence(
        stage="connect",
        system=System.SOCKET,
        condition="port-blocked",
        errno=_errno(first) or None,
        text="" if first.evidence is None else first.evidence.text,
        values=first.values,
    )
    return Finding(evidence=evidence, ways=tuple(ways), confidence=confidence)


def _nothing_at_all(direct: Sequence[Way]) -> Finding:
    """Nothing came from anywhere: it is blocked, or not there; that the network is missing shows by itself."""
    silent = [way for way in direct if way.verdict is Verdict.SILENT]
    first = (silent or list(direct))[0]
    evidence = first.evidence or Evidence(stage="connect", system=System.SOCKET, errno="ETIMEDOUT")
    confidence = Confidence.UNKNOWN if silent else None
    return Finding(evidence=evidence, ways=tuple(direct), confidence=confidence)


def _errno(way: Way) -> str:
    return "" if way.evidence is None else way.evidence.errno or ""
