"""Is it our message, and what does it show?"""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.providers.gmail.pictured import ANNA, AT, LIST, NOTICES, account, arrived, service

from sendwright.message.arrived import ArrivedMessage
from sendwright.message.authentication import Stated
from sendwright.message.identity import CODE_ALPHABET, CODE_LENGTH
from sendwright.providers.gmail.sender.arrival import Verdict, code_of, compared, is_ours, verdict_of
from sendwright.providers.gmail.sender.listed import Standing, default_of, entry_of, proof_by_list, standing_of
from sendwright.senders.gmail.sending_addresses import SendingAddress
from sendwright.senders.gmail.settings import SenderProof

OURS = "<one@example.org>"
SENT = account(sent=OURS, sent_at=AT)
WHOLE = ArrivedMessage(sender=NOTICES, whole=True)


@given(st.text(max_size=100))
def test_a_code_is_short_readable_and_the_same_each_time(message_id: str) -> None:
    code = code_of(message_id)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_ALPHABET)
    assert code == code_of(message_id)


def test_two_messages_have_two_codes() -> None:
    assert len({code_of(f"<{number}@example.org>") for number in range(1_000)}) > 990


@pytest.mark.parametrize(
    ("seen", "ours"),
    [
        (replace(WHOLE, message_ids=(OURS,)), True),
        (replace(WHOLE, message_ids=("<other@mail.gmail.com>", OURS)), True),
        (replace(WHOLE, code=code_of(OURS)), True),
        (replace(WHOLE, message_ids=("<other@mail.gmail.com>",)), False),
        (replace(WHOLE, code=code_of("<two@example.org>")), False),
        (replace(WHOLE, kind="test", written_at=AT), False),
        (WHOLE, False),
        (ArrivedMessage(sender=NOTICES), True),
    ],
)
def test_a_message_is_ours_by_its_id_or_its_code(seen: ArrivedMessage, ours: bool) -> None:
    assert is_ours(SENT, seen) is ours


@pytest.mark.parametrize(
    ("kind", "written_at", "ours"),
    [
        ("test", AT, True),
        ("test", AT + timedelta(hours=2), True),
        ("test", AT - timedelta(minutes=14), True),
        ("test", AT - timedelta(minutes=16), False),
        ("test", None, False),
        ("comment", AT, False),
        ("", AT, False),
    ],
)
def test_the_backends_own_test_is_told_by_its_kind_and_its_date(
    kind: str, written_at: datetime | None, ours: bool
) -> None:
    by_backend = service(sender=NOTICES, sent_at=AT)
    assert is_ours(by_backend, replace(WHOLE, kind=kind, written_at=written_at)) is ours


@pytest.mark.parametrize(
    ("sender", "verdict", "proof"),
    [
        (NOTICES, Verdict.WANTED, SenderProof.ARRIVED),
        (NOTICES.upper(), Verdict.WANTED, SenderProof.ARRIVED),
        (ANNA, Verdict.REPLACED, SenderProof.UNPROVEN),
        ("somebody@else.example", Verdict.REPLACED, SenderProof.UNPROVEN),
    ],
)
def test_what_is_ours_proves_or_disproves(sender: str, verdict: Verdict, proof: SenderProof) -> None:
    seen = replace(WHOLE, sender=sender, message_ids=(OURS,))
    for before in SenderProof.UNPROVEN, SenderProof.LISTED, SenderProof.ARRIVED:
        state = compared(replace(SENT, proof=before), seen, at=AT)
        assert verdict_of(state) is verdict
        assert state.proof is proof


@pytest.mark.parametrize("proof", [SenderProof.UNPROVEN, SenderProof.LISTED, SenderProof.ARRIVED])
def test_what_is_not_ours_shows_nothing(proof: SenderProof) -> None:
    state = compared(replace(SENT, proof=proof), replace(WHOLE, sender=ANNA), at=AT)
    assert verdict_of(state) is Verdict.ANOTHER
    assert state.proof is proof


def test_what_the_servers_say_is_kept_in_short() -> None:
    stated = (Stated(method="dkim", result="pass", domain="example.org"), Stated(method="spf", result="none"))
    seen = replace(WHOLE, stated=stated, originals=("a@example.org", "b@example.org"), message_ids=(OURS,))
    state = compared(SENT, seen, at=AT)
    assert state.arrived == arrived(stated=("dkim=pass (example.org)", "spf=none"), original="a@example.org")


def test_nothing_was_looked_at_yet() -> None:
    assert verdict_of(SENT) is None


# The list


@pytest.mark.parametrize(
    ("address", "standing", "proof"),
    [
        (NOTICES, Standing.CONFIRMED, SenderProof.LISTED),
        ("Notices@Example.ORG", Standing.CONFIRMED, SenderProof.LISTED),
        ("sales@example.com", Standing.ELSEWHERE, SenderProof.LISTED),
        ("pending@example.org", Standing.PENDING, SenderProof.UNPROVEN),
        ("team@example.org", Standing.MISSING, SenderProof.UNPROVEN),
    ],
)
def test_each_address_has_its_standing_in_the_list(address: str, standing: Standing, proof: SenderProof) -> None:
    state = account(sender=address, addresses=LIST)
    assert standing_of(state) is standing
    assert proof_by_list(state) is proof
    assert (entry_of(state) is None) is (standing is Standing.MISSING)
    assert default_of(state) == ANNA


@pytest.mark.parametrize("listed", ["info@xn--bcher-kva.example", "INFO@bücher.example"])
def test_a_domain_is_the_same_however_it_is_written(listed: str) -> None:
    state = account(sender="info@bücher.example", addresses=(SendingAddress(address=listed),))
    assert standing_of(state) is Standing.CONFIRMED


def test_an_entry_that_is_no_address_is_passed_over() -> None:
    state = account(addresses=(SendingAddress(address="nobody"), SendingAddress(address=NOTICES)))
    assert standing_of(state) is Standing.CONFIRMED


def test_a_list_that_was_not_read_says_nothing_and_an_empty_one_does() -> None:
    assert standing_of(account()) is None
    assert proof_by_list(account()) is SenderProof.UNPROVEN
    assert default_of(account()) == ""
    assert standing_of(account(addresses=())) is Standing.MISSING
