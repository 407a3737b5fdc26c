"""Understands the errors that Google shows on its own page and nowhere else."""

from sendwright.problems.evidence import Evidence


def error_shown(words: str, *, own: bool = False) -> Evidence | None:
    """Return the error that the text of a page shows, or that somebody pasted; None where it shows none."""
    raise NotImplementedError
