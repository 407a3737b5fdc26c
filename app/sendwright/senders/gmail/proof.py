"""Says what is known of a sender's address: Gmail replaces one that it does not know, in silence."""

from typing import Final

from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof

SENDER_UNPROVEN: Final = "gmail-sender-unproven"
"""The problem of a sender that leaves, and of which nobody knows whether it arrives."""


def proof_of(settings: GmailSettings, address: str, *, own: str = "") -> SenderProof:
    """Return why the profile's `address` is believed to stay in From.

    own: the mailbox's address as Google names it now, empty where it was not asked. The SMTP relay of a Workspace
    replaces nothing, so nothing is to be proven there (support.google.com/a/answer/2956491; unconfirmed).
    """
    if address.casefold() == (own or settings.account).casefold() or settings.route is Route.RELAY:
        return SenderProof.OWN
    return SenderProof.UNPROVEN if settings.proof is SenderProof.OWN else settings.proof
