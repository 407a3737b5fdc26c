"""Reads delivery-status reports (RFC 3464): what became of a message, for each recipient."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from sendwright.problems.enhanced import split
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.search import search
from sendwright.problems.pasted.values import retry_after_s, values_of
from sendwright.problems.reading import MAX_TEXT, find_reply
from sendwright.problems.rule import UNKNOWN_STAGE

_FIELD = re.compile(
    r"(reporting-mta|received-from-mta|arrival-date|original-envelope-id|final-recipient|original-recipient|action|status|"
    r"remote-mta|diagnostic-code|last-attempt-date|will-retry-until|final-log-id|x-[a-z0-9-]{1,60}) ?:",
    re.IGNORECASE,
)
_OWN = frozenset({"final-recipient", "original-recipient", "action", "diagnostic-code"})
_SUCCESS = frozenset({"delivered", "relayed", "expanded"})
_MOST_RECIPIENTS, _LONGEST_FIELD = 200, 4000
_QUOTED = " >\t"  # the sign that mail programs put before what they quote
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")

Fields = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class DeliveryStatus:
    """message: the fields about the whole message. recipients: those of each recipient. Names in lower case."""

    message: Fields
    recipients: tuple[Fields, ...]


def looks_like_status(text: str) -> bool:
    """Tell whether lines of `text` are fields of a delivery status, wherever it was cut out."""
    found = {match[1].casefold() for line in text.split("\n") if (match := _FIELD.match(line.strip(_QUOTED)[:80]))}
    return len(found & _OWN) > 1


def read_status(text: str) -> DeliveryStatus:
    """Return the fields in `text`; what is no field is passed over. A second recipient or action begins a new one."""
    blocks: list[dict[str, str]] = [{}]
    name = ""
    for line in text.split("\n"):
        bare = line.strip(_QUOTED)
        field = _FIELD.match(bare[:80])
        if field is not None:
            name = field[1].casefold()
            if name in blocks[-1] and name in _OWN | {"status"}:
                blocks.append({})
            blocks[-1].setdefault(name, bare[field.end() :].strip()[:_LONGEST_FIELD])
        elif not bare:
            name = ""
            if blocks[-1]:
                blocks.append({})
        elif name and line[:1] in _QUOTED and len(blocks[-1].get(name, "")) < _LONGEST_FIELD:
            blocks[-1][name] = f"{blocks[-1].get(name, '')} {bare}"
        if len(blocks) > _MOST_RECIPIENTS:
            break
    recipients = tuple(block for block in blocks if _OWN & block.keys())
    message = {key: value for block in blocks if not _OWN & block.keys() for key, value in block.items()}
    return DeliveryStatus(message=message, recipients=recipients)


def went_well(recipient: Fields) -> bool:
    """Tell whether the message reached `recipient`, or was passed on to it."""
    return recipient.get("action", "").partition(" ")[0].casefold() in _SUCCESS


def clues_of(recipient: Fields, place: int) -> Iterator[Clue]:
    """Yield what kept the message from `recipient`: the other server's reply, else the words of the program."""
    if went_well(recipient):
        return
    status = _STATUS.search(recipient.get("status", "")[:100])
    code = status[0] if status and not status[0].startswith("2") else None
    words = recipient.get("diagnostic-code", "")
    _, _, said = words.partition(";")
    reply = find_reply(said.strip() or words)
    values = _values(recipient, words)
    if reply is not None:
        enhanced = reply.enhanced or (code if _telling(code) else None)
        evidence = Evidence(
            stage=UNKNOWN_STAGE, system=System.SMTP, reply=reply.code, enhanced=enhanced, text=reply.text,
            values=values, retry_after_s=retry_after_s(words),
        )  # fmt: skip
        yield Clue(evidence=evidence, place=place)
        return
    below = search(said or words).clues if words else ()
    yield from (_with_values(clue, values) for clue in below)
    if code is not None and not below:
        text = (said or words).strip()[:MAX_TEXT]
        evidence = Evidence(stage=UNKNOWN_STAGE, system=System.SMTP, enhanced=code, text=text, values=values)
        yield Clue(evidence=evidence, place=place)


def address_of(field: str) -> str:
    """Return the address or host in a field such as `rfc822; bob@example.com`."""
    return field.rpartition(";")[2].strip().strip("<>").partition(" ")[0].rstrip(".")[:320]


def _values(recipient: Fields, words: str) -> dict[str, str]:
    values = values_of(words)
    address = address_of(recipient.get("final-recipient") or recipient.get("original-recipient", ""))
    host = address_of(recipient.get("remote-mta", ""))
    return {**values, **({"recipient": address} if address else {}), **({"host": host} if host else {})}


def _with_values(clue: Clue, values: Mapping[str, str]) -> Clue:
    evidence = msgspec.structs.replace(clue.evidence, values={**values, **clue.evidence.values})
    return replace(clue, evidence=evidence)


def _telling(code: str | None) -> bool:
    parts = split(code)
    return parts is not None and parts[2] != 0
