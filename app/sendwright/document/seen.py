"""Shows signs that nobody can see: they could make words read otherwise than they are."""

import unicodedata

STAND_IN = "\ufffd"

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, changes of direction, halves of pairs, unassigned signs, line and paragraph separators."""


def seen(words: str, *, keep: str = "\n\t") -> str:
    """Return `words` with STAND_IN for every sign that cannot be seen, but for those in `keep`."""
    return "".join(
        STAND_IN if unicodedata.category(sign) in _INVISIBLE and sign not in keep else sign
        for sign in words.replace("\r\n", "\n")
    )
