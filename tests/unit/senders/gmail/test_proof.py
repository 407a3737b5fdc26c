"""What is known of an address in From."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.senders.gmail.doubles import ACCOUNT, NOTICES, settings

from sendwright.senders.gmail.proof import proof_of
from sendwright.senders.gmail.settings import Route, SenderProof

OWN, LISTED, ARRIVED, UNPROVEN = SenderProof


@pytest.mark.parametrize(
    ("stored", "address", "own", "expected"),
    [
        (UNPROVEN, ACCOUNT, "", OWN),
        (UNPROVEN, ACCOUNT.upper(), "", OWN),
        (OWN, ACCOUNT, "", OWN),
        (LISTED, NOTICES, "", LISTED),
        (ARRIVED, NOTICES, "", ARRIVED),
        (UNPROVEN, NOTICES, "", UNPROVEN),
        (OWN, NOTICES, "", UNPROVEN),
        (OWN, ACCOUNT, "renamed@example.org", UNPROVEN),
        (OWN, "Renamed@example.org", "renamed@example.org", OWN),
        (LISTED, ACCOUNT, "renamed@example.org", LISTED),
    ],
)
def test_own_is_what_the_mailbox_is_called_now(
    stored: SenderProof, address: str, own: str, expected: SenderProof
) -> None:
    assert proof_of(settings(proof=stored), address, own=own) is expected


@given(st.sampled_from(SenderProof), st.emails())
def test_the_relay_replaces_nothing(stored: SenderProof, address: str) -> None:
    assert proof_of(settings(route=Route.RELAY, proof=stored), address) is OWN


@given(st.sampled_from(SenderProof), st.emails())
def test_nothing_but_the_own_address_is_proven_by_itself(stored: SenderProof, address: str) -> None:
    assert proof_of(settings(proof=stored), address) is (UNPROVEN if stored is OWN else stored)
