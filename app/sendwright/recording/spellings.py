"""The ways in which a secret is written that no undoing of escapes brings back: base64 and hex of its octets."""

import base64

from sendwright.recording.folding import fold

SHORTEST = 4
"""Letters below which a secret, once folded, is everywhere: such a one is only taken out as it stands."""

SHORTEST_INNER = 7
"""Letters of base64 below which any text would match; shorter ones are found by decoding (`Redactor`)."""

_GROUP_OCTETS, _GROUP_LETTERS = 3, 4


def octets(secret: str) -> bytes:
    """Return the octets of `secret` as they are sent, whatever it is made of."""
    return secret.encode("utf-8", "surrogatepass")


def encodings(secret: str) -> tuple[bytes, ...]:
    """Return the octets of `secret` in the encodings in which systems keep it."""
    return (octets(secret), secret.encode("utf-16-le", "surrogatepass"), secret.encode("utf-16-be", "surrogatepass"))


def plain(secret: str) -> str:
    """Return the secret itself, folded; empty where it is too short to be looked for in that way."""
    bare = fold(secret)
    return bare if len(bare) >= SHORTEST else ""


def coded(secret: str) -> frozenset[str]:
    """Return hex and base64 of `secret`, folded; of base64 what is the same whatever stands before and after it."""
    found: set[str] = set()
    for data in encodings(secret) if len(octets(secret)) >= SHORTEST else ():
        found.add(data.hex())
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
