"""The message as a value, before it becomes MIME."""

from datetime import datetime

import msgspec


class OutgoingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message with one recipient, ready to be turned into MIME.

    sender_address, alias: From (addr-spec and display name). recipient: RCPT TO and To, an addr-spec.
    message_id: with angle brackets, made once per message and kept over all attempts, so that a recipient's
    server can drop a repeat. text, html: at least one is not empty. headers: further headers, such as
    `X-Sendwright-Kind`, already ASCII. written_at: the Date header, aware; None stands for the moment of
    encoding.
    """

    sender_address: str
    alias: str
    recipient: str
    subject: str
    message_id: str
    text: str = ""
    html: str = ""
    headers: dict[str, str] = {}
    reply_to: str | None = None
    written_at: datetime | None = None
