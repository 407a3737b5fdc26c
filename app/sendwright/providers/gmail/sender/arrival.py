"""Compares what arrived with what was sent: whether it is our message, and which address it shows."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from sendwright.message.arrived import ArrivedMessage
from sendwright.message.authentication import Stated
from sendwright.message.identity import CODE_ALPHABET, CODE_LENGTH
from sendwright.providers.gmail.answers import Arrived, GmailAnswers
from sendwright.senders.gmail.settings import SenderProof

CLOCKS_APART: Final = timedelta(minutes=15)
"""By which the Date of the backend's message may lie before the moment it was asked for."""

_KIND = "test"


class Verdict(StrEnum):
    """WANTED: it arrived as it was to. REPLACED: with another sender. ANOTHER: it is some other message."""

    WANTED = "wanted"
    REPLACED = "replaced"
    ANOTHER = "another"


def code_of(message_id: str) -> str:
    """Return the short code of a test message: Gmail may replace its Message-ID, and the code stays."""
    digest = hashlib.sha256(message_id.encode()).digest()
    return "".join(CODE_ALPHABET[octet % len(CODE_ALPHABET)] for octet in digest[:CODE_LENGTH])


def verdict_of(state: GmailAnswers) -> Verdict | None:
    """Return what the message shows that was looked at last, None where there was none."""
    if state.arrived is None:
        return None
    if not state.arrived.ours:
        return Verdict.ANOTHER
    same = state.arrived.sender.casefold() == state.from_address.casefold()
    return Verdict.WANTED if same else Verdict.REPLACED


def compared(state: GmailAnswers, seen: ArrivedMessage, *, at: datetime) -> GmailAnswers:
    """Return `state` with what `seen` shows; another message neither proves nor disproves anything."""
    arrived = Arrived(
        at=at,
        sender=seen.sender,
        ours=is_ours(state, seen),
        original=seen.originals[0] if seen.originals else "",
        stated=tuple(map(_in_short, seen.stated)),
    )
    state = replace(state, arrived=arrived)
    match verdict_of(state):
        case Verdict.WANTED:
            return replace(state, proof=SenderProof.ARRIVED)
        case Verdict.REPLACED:
            return replace(state, proof=SenderProof.UNPROVEN)
        case _:
            return state


def is_ours(state: GmailAnswers, seen: ArrivedMessage) -> bool:
    """Tell whether it is the message that was sent last.

    A line alone carries no sign of that: it is what the person read off. The backend's own test has no code; it is told
    by its kind and its Date.
    """
    if not seen.whole:
        return True
    if state.sent:
        return state.sent in seen.message_ids or seen.code == code_of(state.sent)
    if seen.kind != _KIND or seen.written_at is None or state.sent_at is None:
        return False
    return seen.written_at >= state.sent_at - CLOCKS_APART


def _in_short(one: Stated) -> str:
    return f"{one.method}={one.result}" + (f" ({one.domain})" if one.domain else "")
