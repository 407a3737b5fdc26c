"""Says, from what went wrong, whether and when a notification is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.problems.dictionary import load
from sendwright.problems.problem import Owner, Problem, Retry

# Stages (diagnosis.stage) that judge one recipient or one message; every earlier one judges our connection.
_ABOUT_THE_MESSAGE = frozenset({"recipient", "submit"})

_BROKEN_CONNECTION = frozenset({NetworkCondition.CONNECTION_DROPPED.value, NetworkCondition.CONNECTION_TIMED_OUT.value})


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How patient the backend is; durations in seconds.

    first_s: widest first delay where the other side asked to come back later; it doubles with every
    attempt. soon_s: the same where trying again at once makes sense. least_s, longest_s: bounds of every
    delay of our own choosing. greylisted_s: never sooner than that after greylisting (RFC 6647 section 4.1:
    servers refuse for some minutes). repair_s: never sooner than that while somebody has to repair our
    connection. attempts: tries of one message before it is a dead letter. unanswered_attempts: the same
    where every answer was cut off after the message: each may have delivered it. give_up_after_s: age at
    which everything is a dead letter (RFC 5321 section 4.5.4.1 wants 4 to 5 days for mail; a notification
    is stale sooner).
    """

    first_s: float = 30.0
    soon_s: float = 2.0
    least_s: float = 1.0
    longest_s: float = 3_600.0
    greylisted_s: float = 300.0
    repair_s: float = 300.0
    attempts: int = 12
    unanswered_attempts: int = 4
    give_up_after_s: float = 3 * 86_400.0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a notification stands after an attempt failed.

    attempt: how many attempts failed since `since`, this one included, at least 1. since: when it was
    accepted, put back by a person, or offered to a new sender. not_after: it is of no use later; None:
    always of use. unanswered: how many attempts ended without an answer, this one included.
    """

    attempt: int
    since: datetime
    now: datetime
    not_after: datetime | None = None
    unanswered: int = 0


@dataclass(frozen=True)
class RetryAt:
    """Try again at `at`: later than now, never later than the notification's own limits."""

    at: datetime


@dataclass(frozen=True)
class GiveUp:
    """It is a dead letter: only a person puts it back."""


@dataclass(frozen=True)
class Expire:
    """It is of no use any more."""


Decision = RetryAt | GiveUp | Expire


def next_attempt(problem: Problem, *, standing: Standing, policy: RetryPolicy, random: Random) -> Decision:
    """Decide what follows an attempt that ended in `problem`; nothing but the arguments counts.

    A message that nobody can mend is given up at once. A fault of our own connection outlasts any number of
    attempts: nothing is lost while somebody repairs it. Delays grow exponentially with full jitter, so that
    many notifications do not come back together; what the other side asked for (`retry_after_s`) is waited
    for in full. A delay beyond `not_after` ends there: until then a new sender may still wake the
    notification.
    """
    if standing.not_after is not None and standing.now >= standing.not_after:
        return Expire()
    ours = is_ours(problem)
    if problem.retry is Retry.NEVER or (problem.retry is Retry.AFTER_FIX and not ours):
        return GiveUp()
    end = standing.since + timedelta(seconds=policy.give_up_after_s)
    worn_out = standing.attempt >= policy.attempts and not ours
    if standing.now >= end or worn_out or standing.unanswered >= policy.unanswered_attempts:
        return GiveUp()
    wanted = standing.now + timedelta(seconds=_delay(problem, standing.attempt, policy, random))
    return RetryAt(min(wanted, end, standing.not_after or end))


def is_ours(problem: Problem) -> bool:
    """Tell whether `problem` lies in our connection, account or domain: every notification meets it.

    A connection that broke is ours even while a recipient was being named; not so once the message was out.
    """
    if problem.owner is Owner.RECIPIENT or problem.evidence.perhaps_sent:
        return False
    return (
        problem.evidence.stage not in _ABOUT_THE_MESSAGE
        or problem.evidence.condition in _BROKEN_CONNECTION
        or _stops_all(problem.code)
    )


def _stops_all(code: str) -> bool:
    """Tell whether every other message meets the problem as well: our account, our domain, our server."""
    known = load().definitions.get(code)
    return known is not None and known.stops_all


def _delay(problem: Problem, attempt: int, policy: RetryPolicy, random: Random) -> float:
    """Return seconds between a lower bound that has a reason and an upper one that doubles each time."""
    start = policy.soon_s if problem.retry is Retry.NOW else policy.first_s
    widest = min(policy.longest_s, start * 2.0 ** min(attempt - 1, 32))
    asked_for = min(problem.evidence.retry_after_s or 0.0, policy.give_up_after_s)
    lowest = max(policy.least_s, asked_for)
    if problem.code == "greylisted":
        lowest = max(lowest, policy.greylisted_s)
    if problem.retry is Retry.AFTER_FIX:
        lowest = max(lowest, policy.repair_s)
    return random.uniform(lowest, max(widest, lowest + start))
