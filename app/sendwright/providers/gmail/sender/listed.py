"""What the mailbox's list of sending addresses says of the address that was chosen."""

from enum import StrEnum

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.senders.gmail.sending_addresses import SendingAddress
from sendwright.senders.gmail.settings import SenderProof


class Standing(StrEnum):
    """How the address stands in the list.

    CONFIRMED: it may be used. ELSEWHERE: it may, and goes out over another server. PENDING: it waits for confirmation.
    MISSING: Gmail does not know it.
    """

    CONFIRMED = "confirmed"
    ELSEWHERE = "elsewhere"
    PENDING = "pending"
    MISSING = "missing"


def entry_of(state: GmailAnswers) -> SendingAddress | None:
    """Return the entry of the address that was chosen, None where there is none."""
    wanted = _plain(state.from_address)
    return next((one for one in state.addresses or () if _plain(one.address) == wanted), None)


def _plain(address: str) -> str:
    """Return an address in the form in which two of them can be compared, whichever way its domain is written."""
    try:
        return addresses.parse_address(address).text.casefold()
    except AddressInvalid:
        return address.casefold()


def standing_of(state: GmailAnswers) -> Standing | None:
    """Return how the address stands in the list, None where that was not read."""
    if state.addresses is None:
        return None
    entry = entry_of(state)
    if entry is None:
        return Standing.MISSING
    if not entry.confirmed:
        return Standing.PENDING
    return Standing.ELSEWHERE if entry.server else Standing.CONFIRMED


def proof_by_list(state: GmailAnswers) -> SenderProof:
    """Return what the list proves of the address that was chosen."""
    standing = standing_of(state)
    return SenderProof.LISTED if standing in {Standing.CONFIRMED, Standing.ELSEWHERE} else SenderProof.UNPROVEN


def default_of(state: GmailAnswers) -> str:
    """Return the address that Gmail puts in the place of one that it does not know, empty where nobody knows."""
    return next((one.address for one in state.addresses or () if one.default), "")
