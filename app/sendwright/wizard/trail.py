"""Remembers the screens a person came past, for a diagnosis file."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from sendwright.diagnosis_file import Shown
from sendwright.recording.redactor import Redactor
from sendwright.screens import Answer, Choice, Consent, Field, FieldKind, Form, Review, Screen, Sheet, Stopped

LONGEST = 60
"""Screens that are remembered; the latest ones matter."""

SECRET_KINDS = frozenset({FieldKind.PASSWORD, FieldKind.CODE})


class Trail:
    """The latest screens, each as it stood when the person left it, with what she had answered and without secrets."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._shown: deque[Shown] = deque(maxlen=LONGEST)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The screens, oldest first."""
        return tuple(self._shown)

    def note(self, screen: Screen, answer: Answer) -> None:
        """Remember `screen` as `answer` left it; one that stays the same is remembered once."""
        left = msgspec.to_builtins(answered(screen, answer))
        problem = screen.problem if isinstance(screen, Stopped) else None
        if not self._shown or self._shown[-1].screen != left:
            self._shown.append(Shown(at=self._clock(), screen=left, problem=problem))


def answered(screen: Screen, answer: Answer) -> Screen:
    """Return `screen` with the answer in its fields, but for passwords, one-time codes and addresses of sign-in pages.

    What is typed like a password elsewhere on the screen is left out too: some services take one token as both.
    """
    if isinstance(screen, Consent):
        return replace(screen, url="", user_code="")
    if not isinstance(screen, Form | Choice | Review | Sheet):
        return screen
    secrets = {
        answer[field.name].strip() for field in screen.fields if field.kind in SECRET_KINDS and field.name in answer
    }
    fields = tuple(_filled(field, answer, secrets - {""}) for field in screen.fields)
    if isinstance(screen, Choice):
        return replace(screen, fields=fields, chosen=answer.get("choice", screen.chosen))
    return replace(screen, fields=fields)


def _filled(field: Field, answer: Answer, secrets: set[str]) -> Field:
    value = answer.get(field.name, field.value)
    if field.kind in SECRET_KINDS or value.strip() in secrets:
        return replace(field, value="")
    return replace(field, value=kept(value, field.kind))


def kept(value: str, kind: FieldKind | None) -> str:
    """Return what may be kept of an answer: lines that were pasted may hold an address with a code in it."""
    return Redactor().clean(value) if kind is FieldKind.LINES else value
