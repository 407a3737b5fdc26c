"""Takes words out of what a server says, whatever it says."""

from typing import Final

from sendwright.recording.visible import visible

LONGEST_NAME: Final = 256


def words_in(value: object, longest: int) -> str:
    """Return a text, cut and made visible, over as many lines as it has; empty for what is none."""
    return visible(value[:longest].replace("\r\n", "\n")) if isinstance(value, str) else ""


def name_in(value: object) -> str:
    """Return a name or an address on one line, cut and made visible; empty for what is none."""
    return visible(value[:LONGEST_NAME]).replace("\n", " ") if isinstance(value, str) else ""
