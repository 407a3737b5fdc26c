"""What those who use the network tell of what they do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from sendwright.recording.event import Layer
from sendwright.secret import Secret

SIGNING_IN: Final[Mapping[str, str]] = MappingProxyType({"dialogue": "AUTH"})
"""Values of an event whose text belongs to a sign-in: whatever looks encoded in it is cut, known or not."""


class Recorder(Protocol):
    """Notes events. Whatever it is given, it cuts secrets out before it stores anything; it never raises."""

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        """Note that something happened now."""
        ...

    def learn(self, secret: Secret) -> None:
        """Let no form of `secret` into anything that is noted from now on."""
        ...


class Silence:
    """A recorder that keeps nothing."""

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        """Drop the event."""

    def learn(self, secret: Secret) -> None:
        """Nothing is kept, so nothing is to be cut."""


SILENCE: Final = Silence()
"""The one that is told where nobody wants to know: it holds nothing, so one is enough for all."""
