"""Reads a domain name as people write it and gives it the two forms it has: readable and for the wire."""

import unicodedata
from functools import lru_cache

import idna

from sendwright.errors import AddressInvalid

MAX_DOMAIN = 253
"""Octets of a domain name in A-label form without the root's dot (RFC 1035 section 2.3.4)."""

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def parse_domain(text: str) -> str:
    """Return the domain `text` in lower case as U-labels (RFC 5890), without the root's dot.

    Upper case, full-width forms and A-labels are brought to the same form (UTS 46, non-transitional). Names
    for special use (RFC 6761) such as `example.org`, `mail.test` or `localhost` are domains like any other: a
    practice server or an inner network uses them. Raises AddressInvalid with one of `domain-missing`,
    `domain-missing-dot`, `domain-literal`, `domain-unusable`, `unusable-characters`, `spaces`, `too-long`.
    """
    typed = text.strip()
    _refuse_obvious(typed)
    try:
        domain = _u_labels(typed)
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressInvalid("domain-unusable") from error
    if "." not in domain and domain != "localhost":
        raise AddressInvalid("domain-missing-dot")
    if domain.rpartition(".")[2].isdigit():  # RFC 3696 section 2: a top-level domain is not all-numeric
        raise AddressInvalid("domain-unusable")
    return domain


@lru_cache(maxsize=1024)
def to_ascii(domain: str) -> str:
    """Return the A-label form of a domain that `parse_domain` returned (RFC 5891)."""
    return domain if domain.isascii() else idna.encode(domain).decode("ascii")


def _refuse_obvious(typed: str) -> None:
    if not typed:
        raise AddressInvalid("domain-missing")
    if len(typed) > MAX_DOMAIN:  # before any label is decoded: Punycode takes time quadratic in its length
        raise AddressInvalid("too-long")
    if typed.startswith("["):
        raise AddressInvalid("domain-literal")
    if any(character.isspace() for character in typed):
        raise AddressInvalid("spaces")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} for character in typed):
        raise AddressInvalid("unusable-characters")


def _u_labels(typed: str) -> str:
    mapped = idna.uts46_remap(typed, std3_rules=False, transitional=False).removesuffix(".")
    ascii_form = ".".join(idna.alabel(label).decode("ascii") for label in mapped.split("."))
    if len(ascii_form) > MAX_DOMAIN:
        raise AddressInvalid("too-long")
    domain = idna.decode(ascii_form)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in domain):
        for label in domain.split("."):  # RFC 5893 section 2: the rule binds every label, not only those in Hebrew
            idna.check_bidi(label, check_ltr=True)
    return domain
