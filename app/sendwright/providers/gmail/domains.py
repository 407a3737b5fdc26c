"""The domains of personal mailboxes at Google."""

PERSONAL = frozenset({"gmail.com", "googlemail.com"})
