"""Asks a domain's SRV records where mail is to be submitted (RFC 6186, RFC 8314 section 5.1)."""

import asyncio

from sendwright.network.conditions import NetworkCondition
from sendwright.network.resolver import Resolver, Service
from sendwright.problems.evidence import Failure
from sendwright.providers.custom_smtp.candidate import (
    Candidate,
    Confidence,
    Finding,
    Origin,
    UsernameForm,
    UsernameKind,
)
from sendwright.providers.custom_smtp.host import MAX_PORT, HostInvalid, belongs_to, parse_host
from sendwright.senders.smtp.settings import Security

SOURCE = "srv"
NOT_OFFERED = "."
NAMES = (("_submissions._tcp", Security.TLS), ("_submission._tcp", Security.STARTTLS))


async def ask_services(domain: str, resolver: Resolver) -> Finding:
    """Return what the SRV records of `domain` (A-label form) say; implicit TLS before STARTTLS.

    The records are not signed: a host outside the domain is for the person to confirm. They hold no user
    name; RFC 6186 section 4 starts with the whole address.
    """
    answers = await asyncio.gather(*(_records(f"{name}.{domain}", resolver) for name, _ in NAMES))
    candidates: list[Candidate] = []
    reasons: list[str] = []
    for (_, security), (records, reason) in zip(NAMES, answers, strict=True):
        usable = [record for record in records if record.host != NOT_OFFERED and 0 < record.port <= MAX_PORT]
        reasons.append("not-offered" if records and not usable else reason)
        candidates += [found for record in usable if (found := _candidate(record, security, domain))]
    if candidates:
        return Finding(source=SOURCE, candidates=tuple(candidates))
    reason = next((reason for reason in ("failed", "not-offered") if reason in reasons), "nothing-found")
    return Finding(source=SOURCE, reason=reason, failed=reason == "failed")


async def _records(name: str, resolver: Resolver) -> tuple[tuple[Service, ...], str]:
    try:
        return await resolver.services(name), ""
    except Failure as failure:
        missing = failure.evidence.condition == NetworkCondition.DNS_NAME_NOT_FOUND
        return (), "" if missing else "failed"


def _candidate(record: Service, security: Security, domain: str) -> Candidate | None:
    try:
        host = parse_host(record.host)
    except HostInvalid:
        return None
    at_home = belongs_to(host, domain)
    return Candidate(
        host=host,
        port=record.port,
        security=security,
        username_form=UsernameForm(UsernameKind.ADDRESS),
        origin=Origin("custom_smtp.origin.srv", {"domain": domain}),
        confidence=Confidence.LIKELY if at_home else Confidence.TO_CONFIRM,
        note="" if at_home else "custom_smtp.notes.other-domain",
    )
