"""Waits for a right to take effect: Exchange needs minutes, at times hours, and that is no failure."""

from datetime import datetime, timedelta
from typing import Final

from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.cells import Combination, combinations
from sendwright.providers.microsoft365.board.rights import Missing, good
from sendwright.providers.moments import next_moment
from sendwright.senders.graph.settings import Way

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 30, 30, 60, 60, 60, 60))
"""Between one try and the next; together some six hours. Then the right has probably not been granted."""

GRANTABLE: Final = frozenset(
    {Missing.SEND_AS, Missing.SEND_ON_BEHALF, Missing.FULL_ACCESS, Missing.SCOPE, Missing.POLICY}
)
"""What somebody can grant; waiting helps against nothing else."""


def next_try(proof: Proof) -> datetime | None:
    """Return when to try again after `proof`: the first planned moment after it, None once all are over."""
    return next_moment(proof.granted_at, proof.at, PAUSES)


def waits(state: MicrosoftAnswers, of: Combination) -> bool:
    """Tell whether what was refused is said to have been granted, and still has time to take effect."""
    proof = state.proofs.get(of.id)
    return proof is not None and not good(proof, of, state) and next_try(proof) is not None


def can_be_granted(state: MicrosoftAnswers, of: Combination) -> bool:
    """Tell whether somebody can change how the last try ended: give a right, or take one from the application."""
    proof = state.proofs.get(of.id)
    if proof is None or good(proof, of, state):
        return False
    return proof.accepted if of.control else proof.missing in GRANTABLE


def due(state: MicrosoftAnswers) -> datetime | None:
    """Return when the next try is due of all that wait, None where nothing waits."""
    moments = [next_try(state.proofs[one.id]) for one in combinations(state) if waits(state, one)]
    return min((moment for moment in moments if moment is not None), default=None)


def is_slow(state: MicrosoftAnswers) -> bool:
    """Whether Exchange keeps what it knows of this for longer: roles of applications, half an hour to two hours."""
    return state.way is Way.APPLICATION
