"""Hides what names this computer and the person's folder on it."""

import re
from typing import Final

HOME: Final = "~"
COMPUTER: Final = "this-computer"

_ORDINARY: Final = frozenset(
    {"localhost", "computer", "server", "mail", "smtp", "host", "desktop", "laptop", "unknown"}
)
"""Names that say nothing of whose the computer is, and that stand in every log."""

_SHORTEST: Final = 3
_OWN_DOMAINS: Final = r"local|lan|home|internal|intranet|corp|localdomain|fritz\.box"


class OwnNames:
    """What is hidden of one computer; an empty name hides nothing."""

    def __init__(self, *, home: str, computer: str) -> None:
        names = _whole_name(computer), _computer(computer.partition(".")[0])
        self._rules = tuple(rule for rule in (_home(home), *names) if rule is not None)

    def hide(self, text: str) -> str:
        """Return `text` with `~` for the home folder and `this-computer` for the computer's name."""
        for pattern, stand_in in self._rules:
            text = pattern.sub(stand_in, text)
        return text


def _home(path: str) -> tuple[re.Pattern[str], str] | None:
    parts = [part for part in re.split(r"[\\/]+", path) if part]
    if not parts or len("".join(parts)) < _SHORTEST:
        return None
    # Written with single or doubled separators of either kind, and with any letter case: Windows knows none.
    root = r"(?:[\\/]{1,4})" if path[0] in "\\/" else ""
    inside = r"[\\/]{1,4}".join(map(re.escape, parts))
    return re.compile(rf"(?<![\w.-]){root}{inside}(?![\w-])", re.IGNORECASE), HOME


def _whole_name(name: str) -> tuple[re.Pattern[str], str] | None:
    """Hide the computer's own name with its domain, of which the domain stays: a server hears it in EHLO."""
    label, dot, domain = name.rstrip(".").partition(".")
    if not dot or len(label) < _SHORTEST or label.casefold() in _ORDINARY:
        return None
    return re.compile(rf"(?<![\w.-]){re.escape(label)}(?=\.{re.escape(domain)}(?![\w-]))", re.IGNORECASE), COMPUTER


def _computer(name: str) -> tuple[re.Pattern[str], str] | None:
    if len(name) < _SHORTEST or name.casefold() in _ORDINARY:
        return None
    behind = rf"(?![\w-])(?!\.(?!(?:{_OWN_DOMAINS})\b)\w)"
    return re.compile(rf"(?<![\w.-]){re.escape(name)}{behind}", re.IGNORECASE), COMPUTER
