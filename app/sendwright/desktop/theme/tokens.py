"""Colours and sizes by name, read from the token file and fitted to the deployment and the system."""

import tomllib
from dataclasses import dataclass

from sendwright import resources
from sendwright.deployment.colour import contrast, fitted, mix

GROUNDS = ("window", "rail", "card", "well", "hover")
"""What words in the accent colour may stand on."""

_FRAMED = ("field-padding", "field-side", "button-padding", "button-side", "quiet-side", "stop-padding", "stop-side")
_FIXED = (
    "hairline",
    "focus",
    "radius",
    "field-radius",
    "tick-radius",
    "scroll",
    "scroll-margin",
    "scroll-radius",
    "qr",
    "qr-most",
)
_SOFT_SHARE = {False: 0.08, True: 0.12}  # of the accent in its soft ground, light and dark
_ICON_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
_MOST_GROWTH = 1.25
_MOST_TITLE_GROWTH = 1.5
_LARGE = 1.4
_SIDE_UNITS, _SIDE_UNITS_LARGE = 5, 2


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

    The accent is moved towards black or white until words in it can be read on every ground (WCAG 2.2, 1.4.3).
    """
    table = tomllib.loads(resources.path("styles/tokens.toml").read_text(encoding="utf-8"))
    colours: dict[str, str] = dict(table["dark" if dark else "light"])
    readable = accent
    for ground in GROUNDS:
        readable = fitted(readable, ground=colours[ground])
    soft = mix(colours["window"], readable, share=_SOFT_SHARE[dark])
    colours["accent"] = readable
    colours["accent-hover"] = mix(readable, colours["text"], share=0.15)
    colours["accent-soft"] = soft if contrast(readable, soft) >= _ICON_CONTRAST else colours["well"]
    return Tokens(colours=colours, sizes=_sizes(table["size"], scale), dark=dark)


def _sizes(usual: dict[str, int], scale: float) -> dict[str, int]:
    """Scale what holds words; lines and corners stay, gaps and titles grow less: the room is for reading."""
    sizes = {name: round(size * scale) for name, size in usual.items()}
    sizes |= {name: usual[name] for name in _FIXED}
    sizes |= {name: round(usual[name] * min(scale, _MOST_GROWTH)) for name in ("unit", *_FRAMED)}
    sizes |= {name: round(usual[name] * min(scale, _MOST_TITLE_GROWTH)) for name in ("title", "title-mark")}
    sizes["side"] = sizes["unit"] * (_SIDE_UNITS if scale < _LARGE else _SIDE_UNITS_LARGE)
    for name in _FRAMED:
        sizes[f"{name}-focused"] = sizes[name] - (usual["focus"] - usual["hairline"])  # a thicker line, nothing moves
    return sizes
