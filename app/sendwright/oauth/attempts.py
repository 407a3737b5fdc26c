"""Sign-ins that have begun and not ended: they live in memory only, a draft knows no more than their names."""

import secrets
from collections import OrderedDict
from typing import Protocol, runtime_checkable

AT_ONCE = 8
"""Older ones are forgotten: a person has one sign-in page open, or a few that she left."""


@runtime_checkable
class Waiting(Protocol):
    """An attempt that holds something open until it ends, such as a listener."""

    async def close(self) -> None:
        """Wait for nothing any more."""
        ...


class Attempts:
    """Keeps what an authorisation request must remember until its answer (verifier, state, nonce, a listener)."""

    def __init__(self) -> None:
        self._begun: OrderedDict[str, object] = OrderedDict()

    def begin(self, attempt: object) -> str:
        """Keep `attempt`; return the name that finds it again."""
        name = secrets.token_urlsafe(12)
        self._begun[name] = attempt
        while len(self._begun) > AT_ONCE:
            self._begun.popitem(last=False)
        return name

    def find(self, name: str) -> object | None:
        """Return what was begun under `name`; None where it ended, or where another run of the program began it."""
        return self._begun.get(name)

    def end(self, name: str) -> object | None:
        """Return what was begun under `name` and forget it: an answer counts once."""
        return self._begun.pop(name, None)

    async def close(self) -> None:
        """Forget all of them: whoever began them has given up, so no answer is taken and no port stays open."""
        while self._begun:
            _, attempt = self._begun.popitem()
            if isinstance(attempt, Waiting):
                await attempt.close()
