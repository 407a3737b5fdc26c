"""The people who have a mailbox on the test mail servers."""

from dataclasses import dataclass, field

DOMAIN = "example.org"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A mailbox, its password, and the further addresses its owner may send as."""

    address: str
    password: str = field(repr=False)
    aliases: tuple[str, ...] = ()


ANNA = Account(address="anna@example.org", password="correct horse battery staple")
NOTIFICATIONS = Account(address="notifications@example.org", password="wax-Falke-42%&", aliases=("alerts@example.org",))
ACCOUNTS = (ANNA, NOTIFICATIONS)

FULL = "full@example.org"
GREYLISTED = "grey@example.org"
DISABLED = "gone@example.org"
UNKNOWN = "nobody-here@example.org"
REFUSED_RECIPIENTS = {
    FULL: "552 5.2.2 Mailbox full",
    GREYLISTED: "450 4.7.1 Greylisted, please try again later",
    DISABLED: "550 5.2.1 Mailbox disabled",
}
