"""Asks the two places that wait for nobody: what is known of providers, and the ports themselves."""

import asyncio
from collections.abc import Sequence

from sendwright.network.resolver import MailExchanger
from sendwright.providers.custom_smtp.candidate import (
    Candidate,
    Confidence,
    Finding,
    Origin,
    UsernameForm,
)
from sendwright.providers.custom_smtp.host import HostInvalid, belongs_to, parse_host
from sendwright.providers.custom_smtp.presets import Certainty, Filter, Preset, Presets, serves
from sendwright.providers.custom_smtp.probe import DOORS, RELAY_PORT, Probed, Prober, Reach

PRESETS = "presets"
PROBE = "probe"

_LABELS = ("smtp", "mail")
_ORDER = {(port, security): rank for rank, (port, security) in enumerate(DOORS)}


def from_domain(preset: Preset) -> Finding:
    """Return the settings of the provider that gives out addresses of the domain."""
    sure = preset.confidence is Certainty.CONFIRMED
    origin = Origin("custom_smtp.origin.preset", {"name": preset.name})
    return _known(preset, origin, Confidence.CONFIRMED if sure else Confidence.LIKELY)


def from_exchangers(presets: Presets, exchangers: tuple[MailExchanger, ...]) -> Finding:
    """Return the settings of who takes the domain's mail; a filter in front is told, not guessed behind.

    MX records say where mail arrives; it is only likely that it also leaves from there.
    """
    found = presets.by_exchangers(exchangers)
    if found is None:
        return Finding(source=PRESETS, reason="nothing-found")
    entry, exchanger = found
    if isinstance(entry, Filter):
        remark = Origin("custom_smtp.remarks.filter", {"filter": entry.name})
        return Finding(source=PRESETS, reason="hidden-by-filter", remarks=(remark,))
    return _known(entry, Origin("custom_smtp.origin.mx", {"name": entry.name}), Confidence.LIKELY, host=exchanger)


def _known(preset: Preset, origin: Origin, confidence: Confidence, *, host: str = "") -> Finding:
    hosts = [
        (server, host if "*" in server.host else server.host)
        for server in preset.servers
        if "*" not in server.host or serves(server, host)
    ]
    candidates = tuple(
        Candidate(
            host=name,
            port=server.port,
            security=server.security,
            username_form=preset.username_form,
            origin=origin,
            confidence=confidence,
            note=f"custom_smtp.notes.{preset.note}" if preset.note else "",
        )
        for server, name in hosts
    )
    return Finding(source=PRESETS, candidates=candidates, reason="" if candidates else "own-host")


def likely_hosts(domain: str, exchangers: tuple[MailExchanger, ...], presets: Presets) -> tuple[str, ...]:
    """Return the hosts at which an organisation's mail server is usually found, most usual first.

    The best mail exchanger is one of them, unless it is a filter's: that takes nobody's outgoing mail.
    """
    hosts = [f"{label}.{domain}" for label in _LABELS]
    behind_filter = isinstance((presets.by_exchangers(exchangers) or (None, ""))[0], Filter)
    for exchanger in () if behind_filter else sorted(exchangers)[:1]:
        try:
            hosts.append(parse_host(exchanger.host))
        except HostInvalid:
            continue  # a null MX (RFC 7505) is the root
    return tuple(dict.fromkeys((*hosts, domain)))


async def try_hosts(domain: str, hosts: Sequence[str], prober: Prober) -> Finding:
    """Return what answers at the usual ports of `hosts`, best first."""
    tried = await asyncio.gather(*(prober.doors(host) for host in hosts))
    outcomes = [outcome for host in tried for outcome in host]
    usable = sorted(
        (outcome for outcome in outcomes if outcome.usable),
        key=lambda outcome: (
            outcome.reach is not Reach.SECURE,
            _ORDER.get((outcome.port, outcome.security), len(_ORDER)),
            hosts.index(outcome.host),
        ),
    )
    plain = tuple(
        Origin("custom_smtp.remarks.plaintext", {"host": outcome.host, "port": str(outcome.port)})
        for outcome in outcomes
        if outcome.reach is Reach.PLAINTEXT
    )
    return Finding(
        source=PROBE,
        candidates=tuple(_answering(outcome, domain) for outcome in usable),
        reason="" if usable else _why_none(outcomes),
        remarks=() if usable else plain,
    )


def _answering(outcome: Probed, domain: str) -> Candidate:
    at_home = belongs_to(outcome.host, domain)
    trusted = outcome.reach is Reach.SECURE
    note = ""
    if not trusted:
        note = "custom_smtp.notes.certificate"
    elif not at_home:
        note = "custom_smtp.notes.other-domain"
    elif outcome.port == RELAY_PORT:
        note = "custom_smtp.notes.relay-port"
    return Candidate(
        host=outcome.host,
        port=outcome.port,
        security=outcome.security,
        username_form=UsernameForm(),
        origin=Origin("custom_smtp.origin.probe", {"host": outcome.host}),
        confidence=Confidence.LIKELY if at_home and trusted else Confidence.TO_CONFIRM,
        note=note,
    )


def _why_none(outcomes: Sequence[Probed]) -> str:
    reaches = {outcome.reach for outcome in outcomes}
    if Reach.PLAINTEXT in reaches:
        return "plaintext-only"
    return "no-answer" if Reach.SILENT in reaches else "nothing-found"
