"""Turns what was found into proposals and remarks of a form."""

from collections.abc import Sequence

from sendwright.providers.custom_smtp.candidate import Candidate, UsernameKind
from sendwright.providers.custom_smtp.host import to_unicode
from sendwright.screens import Notice, Proposal
from sendwright.texts import text

MOST = 6


def propose(candidates: Sequence[Candidate], *, address: str) -> tuple[Proposal, ...]:
    """Return the best few candidates as sets of values for the connect form."""
    return tuple(_proposal(candidate, address) for candidate in candidates[:MOST])


def notes_on(candidates: Sequence[Candidate], *, host: str) -> tuple[Notice, ...]:
    """Return the notes of the candidates at `host`, or of all while no host is chosen; each kind once."""
    notes: dict[str, Notice] = {}
    for one in candidates[:MOST]:
        if one.note and host in {one.host, ""}:
            notes.setdefault(one.note, Notice(key=one.note, values=_values(one), field="host"))
    return tuple(notes.values())


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
