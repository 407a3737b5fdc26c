"""The domains of personal mailboxes at Google."""

from typing import Final

PERSONAL: Final = frozenset({"gmail.com", "googlemail.com"})


def is_personal(address: str) -> bool:
    """Whether `address` is one of a personal mailbox, for which no organisation has to allow anything."""
    return address.rpartition("@")[2].casefold() in PERSONAL
