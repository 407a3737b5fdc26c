"""Makes the style sheet from the tokens."""

import re

from sendwright import resources
from sendwright.desktop.theme.tokens import Tokens

_PLACEHOLDER = re.compile(r"\{([a-z-]+)(:px)?\}")


def style_sheet(tokens: Tokens, *, images: dict[str, str]) -> str:
    """Return the window's style sheet; `images` gives the file of a placeholder such as `tick-image`."""
    template = resources.path("styles/window.qss").read_text(encoding="utf-8")

    def fill(found: re.Match[str]) -> str:
        name, is_size = found.group(1), found.group(2)
        if is_size:
            return f"{tokens.size(name)}px"
        return images[name] if name in images else tokens.colour(name)

    body = template.split("*/", 1)[1]
    return _PLACEHOLDER.sub(fill, body)
