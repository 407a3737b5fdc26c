"""Time and a recorder as the tests of signing in want them."""

from datetime import UTC, datetime, timedelta

from sendwright.recording.event import Layer
from sendwright.secret import Secret

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **how: float) -> None:
        self.now += timedelta(**how)


class Notes:
    """A recorder that keeps what it was told, and what it was told to learn."""

    def __init__(self) -> None:
        self.learned: set[str] = set()
        self.noted: list[str] = []

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        self.noted.append(f"{layer} {name} {text} {values}")

    def learn(self, secret: Secret) -> None:
        self.learned.add(secret.reveal())
