"""The form for an error that a sign-in service shows on its page in a browser, and that never comes back by itself."""

from collections.abc import Callable
from typing import Final

from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.screens import Action, Answer, Field, FieldKind, Form, Rejected

LONGEST: Final = 2000
"""Characters of what was pasted that are kept and shown."""


def words_form(step: str, *, texts: str, words: str, actions: tuple[Action, ...] = ()) -> Form:
    """Return the form. texts: where its words are, such as `microsoft365.shown`. words: as pasted last."""
    return Form(
        step=step,
        title=f"{texts}.title",
        lead=f"{texts}.lead",
        submit=f"{texts}.submit",
        fields=(
            Field(
                name="words",
                kind=FieldKind.LINES,
                label=f"{texts}.words",
                help=f"{texts}.words-help",
                placeholder=f"{texts}.placeholder",
                value=words,
            ),
        ),
        actions=actions,
    )


def pasted_words(answer: Answer, *, texts: str) -> str:
    """Return what was pasted. Raises Rejected where it is nothing."""
    words = answer.get("words", "")
    if not words.strip():
        raise Rejected({"words": f"{texts}.words-missing"})
    return words


def clean_words(words: str) -> str:
    """Return as much of the words as is kept, without what looks like a secret."""
    return Redactor().clean(words.strip()[:LONGEST])


def seen_in(words: str, read: Callable[[str], Evidence | None], system: System) -> Evidence:
    """Return what `read` recognises; an unknown error with its words else."""
    return read(words) or Evidence(stage="sign-in", system=system, text=clean_words(words))
