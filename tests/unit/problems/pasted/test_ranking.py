"""Of several meanings the most telling comes first, the cause before what follows from it."""

import msgspec
import pytest

from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.ranking import rank

TENANT = "SmtpClientAuthentication is disabled for the Tenant"


def _smtp(reply: int | None, enhanced: str | None = None, text: str = "", *, stage: str = "", place: int = 0) -> Clue:
    evidence = Evidence(stage=stage, system=System.SMTP, reply=reply, enhanced=enhanced, text=text)
    return Clue(evidence=evidence, place=place)


def _codes(*clues: Clue) -> list[str]:
    return [match.problem.code for match in rank(clues, load())]


def test_no_clue_means_nothing() -> None:
    assert rank((), load()) == ()


@pytest.mark.parametrize(
    ("clues", "first"),
    [
        ((_smtp(450, "4.7.1", "Greylisted"), _smtp(550, "5.1.1")), "recipient-unknown"),
        ((_smtp(550, None, "No"), _smtp(535, "5.7.139", TENANT)), "smtp-auth-disabled-for-tenant"),
        ((_smtp(530, "5.7.57"), _smtp(535, "5.7.8")), "auth-wrong-credentials"),
        ((_smtp(503, "5.5.1", "bad sequence"), _smtp(550, "5.1.1")), "recipient-unknown"),
        ((_smtp(530, "5.7.57"),), "sign-in-required"),
    ],
    ids=["final-first", "specific-first", "sign-in-first", "cause-first", "alone"],
)
def test_what_comes_first(clues: tuple[Clue, ...], first: str) -> None:
    assert _codes(*clues)[0] == first
    assert _codes(*reversed(clues))[0] == first


def test_each_problem_comes_once() -> None:
    assert _codes(_smtp(550, "5.1.1", "one"), _smtp(550, "5.1.1", "two")) == ["recipient-unknown"]


def test_what_is_not_known_is_left_out_beside_what_is() -> None:
    assert _codes(_smtp(559, None, "zork"), _smtp(550, "5.1.1")) == ["recipient-unknown"]


def test_unless_it_is_final_and_the_rest_is_not() -> None:
    assert _codes(_smtp(559, None, "zork"), _smtp(450, "4.7.1", "Greylisted")) == [UNRECOGNISED, "greylisted"]


def test_nothing_known_is_one_unrecognised() -> None:
    assert _codes(_smtp(559, None, "zork"), _smtp(558, None, "zork")) == [UNRECOGNISED]


def test_a_stage_that_the_text_tells_decides() -> None:
    assert _codes(_smtp(552, None, "Over quota", stage="recipient")) == ["recipient-mailbox-full"]
    assert _codes(_smtp(552, None, "Over quota", stage="submit")) == ["message-too-large"]


def test_meanings_of_equal_weight_are_only_likely() -> None:
    matches = rank((_smtp(550, None, "No"),), load())
    assert len(matches) > 1
    assert {match.problem.confidence for match in matches} == {"likely"}


def test_an_enhanced_code_without_its_reply_means_what_it_means_with_it() -> None:
    assert _codes(_smtp(None, "5.7.57", "Client not authenticated")) == ["sign-in-required"]


def test_who_said_an_error_of_oauth_is_told_by_the_words_where_nothing_else_does() -> None:
    seen = Evidence(stage="", system=System.OAUTH, error="invalid_grant")
    unknown = Clue(evidence=seen, place=0, others=(System.ENTRA, System.GOOGLE))
    named = Clue(evidence=msgspec.structs.replace(seen, system=System.GOOGLE), place=0, others=(System.OAUTH,))
    assert UNRECOGNISED not in _codes(unknown)
    assert _codes(unknown) != _codes(named)


def test_a_number_that_is_not_listed_falls_back_to_the_error() -> None:
    seen = Evidence(stage="", system=System.ENTRA, number=99999999, error="invalid_grant")
    assert _codes(Clue(evidence=seen, place=0, others=(System.OAUTH,)))[0] != UNRECOGNISED
    bare = msgspec.structs.replace(seen, error=None)
    assert _codes(Clue(evidence=bare, place=0)) == [UNRECOGNISED]


def test_the_piece_of_the_text_is_named() -> None:
    match = rank((_smtp(535, "5.7.139", TENANT),), load())[0]
    assert match.matched == "535 5.7.139"
