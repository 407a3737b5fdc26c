"""From which address messages go: the account's own, or another one that Gmail has to know."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import make_world
from tests.unit.providers.gmail.pictured import ANNA, AT, LIST, NOTICES, account, arrived, granted, refused, service

from sendwright import texts
from sendwright.document.blocks import Link
from sendwright.providers.gmail.answers import Check, GmailAnswers
from sendwright.providers.gmail.sender.adding import adding_document
from sendwright.providers.gmail.sender.sender_step import SenderStep, chosen
from sendwright.providers.gmail.sender.small_test import TEST
from sendwright.screens import Choice, Rejected
from sendwright.senders.gmail.settings import SenderProof

STEP = SenderStep()


def shown(state: GmailAnswers) -> Choice:
    screen = STEP.show(state, make_world())
    assert isinstance(screen, Choice)
    return screen


async def answered(state: GmailAnswers, **answer: str) -> GmailAnswers:
    return await STEP.accept(state, answer, make_world(), lambda _: None)


async def advised(state: GmailAnswers, **answer: str) -> list[str]:
    return [notice.key for notice in (await STEP.advise(state, answer, make_world())).notices]


def test_it_comes_once_a_mailbox_can_be_used() -> None:
    assert STEP.applies(account())
    assert not STEP.applies(account(account=None))
    assert not STEP.applies(account(reconnecting=True))
    assert not STEP.applies(service())
    assert STEP.applies(service(checks={Check.SENDER: granted()}))
    assert not STEP.applies(service(checks={Check.SENDER: refused()}))


def test_the_own_address_is_proposed_where_no_other_was_named() -> None:
    screen = shown(account(sender=""))
    assert screen.chosen == "own"
    assert screen.options[0].note == ANNA
    assert shown(service()).options[0].note == ANNA


@pytest.mark.parametrize(
    ("address", "proposed"),
    [(NOTICES, NOTICES), (ANNA, ""), (ANNA.upper(), ""), ("sales@example.com", ""), ("", "")],
)
def test_an_address_of_the_same_domain_that_was_typed_before_is_proposed(address: str, proposed: str) -> None:
    screen = shown(account(sender="", address=address))
    assert screen.chosen == ("other" if proposed else "own")
    assert screen.fields[0].value == proposed


async def test_whoever_chose_the_own_address_is_not_asked_about_the_other_again() -> None:
    state = await answered(account(sender="", address=NOTICES), choice="own")
    assert state.from_address == ANNA
    assert state.proof_of("") is SenderProof.OWN
    assert shown(state).chosen == "own"


async def test_another_address_is_unproven() -> None:
    state = await answered(account(sender=""), choice="other", sender=f" {NOTICES} ")
    assert state.from_address == NOTICES
    assert state.proof_of("") is SenderProof.UNPROVEN
    assert shown(state).chosen == "other"


@pytest.mark.parametrize("typed", [ANNA, ANNA.upper(), "Anna@Example.org"])
async def test_the_own_address_is_that_however_it_is_typed(typed: str) -> None:
    state = await answered(account(sender=""), choice="other", sender=typed)
    assert state.sender == ""
    assert state.proof_of("") is SenderProof.OWN


@pytest.mark.parametrize(
    ("typed", "key"), [("", "address.empty"), ("nobody", "address.no-at-sign"), ("a b@example.org", "address.spaces")]
)
async def test_what_is_no_address_is_refused(typed: str, key: str) -> None:
    with pytest.raises(Rejected) as rejected:
        await answered(account(), choice="other", sender=typed)
    assert rejected.value.fields == {"sender": key}


@pytest.mark.parametrize("choice", ["", "third"])
async def test_one_of_the_two_has_to_be_chosen(choice: str) -> None:
    with pytest.raises(Rejected):
        await answered(account(), choice=choice)


def test_what_was_proven_of_one_address_is_not_proven_of_another() -> None:
    proven = account(
        proof=SenderProof.ARRIVED, sent="<one@example.org>", sent_at=AT, arrived=arrived(),
        checks={TEST: refused("gmail-request-refused"), Check.SENDER: granted()},
    )  # fmt: skip
    same = chosen(proven, NOTICES.upper())
    assert same == replace(proven, sender=NOTICES.upper())
    other = chosen(proven, "sales@example.com")
    assert other.proof is SenderProof.UNPROVEN
    assert (other.sent, other.sent_at, other.arrived) == ("", None, None)
    assert set(other.checks) == {Check.SENDER}


@pytest.mark.parametrize(
    ("address", "proof"),
    [
        (NOTICES, SenderProof.LISTED),
        ("sales@example.com", SenderProof.LISTED),
        ("pending@example.org", SenderProof.UNPROVEN),
        ("team@example.org", SenderProof.UNPROVEN),
        (ANNA, SenderProof.OWN),
    ],
)
def test_the_list_that_was_read_is_asked_about_each_new_address(address: str, proof: SenderProof) -> None:
    state = chosen(account(sender="", addresses=LIST, read_at=AT), address)
    assert state.proof_of("") is proof
    assert state.addresses == LIST


USUAL = ["gmail.sender.alias", "gmail.sender.group"]


async def test_another_domain_is_explained_while_it_is_typed() -> None:
    assert await advised(account(), choice="other", sender="x@example.com") == [*USUAL, "gmail.sender.other-domain"]
    assert await advised(account(), choice="other", sender=NOTICES) == USUAL
    assert await advised(account(), choice="other", sender="no address yet") == USUAL
    assert await advised(account(), choice="own", sender="x@example.com") == []
    personal = account()
    assert personal.account is not None
    personal = replace(personal, account=replace(personal.account, domain="", username="clara@gmail.com"))
    there = await advised(personal, choice="other", sender=NOTICES)
    assert there == [*USUAL, "gmail.sender.other-domain-personal"]
    assert await advised(service(), choice="other", sender="x@example.com") == [*USUAL, "gmail.sender.other-domain"]


def test_what_is_good_to_know_of_another_address_stands_at_its_field_only() -> None:
    screen = shown(account(sender=""))
    assert {notice.field for notice in screen.notices} == {"sender"}
    assert [notice.key for notice in screen.notices] == USUAL


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_page_beside_it_says_how_each_kind_of_address_is_added(language: str) -> None:
    with texts.speaking(language):
        found = adding_document(account())
        without = adding_document(account(sender=""))
    assert NOTICES in repr(found)
    assert ANNA in repr(found)
    assert NOTICES not in repr(without)
    assert all(block.address.startswith("https://") for block in found.blocks if isinstance(block, Link))
