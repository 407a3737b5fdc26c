"""What every way of sending offers: a message in, a receipt or a failure out."""

from typing import Protocol

import msgspec

from sendwright.message import OutgoingMessage
from sendwright.problems.evidence import Failure


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The mail service took responsibility for the message. It does not say that it was delivered.

    message_id: ours, with angle brackets. provider_id: the service's own name for it (SMTP queue id, Graph
    request id), empty where it gave none. reply: the service's words.
    """

    message_id: str
    provider_id: str = ""
    reply: str = ""


class SendFailed(Failure):
    """A mail service refused or was not reached; the evidence says whether it may have taken the message."""


class Sender(Protocol):
    """An open way to send as one profile; used by one task at a time, closed by its owner."""

    async def submit(self, message: OutgoingMessage) -> Receipt:
        """Submit `message` once. Raises SendFailed."""
        ...

    async def close(self) -> None:
        """Release connections; never raises."""
        ...
