"""Who a message comes from, and the list of sending addresses."""

import pytest

from sendwright.practice.google.example import ANNA, BEN, NOTICES, PENDING, example
from sendwright.practice.google.identities import identity, listed, stated, usual
from sendwright.practice.google.workspace import Person, SendAs
from sendwright.practice.messages import parse


def anna() -> Person:
    return example().people[ANNA]


@pytest.mark.parametrize(
    ("header", "seen", "replaced"),
    [
        (ANNA, ANNA, False),
        (ANNA.upper(), ANNA.upper(), False),
        (f"Somebody <{ANNA}>", f"Somebody <{ANNA}>", False),
        (f"Notices <{NOTICES}>", f"Notices <{NOTICES}>", False),
        (PENDING, f"Anna Example <{ANNA}>", True),
        (BEN, f"Anna Example <{ANNA}>", True),
        ("Boss <boss@example.com>", f"Anna Example <{ANNA}>", True),
        ("", f"Anna Example <{ANNA}>", False),
    ],
)
def test_from_stays_only_where_it_is_a_confirmed_address(header: str, seen: str, replaced: bool) -> None:
    message = parse((f"From: {header}\r\n" if header else "").encode() + b"Subject: x\r\n\r\nWords\r\n")
    found = identity(message, anna())
    assert (str(found.sender), found.replaced) == (seen, replaced)


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        (SendAs(address=NOTICES, name="Notices", default=True), f"Notices <{NOTICES}>"),
        (SendAs(address=NOTICES, default=True), f"Anna Example <{NOTICES}>"),
        (SendAs(address=NOTICES, name="Notices", default=True, pending=True), f"Anna Example <{ANNA}>"),
        (SendAs(address=NOTICES, name="Notices"), f"Anna Example <{ANNA}>"),
    ],
)
def test_another_default_address_takes_the_place_of_what_may_not_be_used(alias: SendAs, expected: str) -> None:
    person = anna()
    person.send_as = {alias.address: alias}
    assert str(usual(person)) == expected
    assert str(identity(parse(b"From: boss@example.com\r\n\r\n"), person).sender) == expected


@pytest.mark.parametrize("header", ["Boss <boss@example.com>", BEN, ""])
def test_the_relay_changes_no_sender(header: str) -> None:
    found = stated(parse(f"From: {header}\r\n\r\nWords\r\n".encode()))
    assert not found.replaced
    assert str(found.sender) == (header or "<>")


def test_the_list_tells_the_own_address_from_the_others() -> None:
    person = anna()
    person.send_as[NOTICES].server = "smtp.example.org"
    own, notices, pending = listed(person)
    assert (own["sendAsEmail"], own["isPrimary"], own["isDefault"]) == (ANNA, True, True)
    assert "verificationStatus" not in own
    assert (notices["sendAsEmail"], notices["verificationStatus"], notices["isDefault"]) == (NOTICES, "accepted", False)
    assert notices["smtpMsa"] == {"host": "smtp.example.org", "port": 587, "securityMode": "starttls"}
    assert (pending["verificationStatus"], "smtpMsa" in pending) == ("pending", False)


def test_one_address_only_is_the_default() -> None:
    person = anna()
    person.send_as[NOTICES].default = True
    assert [one["sendAsEmail"] for one in listed(person) if one["isDefault"]] == [NOTICES]
