"""Finds who reads along: offers that vanish, words that are written over, certificates that are made here."""

from collections.abc import Sequence

from sendwright.network.wall.findings import Finding
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.surroundings import is_public
from sendwright.network.wall.way import Route, Speech, Way
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence


def altered_ways(sight: Sight) -> list[Finding]:
    """Return what was changed on the way."""
    return [*_stripped(sight.ways), *_rewritten(sight.ways), *_inspected(sight)]


def _stripped(ways: Sequence[Way]) -> list[Finding]:
    """The offer of STARTTLS is written over, or is there on one way and gone on another."""
    masked = tuple(way for way in ways if way.problem == "starttls-stripped")
    if masked and masked[0].evidence is not None:
        return [Finding(evidence=masked[0].evidence, ways=masked, alters=True)]
    offered = {(way.host, way.port) for way in ways if way.starttls}
    hosts = {host for host, _ in offered}
    lacking = [way for way in ways if way.starttls is False]
    certain = tuple(way for way in lacking if (way.host, way.port) in offered)
    likely = tuple(way for way in lacking if way.host in hosts)
    if not likely:
        return []
    shown = certain or likely
    evidence = Evidence(
        stage="secure", system=System.SMTP, condition="starttls-stripped", text=shown[0].banner, values=shown[0].values
    )
    return [Finding(evidence=evidence, ways=shown, alters=True, confidence=None if certain else Confidence.LIKELY)]


def _rewritten(ways: Sequence[Way]) -> list[Finding]:
    seen = tuple(way for way in ways if way.problem == "banner-rewritten")
    if not seen or seen[0].evidence is None:
        return []
    return [Finding(evidence=seen[0].evidence, ways=seen, alters=True)]


def _inspected(sight: Sight) -> list[Finding]:
    """A certificate that no public authority vouches for came, and somewhere the same host shows another one's.

    Where it is the same everywhere, it is likely only if this computer trusts it and the host is on the internet: an
    organisation's own server may well have a certificate of its organisation, and so may one that an authority was
    given for.
    """
    private = [way for way in sight.ways if way.public is False and way.issuer]
    certain = tuple(way for way in private if any(_vouched(other, way) for other in sight.ways))
    likely = tuple(way for way in private if way.secured and (_is_strange(sight) or _differs(way, private)))
    shown = certain or likely
    if not shown:
        return []
    first = shown[0]
    evidence = Evidence(
        stage="secure",
        system=System.TLS,
        condition="tls-inspected",
        verify=first.evidence.verify if first.evidence is not None else None,
        text=first.issuer,
        values={**first.values, "issuer": first.issuer},
    )
    return [Finding(evidence=evidence, ways=shown, alters=True, confidence=None if certain else Confidence.LIKELY)]


def _vouched(other: Way, way: Way) -> bool:
    return other.public is True and other.host == way.host and other.issuer != way.issuer


def _is_strange(sight: Sight) -> bool:
    return sight.question.ca_pem is None and bool(sight.names.addresses) and all(map(is_public, sight.names.addresses))


def _differs(way: Way, private: Sequence[Way]) -> bool:
    """Tell whether another route to the same port shows another issuer, or the web another one than mail does.

    Inspection begins with the web and with proxies, so it is there that it is looked for.
    """
    if way.route is not Route.PROXY and way.speech is not Speech.HTTPS:
        return False
    return any(
        other.host == way.host
        and other.issuer != way.issuer
        and (other.port == way.port or (way.speech is Speech.HTTPS and other.speech is not Speech.HTTPS))
        for other in private
    )
