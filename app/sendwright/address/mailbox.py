"""An address with the name that recipients see beside it."""

from dataclasses import dataclass

from sendwright.address.alias import check_alias
from sendwright.address.parse import Address, parse_address
from sendwright.address.phrase import LINE, encode_phrase
from sendwright.errors import AddressInvalid


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What stands in From. alias: as `check_alias` returned it."""

    address: Address
    alias: str

    def header(self, *, smtputf8: bool = False) -> str:
        """Return the value of a From or To header (RFC 5322 section 3.4, RFC 2047), folded where it is long.

        smtputf8: the server takes UTF-8 in headers (RFC 6532); then the address is written as people read it.
        """
        phrase = encode_phrase(self.alias)
        written = self.address.text if smtputf8 else self.address.ascii_text
        gap = " " if len(phrase.rpartition("\n")[2]) + len(written) + len("From:  <>") <= LINE else "\r\n "
        return f"{phrase}{gap}<{written}>"

    @property
    def text(self) -> str:
        """The mailbox for people: `Contoso notifications <notifications@contoso.com>`."""
        return f"{self.alias} <{self.address.text}>"


def parse_mailbox(text: str) -> Mailbox:
    """Return the mailbox that somebody wrote as `Name <address>` or `"Name" <address>`.

    Raises AddressInvalid: `mailbox-not-name-and-address`, or a code of `check_alias` or `parse_address`.
    """
    name, bracket, rest = text.strip().rpartition("<")
    if not bracket or not rest.endswith(">"):
        raise AddressInvalid("mailbox-not-name-and-address")
    return Mailbox(parse_address(rest[:-1]), check_alias(_unquoted(name.strip())))


def _unquoted(name: str) -> str:
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        return name[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return name
