"""Knows the traces of devices that read along in mail and write over it."""

import re
from typing import Final

_STARS = re.compile(r"\*{5,}")
_PROTOCOL = re.compile(r"\bE?SMTP\b", re.IGNORECASE)
_QUOTED = re.compile(r"\bX{7}[XA-Z]\b")
_MASKED = re.compile(r"X{3,}[A-Z]?(?: X*)?")
_FEWEST_STARS: Final = 10
_MASKED_STARTTLS: Final = re.compile(r"X{7}[A-Z]")
"""What Cisco's ESMTP inspection makes of STARTTLS: as many characters, the last one counts on from A."""


def banner_is_masked(banner: str) -> bool:
    """Tell whether a greeting was written over with stars, as in `220 ****************0*2****`.

    Source: Cisco ASA, ESMTP inspection (`mask-banner`): no letter is left. Stars around the server's own words are an
    ornament, however many they are.
    """
    bare = "".join(banner.split())
    stars = bare.count("*")
    masked = stars >= _FEWEST_STARS and 2 * stars > len(bare) and _STARS.search(banner) is not None
    return masked and not any(letter.isalpha() for letter in _PROTOCOL.sub("", banner))


def masked_words(offered: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of an answer to EHLO that were written over, such as `XXXXXXXA`."""
    return tuple(word for word in offered if _MASKED.fullmatch(word))


def starttls_is_masked(offered: tuple[str, ...]) -> bool:
    """Tell whether one of the words that were written over was STARTTLS."""
    return any(_MASKED_STARTTLS.fullmatch(word) for word in offered)


def command_is_masked(refusal: str) -> bool:
    """Tell whether a server, in refusing STARTTLS, names a command that was written over before it arrived."""
    return _QUOTED.search(refusal) is not None
