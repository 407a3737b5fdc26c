"""Measures how well colours stand out from each other, and moves one until it does (WCAG 2.2, 1.4.3)."""

import re

READABLE = 4.5
"""Contrast from which text of any size counts as readable."""

WHITE, BLACK = "#ffffff", "#000000"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEP = 0.04


def parse_colour(text: str) -> str | None:
    """Return `#rrggbb` in small letters, None for anything else."""
    colour = text.strip().lower()
    return colour if _COLOUR.fullmatch(colour) else None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, *, share: float) -> str:
    """Return the colour that lies `share` (0 to 1) of the way from `one` to `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def fitted(colour: str, *, ground: str, minimum: float = READABLE) -> str:
    """Return `colour`, lightened or darkened as little as needed to stand out from `ground` by `minimum`.

    No single colour stands out by 4.5 from both white and a usual dark ground, so each ground gets its own.
    """
    target = max((WHITE, BLACK), key=lambda end: contrast(end, ground))
    share = 0.0
    moved = colour
    while contrast(moved, ground) < minimum and share < 1:
        share += _STEP
        moved = mix(colour, target, share=min(share, 1))
    return moved


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    low_end = 0.04045  # sRGB, IEC 61966-2-1
    return share / 12.92 if share <= low_end else ((share + 0.055) / 1.055) ** 2.4
