"""Judges the address in From before Gmail replaces it in silence."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from sendwright.diagnosis.stage import Seen
from sendwright.oauth.google.scopes import MAIL, SETTINGS
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.gmail.asking import Asking
from sendwright.senders.gmail.proof import SENDER_UNPROVEN, proof_of
from sendwright.senders.gmail.sending_addresses import SendingAddress, read_address
from sendwright.senders.gmail.settings import GmailSettings, SenderProof
from sendwright.senders.sender import SendFailed

UNCONFIRMED: Final = "gmail-alias-unconfirmed"
ELSEWHERE: Final = "gmail-alias-elsewhere"

_LISTS: Final = frozenset({SETTINGS, MAIL})
_NOT_FOR_US: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


async def judge_sender(
    settings: GmailSettings,
    address: str,
    *,
    own: str,
    scopes: frozenset[str],
    asking: Asking,
    values: Mapping[str, str],
) -> Seen:
    """Return what is known of `address`, with a remark where nothing proves that it stays.

    own: the mailbox's address as Google names it, empty where it was not asked. scopes: as granted; where they allow
    it, the mailbox's list is looked up. Raises SendFailed: the address is not in that list (404), or unconfirmed.
    """
    known = {**values, "sender": address}
    proof = proof_of(settings, address, own=own)
    if proof is SenderProof.OWN:
        return Seen(facts={"address": address, "own": True})
    listed = await _listed(asking, address) if scopes & _LISTS else None
    if listed is not None:
        return _judged(listed, known)
    facts: dict[str, object] = {"address": address, "own": False, "proof": proof.value}
    remark = _seen(SENDER_UNPROVEN, known) if proof is SenderProof.UNPROVEN else None
    return Seen(facts=facts, remark=remark)


def unproven(settings: GmailSettings, address: str, values: Mapping[str, str]) -> Evidence | None:
    """Return the remark on an address that nothing proves, None where there is nothing to remark."""
    proven = proof_of(settings, address) is not SenderProof.UNPROVEN
    return None if proven else _seen(SENDER_UNPROVEN, {**values, "sender": address})


def _judged(listed: SendingAddress, known: Mapping[str, str]) -> Seen:
    if not listed.confirmed:
        raise SendFailed(_seen(UNCONFIRMED, known))
    facts: dict[str, object] = {
        "address": listed.address,
        "own": listed.primary,
        "proof": SenderProof.LISTED.value,
        "default": listed.default,
    }
    if not listed.server:
        return Seen(facts=facts)
    remark = _seen(ELSEWHERE, {**known, "server": listed.server})
    return Seen(facts=facts | {"server": listed.server}, remark=remark)


async def _listed(asking: Asking, address: str) -> SendingAddress | None:
    """Return the entry, None where it may not be read after all. Raises SendFailed."""
    try:
        return await read_address(asking, address)
    except SendFailed as failed:
        if failed.evidence.http in _NOT_FOR_US:
            return None
        raise


def _seen(condition: str, values: Mapping[str, str]) -> Evidence:
    return Evidence(stage="sender", system=System.GMAIL, condition=condition, values=dict(values))
