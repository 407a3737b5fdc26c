"""Says which display names may stand beside an address."""

import unicodedata

from sendwright.errors import AddressInvalid

MAX_ALIAS = 64
"""Characters (code points after NFC) of an alias."""

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLANE_MASK, _NONCHARACTER = 0xFFFE, "\ufffe"  # the last two of every plane, Unicode section 23.7
_VISIBLE = frozenset("LNPS")


def check_alias(text: str) -> str:
    """Return the alias `text`, trimmed and in NFC.

    Any script, emoji, quotes and commas are fine. Raises AddressInvalid with one of `alias-empty` (also when
    nothing in it can be seen), `alias-too-long`, `alias-line-break`, `alias-unusable-characters` (controls,
    lone surrogates, private use, and the characters that reverse the direction of what follows).
    """
    alias = unicodedata.normalize("NFC", text.strip())
    if any(character in "\r\n\v\f\x85\u2028\u2029" for character in alias):
        raise AddressInvalid("alias-line-break")
    if any(unusable(character) for character in alias):
        raise AddressInvalid("alias-unusable-characters")
    if not any(_visible(character) for character in alias):
        raise AddressInvalid("alias-empty")
    if len(alias) > MAX_ALIAS:
        raise AddressInvalid("alias-too-long")
    return alias


def unusable(character: str) -> bool:
    """Tell whether `character` may stand in no alias and no subject."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"}
        or character in _BIDI_OVERRIDES
        or chr(ord(character) & _PLANE_MASK) == _NONCHARACTER
        or "\ufdd0" <= character <= "\ufdef"
    )


def _visible(character: str) -> bool:
    """Unassigned counts: it may be an emoji that is newer than this Python."""
    category = unicodedata.category(character)
    return category[0] in _VISIBLE or category == "Cn"
