"""When a notification is tried again: the policy as a table, its limits as properties."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence, Owner, Problem, Retry
from sendwright.service.retry import Expire, GiveUp, RetryAt, RetryPolicy, Standing, is_ours, next_attempt

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
POLICY = RetryPolicy()
DAY = 86_400.0


def dice(seed: int = 1) -> Random:
    return Random(seed)  # noqa: S311 - the same jitter in every run


def problem(
    code: str = "connection-refused",
    retry: Retry = Retry.LATER,
    *,
    stage: str = "connect",
    owner: Owner = Owner.MAIL_SERVER_ADMIN,
    retry_after_s: float | None = None,
) -> Problem:
    evidence = Evidence(stage=stage, system=System.SMTP, retry_after_s=retry_after_s)
    return Problem(code=code, owner=owner, retry=retry, confidence=Confidence.CERTAIN, evidence=evidence)


def standing(attempt: int = 1, *, age_s: float = 60.0, useful_s: float | None = None) -> Standing:
    return Standing(
        attempt=attempt,
        since=NOW - timedelta(seconds=age_s),
        now=NOW,
        not_after=None if useful_s is None else NOW + timedelta(seconds=useful_s),
    )


class Extreme(Random):
    """Draws the lower or the upper end."""

    def __init__(self, *, upper: bool) -> None:
        super().__init__(0)
        self.upper = upper

    def uniform(self, a: float, b: float) -> float:
        return b if self.upper else a


def bounds(of: Problem, at: Standing, policy: RetryPolicy = POLICY) -> tuple[float, float]:
    def delay(*, upper: bool) -> float:
        decision = next_attempt(of, standing=at, policy=policy, random=Extreme(upper=upper))
        assert isinstance(decision, RetryAt)
        return (decision.at - NOW).total_seconds()

    return delay(upper=False), delay(upper=True)


@pytest.mark.parametrize(
    ("attempt", "widest"),
    [(1, 31.0), (2, 60.0), (3, 120.0), (4, 240.0), (7, 1_920.0), (8, 3_600.0), (11, 3_600.0)],
)
def test_the_delay_doubles_up_to_an_hour_with_full_jitter(attempt: int, widest: float) -> None:
    assert bounds(problem(), standing(attempt)) == (1.0, widest)


def test_what_may_be_tried_now_comes_back_within_seconds_and_slows_down_too() -> None:
    dropped = problem("connection-dropped", Retry.NOW)
    assert bounds(dropped, standing(1)) == (1.0, 3.0)
    assert bounds(dropped, standing(5)) == (1.0, 32.0)


def test_greylisting_is_waited_for_at_least_five_minutes() -> None:
    lowest, widest = bounds(problem("greylisted", stage="recipient"), standing(1))
    assert lowest == 300.0
    assert 300.0 < widest <= 360.0


@pytest.mark.parametrize("asked_s", [45.0, 900.0, 7_200.0])
def test_what_the_other_side_asked_for_is_waited_for_in_full(asked_s: float) -> None:
    lowest, widest = bounds(problem(retry_after_s=asked_s), standing(1))
    assert lowest == asked_s
    assert widest == asked_s + 30.0


def test_an_absurd_wait_ends_at_the_age_limit() -> None:
    assert bounds(problem(retry_after_s=1e18), standing(1, age_s=DAY)) == (2 * DAY, 2 * DAY)


def test_a_recipients_fault_is_given_up_after_twelve_attempts_but_not_before() -> None:
    greylisted = problem("greylisted", stage="recipient", owner=Owner.NOBODY)
    assert isinstance(next_attempt(greylisted, standing=standing(11), policy=POLICY, random=dice()), RetryAt)
    assert next_attempt(greylisted, standing=standing(12), policy=POLICY, random=dice()) == GiveUp()


@pytest.mark.parametrize(
    ("code", "stage", "owner", "retry", "ours"),
    [
        ("connection-refused", "connect", Owner.MAIL_SERVER_ADMIN, Retry.LATER, True),
        ("dns-name-not-found", "resolve", Owner.YOU, Retry.AFTER_FIX, True),
        ("tls-certificate-expired", "secure", Owner.MAIL_SERVER_ADMIN, Retry.AFTER_FIX, True),
        ("auth-wrong-credentials", "sign-in", Owner.YOU, Retry.AFTER_FIX, True),
        ("sender-not-allowed", "sender", Owner.MAIL_SERVER_ADMIN, Retry.AFTER_FIX, True),
        ("relay-denied", "recipient", Owner.MAIL_SERVER_ADMIN, Retry.AFTER_FIX, True),
        ("sending-limit-reached", "submit", Owner.NOBODY, Retry.LATER, True),
        ("authentication-checks-failed", "submit", Owner.DNS_ADMIN, Retry.AFTER_FIX, True),
        ("connector-not-matched", "recipient", Owner.EXCHANGE_ADMIN, Retry.AFTER_FIX, True),
        ("tenant-external-limit-reached", "submit", Owner.EXCHANGE_ADMIN, Retry.LATER, True),
        ("sender-blocked-for-abuse", "submit", Owner.MICROSOFT_365_ADMIN, Retry.AFTER_FIX, True),
        ("exchange-back-pressure", "submit", Owner.EXCHANGE_ADMIN, Retry.LATER, True),
        ("recipient-internal-only", "recipient", Owner.RECIPIENT, Retry.AFTER_FIX, False),
        ("recipient-receives-too-much", "submit", Owner.NOBODY, Retry.LATER, False),
        ("no-sender-configured", "sign-in", Owner.YOU, Retry.AFTER_FIX, True),
        ("recipient-mailbox-full", "recipient", Owner.RECIPIENT, Retry.AFTER_FIX, False),
        ("recipient-unknown", "recipient", Owner.YOU, Retry.AFTER_FIX, False),
        ("rejected-as-spam", "submit", Owner.MAIL_SERVER_ADMIN, Retry.AFTER_FIX, False),
        ("server-busy", "recipient", Owner.RECIPIENT, Retry.LATER, False),
    ],
)
def test_a_fault_of_our_own_connection_outlasts_any_number_of_attempts(
    code: str, stage: str, owner: Owner, retry: Retry, *, ours: bool
) -> None:
    met = problem(code, retry, stage=stage, owner=owner)
    decision = next_attempt(met, standing=standing(500), policy=POLICY, random=dice())
    assert is_ours(met) is ours
    assert isinstance(decision, RetryAt if ours else GiveUp)


def test_while_somebody_has_to_repair_it_nobody_is_pestered() -> None:
    lowest, _ = bounds(problem("auth-wrong-credentials", Retry.AFTER_FIX, stage="sign-in"), standing(1))
    assert lowest == 300.0


@pytest.mark.parametrize("owner", list(Owner))
def test_what_can_never_work_is_given_up_at_once(owner: Owner) -> None:
    too_large = problem("message-too-large", Retry.NEVER, stage="submit", owner=owner)
    assert next_attempt(too_large, standing=standing(1), policy=POLICY, random=dice()) == GiveUp()


def test_after_three_days_everything_is_given_up() -> None:
    assert isinstance(
        next_attempt(problem(), standing=standing(3, age_s=3 * DAY - 1), policy=POLICY, random=dice()),
        RetryAt,
    )
    assert next_attempt(problem(), standing=standing(3, age_s=3 * DAY), policy=POLICY, random=dice()) == GiveUp()


def test_what_is_of_no_use_any_more_expires_whatever_went_wrong() -> None:
    for retry in Retry:
        decision = next_attempt(problem(retry=retry), standing=standing(useful_s=0.0), policy=POLICY, random=dice())
        assert decision == Expire()


def test_a_delay_past_the_deadline_ends_at_the_deadline() -> None:
    assert bounds(problem(retry_after_s=600.0), standing(useful_s=20.0)) == (20.0, 20.0)


PROBLEMS = st.builds(
    problem,
    code=st.sampled_from(["greylisted", "server-busy", "relay-denied", "auth-wrong-credentials", "x"]),
    retry=st.sampled_from(Retry),
    stage=st.sampled_from(["connect", "sign-in", "sender", "recipient", "submit"]),
    owner=st.sampled_from(Owner),
    retry_after_s=st.none() | st.floats(min_value=0, allow_nan=False, allow_infinity=False),
)
STANDINGS = st.builds(
    standing,
    attempt=st.integers(min_value=1, max_value=10_000),
    age_s=st.floats(min_value=0, max_value=10 * DAY),
    useful_s=st.none() | st.floats(min_value=-DAY, max_value=10 * DAY),
)
POLICIES = st.builds(
    RetryPolicy,
    first_s=st.floats(min_value=0.01, max_value=600),
    soon_s=st.floats(min_value=0.01, max_value=60),
    least_s=st.floats(min_value=0.01, max_value=10),
    longest_s=st.floats(min_value=1, max_value=DAY),
    greylisted_s=st.floats(min_value=0.01, max_value=3_600),
    attempts=st.integers(min_value=1, max_value=100),
    give_up_after_s=st.floats(min_value=1, max_value=10 * DAY),
)


@given(of=PROBLEMS, at=STANDINGS, policy=POLICIES, seed=st.integers())
def test_every_next_attempt_lies_ahead_and_within_all_limits(
    of: Problem, at: Standing, policy: RetryPolicy, seed: int
) -> None:
    decision = next_attempt(of, standing=at, policy=policy, random=dice(seed))
    if not isinstance(decision, RetryAt):
        return
    assert decision.at > at.now
    end = at.since + timedelta(seconds=policy.give_up_after_s)
    assert decision.at <= min(end, at.not_after or end)
    longest = max(policy.longest_s, policy.least_s, policy.greylisted_s, policy.repair_s, policy.soon_s)
    asked_s = of.evidence.retry_after_s or 0.0
    if asked_s == 0.0:
        assert (decision.at - at.now).total_seconds() <= longest + policy.first_s + policy.soon_s + 1e-5
    elif decision.at < min(end, at.not_after or end):
        assert (decision.at - at.now).total_seconds() >= asked_s - 1e-5


@given(of=PROBLEMS, at=STANDINGS, policy=POLICIES, seed=st.integers())
def test_the_same_arguments_give_the_same_decision(of: Problem, at: Standing, policy: RetryPolicy, seed: int) -> None:
    first = next_attempt(of, standing=at, policy=policy, random=dice(seed))
    assert next_attempt(of, standing=at, policy=policy, random=dice(seed)) == first


@given(of=PROBLEMS, at=STANDINGS, policy=POLICIES, seed=st.integers())
def test_nothing_is_tried_for_ever(of: Problem, at: Standing, policy: RetryPolicy, seed: int) -> None:
    late = Standing(
        attempt=at.attempt,
        since=at.now - timedelta(seconds=policy.give_up_after_s),
        now=at.now,
        not_after=at.not_after,
    )
    decision = next_attempt(of, standing=late, policy=policy, random=dice(seed))
    assert isinstance(decision, GiveUp | Expire)


def test_whoever_stops_all_is_told_by_the_dictionary() -> None:
    stopping = {code for code, entry in load().definitions.items() if entry.stops_all}
    assert {"relay-denied", "sending-limit-reached", "graph-throttled", "gmail-rate-limited"} <= stopping
    assert not stopping & {
        "recipient-unknown",
        "recipient-mailbox-full",
        "greylisted",
        "rejected-as-spam",
        "unrecognised",
    }
    assert not any(load().definitions[code].owner is Owner.RECIPIENT for code in stopping)
