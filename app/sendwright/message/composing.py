"""Composes the messages that the program itself writes."""

from datetime import datetime

from sendwright.message.outgoing import OutgoingMessage


def compose_test(
    *,
    sender: str,
    alias: str,
    recipient: str,
    organisation: str,
    asked_by: str,
    asked_at: datetime,
    path_description: str,
    code: str,
    platform_name: str,
) -> OutgoingMessage:
    """Return the test message that proves a sender.

    sender, recipient: addr-specs. asked_at: aware. path_description: words such as `smtp.example.org, port
    465`. code: what the person compares, from `new_code`.
    """
    raise NotImplementedError


def compose_notification(
    *,
    sender: str,
    alias: str,
    recipient: str,
    kind: str,
    kind_label: str,
    subject: str,
    message_id: str,
    written_at: datetime,
    platform_name: str,
    text: str = "",
    html: str = "",
) -> OutgoingMessage:
    """Return the message of a notification that the platform asked for; at least one of text and html is not
    empty.

    kind: id such as `comment`, goes into X-Sendwright-Kind. kind_label: its words, shown above a notification
    without own HTML. message_id: made once when the notification was accepted.
    """
    raise NotImplementedError
