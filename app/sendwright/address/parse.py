"""Reads a mail address as people type it and says precisely what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from sendwright.address.domain import parse_domain, to_ascii
from sendwright.errors import AddressInvalid

MAX_ADDRESS = 254
"""Octets of an address: the 256 of a path (RFC 5321 section 4.5.3.1.3) less its angle brackets."""

MAX_LOCAL = 64
"""Octets before the @ (RFC 5321 section 4.5.3.1.1)."""

_INSIDE = re.compile(r"<([^<>]*)>[^<>]*\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address (RFC 5321 Mailbox, RFC 6531). local: as typed, NFC. domain: lower case, U-labels.

    Made by `parse_address`; two of them are equal when they name the same mailbox as far as anybody but the
    receiving server may say.
    """

    local: str
    domain: str

    @property
    def ascii_domain(self) -> str:
        """The domain as A-labels, for DNS and servers without SMTPUTF8."""
        return to_ascii(self.domain)

    @property
    def text(self) -> str:
        """The address for people: `jürgen@bücher.example`."""
        return f"{self.local}@{self.domain}"

    @property
    def ascii_text(self) -> str:
        """The address with its domain as A-labels; still not ASCII when `needs_smtputf8`."""
        return f"{self.local}@{self.ascii_domain}"

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can carry it: the local part has no ASCII form."""
        return not self.local.isascii()


@lru_cache(maxsize=1024)
def parse_address(text: str) -> Address:
    """Return the address that `text` is; space around it does not count.

    Refused though RFC 5321 allows them: quoted local parts and address literals, which hardly any mail
    service accepts. Nothing is looked up. Raises AddressInvalid with one of `empty`, `no-at-sign`,
    `several-at-signs`, `several-addresses`, `display-name-not-address`, `quoted-local-part`, `local-missing`,
    `misplaced-dot`, `spaces`, `unusable-characters`, `too-long`, or a code of `parse_domain`.
    """
    typed = unicodedata.normalize("NFC", text.strip())
    _refuse_obvious(typed)
    local, _, domain_text = typed.rpartition("@")
    _refuse_local(local)
    domain = parse_domain(domain_text)
    try:
        valid = validate_email(f"{local}@example.org", check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise AddressInvalid("unusable-characters") from error
    address = Address(valid.local_part, domain)
    if max(len(form.encode()) for form in (address.text, address.ascii_text)) > MAX_ADDRESS:
        raise AddressInvalid("too-long")
    return address


def address_inside(text: str) -> Address | None:
    """Return the address in `Name <address>`, to be offered where only the address was asked for."""
    found = _INSIDE.search(text.strip())
    if found is None:
        return None
    try:
        return parse_address(found[1])
    except AddressInvalid:
        return None


def _refuse_obvious(typed: str) -> None:
    if not typed:
        raise AddressInvalid("empty")
    if any(_forbidden(character) for character in typed):
        raise AddressInvalid("unusable-characters")
    if "@" not in typed:
        raise AddressInvalid("no-at-sign")
    if typed.count("@") > 1 and re.search(r"[,;\s]", typed):
        raise AddressInvalid("several-addresses")
    if _INSIDE.search(typed):
        raise AddressInvalid("display-name-not-address")
    if typed.startswith('"'):
        raise AddressInvalid("quoted-local-part")
    if any(character.isspace() for character in typed):
        raise AddressInvalid("spaces")
    if typed.count("@") > 1:
        raise AddressInvalid("several-at-signs")
    if len(typed) > MAX_ADDRESS:
        raise AddressInvalid("too-long")


def _refuse_local(local: str) -> None:
    if not local:
        raise AddressInvalid("local-missing")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise AddressInvalid("misplaced-dot")
    if len(local.encode()) > MAX_LOCAL:
        raise AddressInvalid("too-long")


def _forbidden(character: str) -> bool:
    """Tell controls, line breaks, bidi and other invisible characters; the joiners are left to IDNA."""
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} or (category == "Cf" and character not in "\u200c\u200d")
