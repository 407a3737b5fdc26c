"""Turns what was found into proposals and remarks of a form."""

from collections.abc import Sequence

from sendwright.providers.custom_smtp.candidate import Candidate, Origin, UsernameKind
from sendwright.providers.custom_smtp.host import to_unicode
from sendwright.screens import Notice, Proposal
from sendwright.texts import text

MOST = 6


def propose(candidates: Sequence[Candidate], *, address: str) -> tuple[Proposal, ...]:
    """Return the best few candidates as sets of values for the connect form."""
    return tuple(_proposal(candidate, address) for candidate in candidates[:MOST])


def remark(candidates: Sequence[Candidate], remarks: Sequence[Origin]) -> tuple[Notice, ...]:
    """Return what is to be said about the proposals: each remark once."""
    notes = [Notice(key=one.note, values=_values(one), field="host") for one in candidates[:MOST] if one.note]
    notes += [Notice(key=one.key, values=one.values, field="host") for one in remarks]
    return tuple(notice for place, notice in enumerate(notes) if notice not in notes[:place])


def describe(candidate: Candidate) -> str:
    """Return a candidate in words: `IONOS: smtp.ionos.de, port 465, TLS`."""
    values = _values(candidate)
    if "name" in values:
        return text(f"custom_smtp.named-proposal.{candidate.security}", **values)
    return text(f"custom_smtp.proposal.{candidate.security}", **values)


def _proposal(candidate: Candidate, address: str) -> Proposal:
    values = {"host": candidate.host, "port": str(candidate.port), "security": str(candidate.security)}
    if candidate.username_form.kind is not UsernameKind.OWN:
        values["username"] = candidate.username_form.of(address)
    return Proposal(label=describe(candidate), origin=candidate.origin.key, values=values)


def _values(candidate: Candidate) -> dict[str, str]:
    return candidate.origin.values | {"host": to_unicode(candidate.host), "port": str(candidate.port)}
