"""Reads the errors that sign-in services show on their own pages and nowhere else, by the service."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from sendwright.oauth.entra import shown as entra
from sendwright.oauth.google import shown as google
from sendwright.problems.evidence import Evidence, System

ShowsError = Callable[[str], Evidence | None]
"""Returns the error that the words of a page show, None where they show none."""

_READERS: Final[Mapping[System, ShowsError]] = MappingProxyType(
    {System.ENTRA: entra.error_shown, System.GOOGLE: google.error_shown}
)


def reader_of(system: System | None) -> ShowsError:
    """Return what reads the pages of `system`; nothing is read on pages of a service that is not known."""
    return _READERS.get(system, _no_error) if system is not None else _no_error


def _no_error(words: str) -> Evidence | None:
    del words
    return None
