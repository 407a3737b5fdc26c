"""Faults are met in order, by whom they are about."""

from sendwright.practice.faults import Fault, Faults

SEND = "/v1.0/me/sendMail"


def test_without_an_order_nothing_fails() -> None:
    assert Faults().next(SEND, "ben@contoso.com") is None


def test_faults_are_met_in_the_order_they_were_told() -> None:
    faults = Faults()
    first, second = Fault(status=500), Fault(status=503)
    faults.tell(first, times=2)
    faults.tell_all([second])
    assert faults.left == 3
    assert [faults.next(SEND) for _ in range(4)] == [first, first, second, None]
    assert faults.left == 0


def test_a_fault_waits_for_its_path_and_its_mailbox() -> None:
    faults = Faults()
    token = Fault(path="/token", status=500)
    ben = Fault(path="sendMail", mailbox="Ben@Contoso.com", status=429)
    faults.tell_all([token, ben])
    assert faults.next(SEND, "anna@contoso.com") is None
    assert faults.next(SEND, "ben@contoso.com") is ben
    assert faults.next(SEND, "ben@contoso.com") is None
    assert faults.next("/common/oauth2/v2.0/token") is token


def test_a_fault_of_no_mailbox_is_met_by_any() -> None:
    faults = Faults()
    faults.tell(Fault(status=500), times=2)
    assert faults.next(SEND) is not None
    assert faults.next(SEND, "ben@contoso.com") is not None
