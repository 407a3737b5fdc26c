"""Understands the errors that Microsoft shows on its own page and nowhere else."""

from typing import Final

from sendwright.problems.evidence import Evidence

DEVICE_DEMANDS: Final = frozenset({50097, 50129, 50131, 50155, 53000, 53001, 53002, 53003, 530032})
"""Numbers that a browser of the person's own may satisfy: it can show the computer's own identity."""


def error_shown(words: str) -> Evidence | None:
    """Return the error that the text of a page shows; None where it shows none."""
    raise NotImplementedError
