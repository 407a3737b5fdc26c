"""Lets all senders of one application ask for its token together, and not each for its own."""

from collections.abc import Callable, Hashable, Mapping
from weakref import WeakValueDictionary

from sendwright.oauth.grant import TokenSource
from sendwright.secret import Secret

_Key = tuple[Hashable, frozenset[tuple[str, Secret]]]


class TokenSources:
    """The token sources of one process; its owner hands it on.

    A source is kept for as long as a sender has it: with the last one goes the token, so that whoever is granted
    something meanwhile does not wait for the token's end.
    """

    def __init__(self) -> None:
        self._made: WeakValueDictionary[_Key, TokenSource] = WeakValueDictionary()

    def of(self, settings: Hashable, credentials: Mapping[str, Secret], make: Callable[[], TokenSource]) -> TokenSource:
        """Return the source of whoever has these settings and credentials, the one of others who have it open."""
        key = settings, frozenset(credentials.items())
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        return found
