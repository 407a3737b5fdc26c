"""What the answers of Google mean for a delegation, and when to ask again."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sendwright.diagnosis.stage import Verdict as Mark
from sendwright.providers.gmail.answers import Check, GmailAnswers, Shown
from sendwright.providers.gmail.service_account.checks import shown_of
from sendwright.providers.moments import next_moment

PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 30, 60, 60, 120, 120, 240, 240, 240, 267)
)
"""Between one try and the next; together the 24 hours that Google names (support.google.com/a/answer/162106)."""

NOT_DELEGATED: Final = frozenset({"google-delegation-missing", "gmail-delegation-denied"})
"""Problems by which Google says that the Admin console lacks the client or the scope."""

GRANTABLE: Final = NOT_DELEGATED | {"google-signing-not-allowed"}
"""Problems that pass by themselves, some time after somebody granted what lacks."""


class Meaning(StrEnum):
    """What a check is worth.

    GIVEN: the mailbox can be used. LACKS: it cannot. REACHES: another user's can be used, too, as with every
    delegation. KEPT_OUT: it cannot. ONLY_SENDING: nothing broader is given. BROADER: it is. TOO_EARLY: refused, and so
    is the mailbox. UNCLEAR: refused for a reason that shows nothing.
    """

    GIVEN = "given"
    LACKS = "lacks"
    REACHES = "reaches"
    KEPT_OUT = "kept-out"
    ONLY_SENDING = "only-sending"
    BROADER = "broader"
    TOO_EARLY = "too-early"
    UNCLEAR = "unclear"


_MARKS: Final = {
    Meaning.GIVEN: Mark.PASSED,
    Meaning.LACKS: Mark.FAILED,
    Meaning.REACHES: Mark.WARNING,
    Meaning.KEPT_OUT: Mark.NOT_REACHED,
    Meaning.ONLY_SENDING: Mark.PASSED,
    Meaning.BROADER: Mark.WARNING,
    Meaning.TOO_EARLY: Mark.NOT_REACHED,
    Meaning.UNCLEAR: Mark.NOT_REACHED,
}


def meaning_of(state: GmailAnswers, check: Check) -> Meaning | None:
    """Return what a check shows, None where it was not tried. Codes decide, never the words of an answer."""
    shown = shown_of(state, check)
    if shown is None:
        return None
    match check:
        case Check.SENDER:
            return Meaning.GIVEN if shown.granted else Meaning.LACKS
        case Check.CONTROL:
            return Meaning.REACHES if shown.granted else _refusal(state, shown, Meaning.KEPT_OUT)
        case Check.BROADER:
            return Meaning.BROADER if shown.granted else _refusal(state, shown, Meaning.ONLY_SENDING)


def mark_of(meaning: Meaning | None) -> Mark | None:
    """Return the verdict to show."""
    return _MARKS[meaning] if meaning is not None else None


def given(state: GmailAnswers) -> bool:
    """Whether Google gave a token for the mailbox that sends."""
    return meaning_of(state, Check.SENDER) is Meaning.GIVEN


def can_be_granted(state: GmailAnswers) -> bool:
    """Whether what lacks is something that somebody can enter."""
    shown = shown_of(state, Check.SENDER)
    return shown is not None and not shown.granted and shown.problem in GRANTABLE


def due(state: GmailAnswers) -> datetime | None:
    """Return when to ask again for the mailbox, None where nothing waits: Google needs minutes, at times a day."""
    shown = shown_of(state, Check.SENDER)
    if shown is None or shown.granted or not can_be_granted(state):
        return None
    return next_moment(state.delegated_at, shown.at, PAUSES)


def _refusal(state: GmailAnswers, shown: Shown, otherwise: Meaning) -> Meaning:
    """Tell what a refusal is worth: a mailbox that cannot be used itself proves nothing, nor does a lost connection.

    The backend tells of what is broader without a refusal of its own.
    """
    if not given(state):
        return Meaning.TOO_EARLY
    return otherwise if not shown.problem or shown.problem in NOT_DELEGATED else Meaning.UNCLEAR
