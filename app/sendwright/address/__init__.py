"""Mail addresses, aliases and domains: what may be typed, and how it stands on the wire."""

from sendwright.address.alias import MAX_ALIAS, check_alias
from sendwright.address.cautions import warning_values, warnings
from sendwright.address.domain import parse_domain, to_ascii
from sendwright.address.mailbox import Mailbox, parse_mailbox
from sendwright.address.parse import Address, address_inside, parse_address

__all__ = [
    "MAX_ALIAS",
    "Address",
    "Mailbox",
    "address_inside",
    "check_alias",
    "parse_address",
    "parse_domain",
    "parse_mailbox",
    "to_ascii",
    "warning_values",
    "warnings",
]
