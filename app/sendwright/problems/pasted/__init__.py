"""Understands whatever a person pasted: a code, a log, a non-delivery report, JSON or the address of a browser."""

from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.pasted.replies import LONGEST, search
from sendwright.problems.pasted.understood import Match, PasteKind, PasteRefused, Understood

__all__ = ["LONGEST", "UNRECOGNISED", "Match", "PasteKind", "PasteRefused", "Understood", "explain_text", "understand"]


def understand(pasted: str | bytes) -> Understood:
    """Return what `pasted` means. Raises PasteRefused where it cannot be read, and nothing else."""
    text = pasted if isinstance(pasted, str) else str(pasted[:LONGEST], "utf-8", "replace")
    return Understood(kind=PasteKind.LOG, matches=search(text))


def explain_text(text: str) -> tuple[Match, ...]:
    """Return the problems that `text` speaks of, best first, each once. Raises PasteRefused."""
    return understand(text).matches
