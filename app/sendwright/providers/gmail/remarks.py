"""What stays to be said of a sender through Gmail until it is settled."""

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.screens import Notice
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.texts import here


def remarks(state: GmailAnswers, *, address: str) -> tuple[Notice, ...]:
    """Return the warnings: an address that Gmail may replace in silence, and a connection that ends on a day."""
    found = []
    if state.mailbox and state.proof_of(address) is SenderProof.UNPROVEN:
        values = {"address": address or state.from_address, "account": state.mailbox}
        found.append(Notice(key="gmail.remarks.unproven", values=values, warning=True))
    if state.way is Way.ACCOUNT and state.ends_at is not None:
        values = {"when": here(state.ends_at), "account": state.mailbox}
        found.append(Notice(key="gmail.remarks.ends", values=values, warning=True))
    return tuple(found)
