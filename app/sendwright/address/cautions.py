"""Names what may go wrong with a sender that is valid all the same."""

import re
from collections.abc import Iterator

from sendwright.address.freemail import FREEMAIL_DOMAINS
from sendwright.address.parse import Address, parse_address
from sendwright.address.scripts import alias_misleads, domain_misleads, hides_characters
from sendwright.errors import AddressInvalid

INNER_DOMAINS = ("local", "localhost", "test", "invalid", "internal", "lan", "home.arpa")
"""Names that mean nothing outside a network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal) or are used so."""

_NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:no|not|dont|do-?not|never|ne-?pas|pas-?de|geen|niet|nicht|keine?)"
    r"[-_.]?(?:reply|respond|answer|repondre|reponse|antwoord(?:en)?|beantwoorden|antworten?)"
    r"(?:$|[-_.+\d])",
)
_ADDRESS_IN_WORDS = re.compile(r"[^\s@<>\"'(),;:\[\]]+@[^\s@<>\"'(),;:\[\]]+")


def warnings(
    address: Address, alias: str, *, signed_in_as: str | None, default_domain: str | None = None
) -> tuple[str, ...]:
    """Return the codes of what deserves a second look, the most serious first; none of them forbids anything.

    signed_in_as: the account of the connection, when it is an address. default_domain: the organisation's own
    domain, when known. The words are the text `address.warnings.<code>`, filled with `warning_values`.
    """
    return (
        *_looks(address, alias),
        *_places(address, signed_in_as, default_domain),
        *_habits(address),
    )


def warning_values(
    address: Address, alias: str, *, signed_in_as: str | None, default_domain: str | None = None
) -> dict[str, str]:
    """Return what the texts of all warnings are filled with; the same arguments as for `warnings`."""
    account = _account(signed_in_as)
    return {
        "address": address.text,
        "domain": address.domain,
        "ascii_domain": address.ascii_domain,
        "alias": alias,
        "account": account.text if account else signed_in_as or "",
        "default_domain": default_domain or "",
    }


def _looks(address: Address, alias: str) -> Iterator[str]:
    if domain_misleads(address.domain):
        yield "domain-look-alike"
    if any(found != address.text.casefold() for found in _addresses_in(alias)):
        yield "alias-holds-other-address"
    if alias_misleads(alias):
        yield "alias-look-alike"
    if hides_characters(alias):
        yield "alias-hidden-characters"


def _places(address: Address, signed_in_as: str | None, default_domain: str | None) -> Iterator[str]:
    account = _account(signed_in_as)
    if account and not _same_organisation(account.domain, address.domain):
        yield "outside-signed-in-domain"
    elif account and account.text.casefold() != address.text.casefold():
        yield "other-than-signed-in"
    if default_domain and not _same_organisation(default_domain, address.domain):
        yield "outside-default-domain"
    if _within(address.domain, "onmicrosoft.com"):
        yield "onmicrosoft"
    if address.domain in FREEMAIL_DOMAINS:
        yield "freemail"
    if any(_within(address.domain, inner) for inner in INNER_DOMAINS):
        yield "inner-domain"


def _habits(address: Address) -> Iterator[str]:
    if address.needs_smtputf8:
        yield "needs-smtputf8"
    if _NO_REPLY.search(address.local.casefold()):
        yield "no-reply"


def _account(signed_in_as: str | None) -> Address | None:
    try:
        return parse_address(signed_in_as) if signed_in_as else None
    except AddressInvalid:
        return None


def _addresses_in(alias: str) -> Iterator[str]:
    for found in _ADDRESS_IN_WORDS.findall(alias):
        try:
            yield parse_address(found.strip(".!?")).text.casefold()
        except AddressInvalid:
            yield found.casefold()


def _same_organisation(one: str, other: str) -> bool:
    return _within(one, other) or _within(other, one)


def _within(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")
