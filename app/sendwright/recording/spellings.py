"""The ways in which a secret is written that no undoing of escapes brings back: base64, hex, other encodings."""

import base64
import contextlib
import shlex

from sendwright.recording.folding import fold
from sendwright.recording.visible import visible

SHORTEST = 4
"""Letters below which a secret, once folded, is everywhere: such a one is only taken out as it stands.

A secret of fewer letters even before is taken out where it stands as a word: inside of words it would blot out half of
every text, and what is left would tell the letters.
"""

SHORTEST_INNER = 7
"""Letters of base64 below which any text would match; shorter ones are found by decoding (`Redactor`)."""

_GROUP_OCTETS, _GROUP_LETTERS = 3, 4


def octets(secret: str) -> bytes:
    """Return the octets of `secret` as they are sent, whatever it is made of."""
    return secret.encode("utf-8", "surrogatepass")


def encodings(secret: str) -> tuple[bytes, ...]:
    """Return the octets of `secret` in the encodings in which systems keep it."""
    wide = (secret.encode(name, "surrogatepass") for name in ("utf-16-le", "utf-16-be"))
    western = b"" if secret.isascii() else _western(secret)
    return (octets(secret), *wide, *filter(None, (western,)))


def _western(secret: str) -> bytes:
    """Return the octets of `secret` in Windows' western encoding; none where it has other letters."""
    try:
        return secret.encode("cp1252")
    except UnicodeEncodeError:
        return b""


def rewritten(secret: str) -> frozenset[str]:
    """Return how `secret` reads, folded, where others put it down in their own way.

    Its octets taken for another encoding's, UTF-7 (RFC 2152), quotes doubled as in SQL and CSV or taken apart as in a
    shell, `_` for a space as in the header of a message (RFC 2047).
    """
    found = {secret.replace(quote, quote * 2) for quote in "\"'"} | {shlex.quote(secret), secret.replace(" ", "_")}
    with contextlib.suppress(UnicodeEncodeError):  # half of a surrogate pair
        found.add(secret.encode("utf-7").decode("ascii"))
    if not secret.isascii():
        for data in encodings(secret):
            found |= {data.decode("latin-1"), data.decode("cp1252", "replace")}
            found |= {data.decode("utf-8", "replace"), data.decode("utf-8", "surrogateescape")}
    found |= {visible(written) for written in found}  # as it is noted, for who learns the secret afterwards
    folded = {fold(written) for written in found} - {plain(secret)}
    return frozenset(written for written in folded if len(written) >= SHORTEST)


def plain(secret: str) -> str:
    """Return the secret itself, folded; empty where it is too short to be looked for in that way."""
    bare = fold(secret)
    return bare if len(bare) >= SHORTEST else ""


def coded(secret: str) -> frozenset[str]:
    """Return hex and base64 of `secret`, folded; of base64 what is the same whatever stands before and after it."""
    if len(octets(secret)) < SHORTEST:
        return frozenset()
    found = {data.hex() for data in encodings(secret)}
    for data in (*encodings(secret), base64.b64encode(octets(secret)).rstrip(b"=")):  # base64 of base64
        for before in range(_GROUP_OCTETS):
            inner = _inner(data, before)
            if len(inner) >= SHORTEST_INNER:
                found.add(fold(inner))
    return frozenset(found)


def _inner(data: bytes, before: int) -> str:
    """Return the letters of base64 that `data` alone decides, with `before` octets in front of it in its group."""
    whole = base64.b64encode(bytes(before) + data).decode().rstrip("=")
    first = -(-before * 8 // 6)
    last = (before + len(data)) * 8 // 6
    return whole[first:last]
