"""What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1)."""

import msgspec
from aiosmtplib.esmtp import parse_esmtp_extensions

from sendwright.recording.visible import visible

WORD_LIMIT = 200
"""Characters of one extension's parameters that are kept."""


class Extensions(msgspec.Struct, frozen=True, kw_only=True):
    """What one EHLO said.

    words: parameters by keyword in upper case. mechanisms: of AUTH. size_limit: of SIZE in bytes, None: no
    limit.
    """

    words: dict[str, str] = {}
    mechanisms: tuple[str, ...] = ()
    size_limit: int | None = None

    def __contains__(self, keyword: str) -> bool:
        return keyword in self.words

    def facts(self) -> dict[str, object]:
        """Return them ready for JSON."""
        return {"extensions": self.words, "mechanisms": list(self.mechanisms), "size_limit": self.size_limit}


def parse(message: str) -> Extensions:
    """Parse the text of the 250 answer; what is not understood is kept as it is."""
    words, mechanisms = parse_esmtp_extensions(message)
    shown = {visible(word).upper()[:WORD_LIMIT]: visible(value)[:WORD_LIMIT] for word, value in words.items()}
    size = shown.get("SIZE", "")
    offered = dict.fromkeys(visible(mechanism).upper()[:WORD_LIMIT] for mechanism in mechanisms)
    return Extensions(
        words=shown,
        mechanisms=tuple(offered),
        size_limit=int(size) or None if size.isascii() and size.isdigit() else None,
    )
