"""Makes the style sheet from the tokens."""

import re

from sendwright import resources
from sendwright.desktop.theme.tokens import Tokens

_PLACEHOLDER = re.compile(r"\{([a-z-]+)(:px)?\}")


def style_sheet(tokens: Tokens) -> str:
    """Return the window's style sheet: `{name}` in the template is a colour, `{name:px}` a size."""
    template = resources.path("styles/window.qss").read_text(encoding="utf-8")

    def fill(found: re.Match[str]) -> str:
        name, is_size = found.group(1), found.group(2)
        return f"{tokens.size(name)}px" if is_size else tokens.colour(name)

    return _PLACEHOLDER.sub(fill, template.split("*/", 1)[1])
