from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.providers.microsoft365.pictured import AT, accepted, account, application, proofs, refused

from sendwright.providers.microsoft365.board.cells import combination
from sendwright.providers.microsoft365.board.waiting import PAUSES, can_be_granted, due, is_slow, next_try, waits

MINUTES = [1, 3, 8, 18, 33, 63, 93, 123, 183, 243, 303, 363]


def test_what_was_never_granted_is_not_tried_again() -> None:
    assert next_try(refused()) is None
    assert due(account(proofs=proofs(me=refused()))) is None


def test_tries_become_rarer() -> None:
    proof, found = replace(refused(), granted_at=AT), []
    while (again := next_try(proof)) is not None:
        found.append((again - AT) / timedelta(minutes=1))
        proof = replace(proof, at=again)
    assert found == MINUTES
    assert list(PAUSES) == sorted(PAUSES)


@given(st.integers(min_value=0, max_value=24 * 60 * 60))
def test_the_next_try_lies_ahead_and_within_an_hour(seconds: int) -> None:
    proof = replace(refused(at=AT + timedelta(seconds=seconds)), granted_at=AT)
    again = next_try(proof)
    if again is None:
        assert seconds >= MINUTES[-1] * 60
    else:
        assert timedelta() < again - proof.at <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("missing", "grantable"),
    [
        ("send-as", True),
        ("send-on-behalf", True),
        ("full-access", True),
        ("scope", True),
        ("policy", True),
        ("", False),
    ],
)
def test_waiting_helps_only_against_what_somebody_can_grant(missing: str, grantable: bool) -> None:
    state = account(proofs=proofs(me=refused(missing)))
    of = combination(state, "me")
    assert of is not None
    assert can_be_granted(state, of) is grantable


def test_nothing_is_granted_where_nothing_was_tried_or_all_is_well() -> None:
    of = combination(account(), "me")
    assert of is not None
    assert not can_be_granted(account(), of)
    assert not can_be_granted(account(proofs=proofs(me=accepted())), of)
    assert not waits(account(), of)


def test_what_is_proven_does_not_wait_any_more() -> None:
    state = account(proofs=proofs(me=replace(accepted(), granted_at=AT)))
    of = combination(state, "me")
    assert of is not None
    assert not waits(state, of)
    assert due(state) is None


def test_the_first_of_all_that_wait_is_due() -> None:
    first = replace(refused(), granted_at=AT)
    second = replace(refused(at=AT + timedelta(minutes=5)), granted_at=AT + timedelta(minutes=5))
    assert due(account(proofs=proofs(me=second, mailbox=first))) == AT + timedelta(minutes=1)


def test_a_control_mailbox_that_was_reached_can_be_limited_and_one_that_was_refused_need_not() -> None:
    reached = application(proofs=proofs(application=accepted(), control=accepted()))
    of = combination(reached, "control")
    assert of is not None
    assert can_be_granted(reached, of)
    assert not can_be_granted(application(proofs=proofs(application=accepted(), control=refused("scope"))), of)
    assert is_slow(reached)
    assert not is_slow(account())
