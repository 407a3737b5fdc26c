"""Finds who reads along: offers that vanish, words that are written over, certificates that are made here."""

from collections.abc import Sequence

from sendwright.network.verification import SELF_SIGNED
from sendwright.network.wall.findings import Finding
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.surroundings import is_public
from sendwright.network.wall.way import Route, Speech, Way
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence


def altered_ways(sight: Sight) -> list[Finding]:
    """Return what was changed on the way."""
    return [*_stripped(sight), *_rewritten(sight.ways), *_inspected(sight)]


def _stripped(sight: Sight) -> list[Finding]:
    """The offer of STARTTLS is written over, or is there on one way and gone on another.

    It is certain where the same server speaks on both. That another port of it knows TLS counts only for the port in
    question and those where mail is handed over: many servers offer none at port 25, or inside. Where none is offered
    on any way, and mail can leave by no other, that is said without blaming anybody.
    """
    ways = sight.ways
    masked = tuple(way for way in ways if way.problem == "starttls-stripped")
    if masked and masked[0].evidence is not None:
        return [Finding(evidence=masked[0].evidence, ways=masked, alters=True)]
    offering = [way for way in ways if way.starttls]
    lacking = [way for way in ways if way.starttls is False]
    elsewhere = tuple(way for way in lacking if any(_same_port(way, other) for other in offering))
    certain = tuple(
        way for way in elsewhere if any(_same_port(way, other) and _same_server(way, other) for other in offering)
    )
    able = {way.host for way in ways if way.starttls or (way.secured and way.speech is Speech.SMTPS)}
    likely = elsewhere or tuple(way for way in lacking if way.host in able and _is_asked(way, sight))
    shown = certain or likely
    if not shown:
        return _not_offered(lacking, sight)
    evidence = Evidence(
        stage="secure", system=System.SMTP, condition="starttls-stripped", text=shown[0].banner, values=shown[0].values
    )
    return [Finding(evidence=evidence, ways=shown, alters=True, confidence=None if certain else Confidence.LIKELY)]


def _not_offered(lacking: Sequence[Way], sight: Sight) -> list[Finding]:
    """Return that the server offers no STARTTLS where that is asked, or no mail leaves encrypted."""
    shown = tuple(way for way in lacking if _is_asked(way, sight) and way.problem is None)
    mail = [way for way in sight.ways if way.speech is not Speech.HTTPS]
    if not shown or (not sight.question.port and any(way.secured for way in mail)):
        return []
    evidence = Evidence(
        stage="secure",
        system=System.SMTP,
        condition="starttls-not-offered",
        text=shown[0].banner,
        values={**shown[0].values, "other_security": "tls"},
    )
    return [Finding(evidence=evidence, ways=shown)]


def _same_port(way: Way, other: Way) -> bool:
    return (way.host, way.port) == (other.host, other.port)


def _same_server(way: Way, other: Way) -> bool:
    """Tell whether both greet by the same name, as they must (RFC 5321 section 4.2), or one of them by none."""
    names = [found.banner.split()[1:2] for found in (way, other)]
    return not all(names) or names[0] == names[1]


def _is_asked(way: Way, sight: Sight) -> bool:
    usual = {port.number for port in sight.question.ports if port.outbound}
    return way.port == sight.question.port if sight.question.port else way.port not in usual


def _rewritten(ways: Sequence[Way]) -> list[Finding]:
    seen = tuple(way for way in ways if way.problem == "banner-rewritten")
    if not seen or seen[0].evidence is None:
        return []
    return [Finding(evidence=seen[0].evidence, ways=seen, alters=True)]


def _inspected(sight: Sight) -> list[Finding]:
    """A certificate that no public authority vouches for came, and somewhere the same host shows another one's.

    It is certain where another route to the same port shows the public one. Servers often have other certificates at
    other ports, so that is likely at most, and nothing at port 25 or inside an organisation. Where it is the same
    everywhere, it is likely only if this computer trusts it and the host is on the internet: an organisation's own
    server may well have a certificate of its organisation, and so may one that an authority was given for.
    """
    private = [way for way in sight.ways if way.public is False and way.issuer]
    certain = tuple(way for way in private if any(_vouched(other, way) for other in sight.ways))
    likely = tuple(
        way
        for way in private
        if (way.secured and (_is_strange(sight) or _differs(way, private))) or _is_odd(way, sight)
    )
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
    return other.public is True and _same_port(other, way) and other.issuer != way.issuer


def _is_odd(way: Way, sight: Sight) -> bool:
    """Tell whether another port of the host has a public certificate, and this one should have had it too.

    Mail that is handed over is compared with the same; the web with all, for hosts on the internet. What is signed by
    itself is what servers come with, and none that inspects makes.
    """
    if not way.secured and way.evidence is not None and way.evidence.verify == SELF_SIGNED:
        return False
    usual = {port.number for port in sight.question.ports if port.outbound}
    if way.port in usual or (way.speech is Speech.HTTPS and not _is_strange(sight)):
        return False
    return any(
        other.public is True
        and other.host == way.host
        and other.issuer != way.issuer
        and (way.speech is Speech.HTTPS or (other.speech is not Speech.HTTPS and other.port not in usual))
        for other in sight.ways
    )


def _is_strange(sight: Sight) -> bool:
    return sight.question.ca_pem is None and bool(sight.names.addresses) and all(map(is_public, sight.names.addresses))


def _differs(way: Way, private: Sequence[Way]) -> bool:
    """Tell whether a proxy shows another organisation's certificate than comes directly at the same port.

    Two authorities of one organisation are none, and its web server may well have the certificate of another than its
    mail server.
    """
    return way.route is Route.PROXY and any(
        _same_port(way, other) and _whose(other.issuer) != _whose(way.issuer) for other in private
    )


def _whose(issuer: str) -> str:
    """Return an issuer without its own name where something else says whose it is: `O=Contoso`, `DC=contoso,DC=com`."""
    parts = [part for part in map(str.strip, issuer.split(",")) if part.startswith(("O=", "DC="))]
    return ",".join(parts) or issuer
