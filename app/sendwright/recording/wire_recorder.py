"""Keeps what went over the wire: the beginning and the latest, without secrets."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, MutableSequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from sendwright.recording.event import Event, Layer
from sendwright.recording.grammar import STAND_IN
from sendwright.recording.recorder import SIGNING_IN
from sendwright.recording.redactor import Redactor
from sendwright.recording.shapes import cut_runs
from sendwright.recording.visible import visible
from sendwright.secret import Secret

FIRST: Final = 200
"""Events that are kept from the beginning, whatever comes later: how it started explains the rest."""

LATEST: Final = 2_000
"""Events that are kept of the newest ones."""

TEXT_LIMIT: Final = 4_000
"""Characters of an event's text; of each of its values a quarter."""

LOOKED_AT: Final = 16 * 1024
"""Characters of a text that are looked at for secrets; what lies behind is never kept."""

_MS = 1000.0
_CUT = "…"


class _Entry(NamedTuple):
    """An event; number: how many were before it; known: how many secrets were when it was cleaned."""

    number: int
    known: int
    event: Event


class WireRecorder:
    """A `recorder.Recorder` that keeps events in memory; safe to use from several threads.

    Secrets are cut out before anything is kept, in every spelling of `redactor.Redactor`. Addresses are kept as they
    are, since the same events are shown to the person they belong to: `Pseudonyms` hides them where events leave the
    program. timer: seconds that only grow. clock: the present, aware. first, latest: how many events are kept of the
    beginning and of the end; what lies between is counted in `left_out`.
    """

    def __init__(
        self,
        *,
        timer: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        first: int = FIRST,
        latest: int = LATEST,
        text_limit: int = TEXT_LIMIT,
    ) -> None:
        self._timer = timer
        self._text_limit = text_limit
        self._first_limit = first
        self._lock = threading.Lock()
        self._redactor = Redactor()
        self._secrets: dict[Secret, None] = {}
        self._first: list[_Entry] = []
        self._latest: deque[_Entry] = deque(maxlen=latest)
        self._count = 0
        self._begun = timer()
        self.began = clock()
        """When the events' time 0 was."""

    def __repr__(self) -> str:
        return f"WireRecorder({self._count} events)"

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        """Note that something happened now; never raises."""
        at_ms = round((self._timer() - self._begun) * _MS, 1)
        try:
            with self._lock:
                self._keep(
                    Event(
                        at_ms=at_ms,
                        layer=layer,
                        name=name,
                        text=self._clean(text, self._text_limit, signing_in=values.items() >= SIGNING_IN.items()),
                        values={key: self._clean(str(value), self._text_limit // 4) for key, value in values.items()},
                    )
                )
        except Exception:  # noqa: BLE001 - what is recorded must not fail because the recording of it does
            with self._lock:
                self._keep(Event(at_ms=at_ms, layer=layer, name=name, text=STAND_IN))

    def learn(self, secret: Secret) -> None:
        """Let no form of `secret` into anything that is noted from now on, nor into what is read of older events."""
        with self._lock:
            if secret in self._secrets or not secret.reveal():
                return
            self._secrets[secret] = None
            self._redactor.learn(secret=secret.reveal())

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret learned, to search for in what is made of the events."""
        with self._lock:
            return tuple(self._secrets)

    @property
    def events(self) -> tuple[Event, ...]:
        """What is kept, in the order in which it happened."""
        return self.since(0)

    @property
    def left_out(self) -> int:
        """How many events between the first and the latest are no longer kept."""
        with self._lock:
            return self._count - len(self._first) - len(self._latest)

    def mark(self) -> int:
        """Return the present place, for `since`."""
        with self._lock:
            return self._count

    def since(self, mark: int) -> tuple[Event, ...]:
        """Return what was noted after `mark` and is still kept: one diagnosis' part, where one was cut out."""
        with self._lock:
            for kept in (self._first, self._latest):
                self._clean_again(kept, mark)
            return tuple(entry.event for entry in (*self._first, *self._latest) if entry.number >= mark)

    def clean(self, text: str) -> str:
        """Return `text` without secrets, its control characters visible."""
        with self._lock:
            return visible(self._redactor.clean(text))

    def _keep(self, event: Event) -> None:
        (self._first if len(self._first) < self._first_limit else self._latest).append(
            _Entry(self._count, len(self._secrets), event)
        )
        self._count += 1

    def _clean_again(self, entries: MutableSequence[_Entry], mark: int) -> None:
        """Take out of events what was learned after them."""
        secrets = tuple(self._secrets)
        later: dict[int, Redactor] = {}
        for place, entry in enumerate(entries):
            if entry.number >= mark and entry.known < len(secrets):
                if entry.known not in later:
                    later[entry.known] = _knowing(secrets[entry.known :])
                redactor = later[entry.known]
                entries[place] = _Entry(entry.number, len(secrets), _cleaned(entry.event, redactor))

    def _clean(self, text: str, limit: int, *, signing_in: bool = False) -> str:
        if not text:
            return ""
        cleaned = self._redactor.clean(_looked_at(text))
        shown = visible(cut_runs(cleaned, STAND_IN) if signing_in else cleaned)
        return shown if len(shown) <= limit else shown[:limit] + _CUT


def _knowing(secrets: Iterable[Secret]) -> Redactor:
    redactor = Redactor()
    for secret in secrets:
        redactor.learn(secret=secret.reveal())
    return redactor


def _cleaned(event: Event, redactor: Redactor) -> Event:
    text = redactor.clean_of_known(event.text)
    values = {name: redactor.clean_of_known(value) for name, value in event.values.items()}
    if text == event.text and values == event.values:
        return event
    return msgspec.structs.replace(event, text=text, values=values)


def _looked_at(text: str) -> str:
    """Cut a text that is too long at a gap, so that no secret is cut in two and missed."""
    if len(text) <= LOOKED_AT:
        return text
    head = text[:LOOKED_AT]
    gap = max(head.rfind(filling) for filling in " \n\t\r\"',;&")
    return head[: gap + 1]
