"""Understands whatever a person pasted: a code, a log, a non-delivery report, JSON or the address of a browser."""

from sendwright.problems.pasted.admission import LONGEST
from sendwright.problems.pasted.reader import understand
from sendwright.problems.pasted.understood import Match, PasteKind, PasteRefused, Understood

__all__ = ["LONGEST", "Match", "PasteKind", "PasteRefused", "Understood", "explain_text", "understand"]


def explain_text(text: str) -> tuple[Match, ...]:
    """Return the problems that `text` speaks of, best first, each once; none where it is healthy.

    Raises PasteRefused.
    """
    return understand(text).matches
