"""Reads the name that a server gives a message it took, for tracing it in that server's log."""

import re

SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"\bqueued (?:mail )?as ([\w.-]+)",  # Postfix, Haraka, Stalwart
        r"\bid=([\w.-]+)",  # Exim
        r"\bInternalId=(\d+)",  # Exchange
        r"(\S+) - gsmtp$",  # Google
        r"^(?:[245]\.\d+\.\d+ )?(\w{8,}) Message accepted for delivery",  # Sendmail, OpenSMTPD
        r"^Ok (\w{12,}(?:-\w+)*)$",  # Amazon SES
        r"\bqp (\d+)",  # qmail
    )
)
"""One group each; only an aid for people, nothing is decided by it."""


def queue_id(reply: str) -> str:
    """Return the queue id in the reply to a message's end, empty where none is recognised."""
    for shape in SHAPES:
        if found := shape.search(reply):
            return found[1]
    return ""
