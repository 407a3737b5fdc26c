"""A message to send: what it is, how it is composed, and its form on the wire."""

from sendwright.message.composing import compose_notification, compose_test
from sendwright.message.identity import new_code, new_message_id
from sendwright.message.mime import encode
from sendwright.message.outgoing import OutgoingMessage
from sendwright.message.plain import text_of_html

__all__ = [
    "OutgoingMessage",
    "compose_notification",
    "compose_test",
    "encode",
    "new_code",
    "new_message_id",
    "text_of_html",
]
