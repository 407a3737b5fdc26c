"""Colours and sizes by name, read from the token file and fitted to the deployment and the system."""

import tomllib
from dataclasses import dataclass

from sendwright import resources

_TOWARDS_DARK = "#ffffff"
_WANTED_CONTRAST = 4.5


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """colours: name to `#rrggbb`. sizes: name to pixels, already scaled. dark: whether they are for a dark window."""

    colours: dict[str, str]
    sizes: dict[str, int]
    dark: bool

    def colour(self, name: str) -> str:
        """Return the colour of `name`."""
        return self.colours[name]

    def size(self, name: str) -> int:
        """Return the size of `name` in pixels."""
        return self.sizes[name]

    def units(self, count: float) -> int:
        """Return `count` units of the grid in pixels."""
        return round(self.sizes["unit"] * count)


def load_tokens(*, dark: bool, accent: str, scale: float = 1.0) -> Tokens:
    """Return the tokens; `scale` is the text size (2.0 is 200 %), `accent` the deployment's colour.

    In a dark window the accent is lightened until it stands out from the background by 4.5:1 (WCAG 2.2, 1.4.3).
    """
    table = tomllib.loads(resources.path("styles/tokens.toml").read_text(encoding="utf-8"))
    colours: dict[str, str] = dict(table["dark" if dark else "light"])
    fitted = accent
    while dark and contrast(fitted, colours["window"]) < _WANTED_CONTRAST:
        fitted = mix(fitted, _TOWARDS_DARK, 0.1)
    colours["accent"] = fitted
    colours["accent-hover"] = mix(fitted, colours["text"], 0.15)
    colours["accent-soft"] = mix(colours["window"], fitted, 0.08 if not dark else 0.16)
    fixed = {"hairline", "focus"}
    sizes = {name: size if name in fixed else round(size * scale) for name, size in table["size"].items()}
    sizes["unit"] = round(table["size"]["unit"] * min(scale, 1.25))
    sizes["radius"] = table["size"]["radius"]
    return Tokens(colours=colours, sizes=sizes, dark=dark)


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that lies `share` (0 to 1) of the way from `one` to `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's own

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
