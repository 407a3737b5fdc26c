"""What a person at the window does, as data."""

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What she does: answers by step; closes the window when `until` is shown. pictures: folder, empty for none."""

    answers: dict[str, dict[str, str]]
    until: str
    pictures: str = ""
    practice: str | None = None
    actions: dict[str, str] = {}
