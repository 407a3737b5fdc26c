"""Says what helps while the settings of a mail server are being typed."""

import ipaddress
from collections.abc import Iterator

from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.candidate import (
    Candidate,
    Confidence,
    Origin,
    UsernameForm,
    UsernameKind,
)
from sendwright.providers.custom_smtp.connection import is_unusual, read_port, read_security
from sendwright.providers.custom_smtp.host import HostInvalid, parse_host, to_unicode
from sendwright.providers.custom_smtp.presets import Preset, Presets
from sendwright.providers.custom_smtp.probe import DOORS, Probed, Prober, Reach
from sendwright.providers.custom_smtp.proposals import notes_on, propose
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Notice, Proposal
from sendwright.senders.smtp.settings import Security

UNTRUSTED = "custom_smtp.notes.certificate"
"""A note of the search that trying while typing repeats, or takes back."""

_LOCAL = "localhost"


async def advise_connection(answer: Answer, *, state: SmtpAnswers, presets: Presets, prober: Prober) -> Advice:
    """Return remarks and proposals for what stands in the connect form.

    Tries the ports of the host as soon as it looks complete; says nothing about what is only half typed.
    """
    try:
        host = parse_host(answer.get("host", ""))
    except HostInvalid:
        return Advice()
    if not _is_complete(host):
        return Advice()
    port, security = read_port(answer.get("port", "")), read_security(answer.get("security", ""))
    doors = list(DOORS)
    if port is not None and all(port != usual for usual, _ in DOORS):
        doors.append((port, security or Security.STARTTLS))
    outcomes = await prober.doors(host, doors)
    preset = presets.by_host(host)
    known = list(_of_provider(host, preset))
    repeated = {UNTRUSTED, *(notice.key for notice in known)}
    notices = [
        *(notice for notice in notes_on(state.candidates, host=host) if notice.key not in repeated),
        *known,
        *_of_mismatch(port, security),
        *_of_outcomes(host, outcomes, port),
    ]
    if not answer.get("username", "").strip():
        notices.append(Notice(key="custom_smtp.username.none", field="username"))
    usable = [outcome for outcome in outcomes if outcome.usable]
    as_typed = [outcome for outcome in usable if (outcome.port, outcome.security) == (port, security)]
    form = preset.username_form if preset else UsernameForm(UsernameKind.OWN)
    proposals = propose([_candidate(outcome, form) for outcome in as_typed or usable], address=state.address)
    return Advice(
        notices=tuple(notices),
        proposals=tuple(proposal for proposal in proposals if not _stands_there(proposal, answer)),
    )


def _is_complete(host: str) -> bool:
    if host == _LOCAL or "." in host:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _of_provider(host: str, preset: Preset | None) -> Iterator[Notice]:
    if preset is not None and preset.note:
        values = {"name": preset.name, "host": host, "username": preset.literal}
        yield Notice(key=f"custom_smtp.notes.{preset.note}", values=values, field="username")


def _of_mismatch(port: int | None, security: Security | None) -> Iterator[Notice]:
    if port is not None and security is not None and is_unusual(port, security):
        yield Notice(key=f"custom_smtp.security.unusual-{security}", values={"port": str(port)}, field="security")


def _of_outcomes(host: str, outcomes: tuple[Probed, ...], port: int | None) -> Iterator[Notice]:
    """Tell what answers; that nothing does only when it is true of every port, or of the typed one."""
    shown = to_unicode(host)
    if all(outcome.reach is Reach.NO_HOST for outcome in outcomes):
        yield Notice(key="custom_smtp.probe.no-host", values={"host": shown}, field="host")
        return
    told = [outcome for outcome in outcomes if outcome.usable or outcome.reach is Reach.PLAINTEXT]
    for outcome in told:
        kind = outcome.security if outcome.reach is Reach.SECURE else outcome.reach
        yield Notice(key=f"custom_smtp.probe.{kind}", values={"host": shown, "port": str(outcome.port)}, field="host")
    if not told:
        yield Notice(key="custom_smtp.probe.no-answer", values={"host": shown}, field="host")
    elif port is not None and all(outcome.port != port for outcome in told):
        yield Notice(key="custom_smtp.probe.not-this-port", values={"host": shown, "port": str(port)}, field="port")


def _candidate(outcome: Probed, form: UsernameForm) -> Candidate:
    return Candidate(
        host=outcome.host,
        port=outcome.port,
        security=outcome.security,
        username_form=form,
        origin=Origin("custom_smtp.origin.probe", {"host": outcome.host}),
        confidence=Confidence.LIKELY,
    )


def _stands_there(proposal: Proposal, answer: Answer) -> bool:
    typed = {name: answer.get(name, "").strip() for name in proposal.values}
    typed["host"] = proposal.values["host"]  # it is the host that was tried, however it was spelled
    return typed == proposal.values
