"""Knows the traces of devices that read along in mail and write over it."""

import re
from typing import Final

_STARS = re.compile(r"\*{5,}")
_MASKED = re.compile(r"X{3,}[A-Z]?(?: X*)?")
_FEWEST_STARS: Final = 10
_MASKED_STARTTLS: Final = "XXXXXXXA"
"""What Cisco's ESMTP inspection makes of STARTTLS: as many characters, the last one an A."""


def banner_is_masked(banner: str) -> bool:
    """Tell whether a greeting was written over with stars, as in `220 ****************0*2****`.

    Source: Cisco ASA, ESMTP inspection (`mask-banner`). A single ornament of stars is none.
    """
    bare = "".join(banner.split())
    return bare.count("*") >= _FEWEST_STARS and 2 * bare.count("*") > len(bare) and _STARS.search(banner) is not None


def masked_words(offered: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of an answer to EHLO that were written over, such as `XXXXXXXA`."""
    return tuple(word for word in offered if _MASKED.fullmatch(word))


def starttls_is_masked(offered: tuple[str, ...]) -> bool:
    """Tell whether one of the words that were written over was STARTTLS."""
    return _MASKED_STARTTLS in offered
