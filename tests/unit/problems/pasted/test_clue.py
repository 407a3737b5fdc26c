"""Clues are kept once each, and no more than can be followed up."""

import pytest

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import MOST_DEFERRED, MOST_FINAL, Clue, Clues


def _clue(text: str, *, place: int = 0, reply: int | None = 550, enhanced: str | None = None) -> Clue:
    evidence = Evidence(stage="", system=System.SMTP, reply=reply, enhanced=enhanced, text=text)
    return Clue(evidence=evidence, place=place)


def test_the_same_again_is_kept_once_at_its_last_place() -> None:
    clues = Clues()
    assert clues.add(_clue("No", place=1))
    assert clues.add(_clue("Other", place=2))
    assert not clues.add(_clue("no", place=9))
    assert [(clue.place, clue.evidence.text) for clue in clues.all()] == [(2, "Other"), (9, "No")]


@pytest.mark.parametrize(("reply", "most"), [(550, MOST_FINAL), (450, MOST_DEFERRED)])
def test_there_is_an_end(reply: int, most: int) -> None:
    clues = Clues()
    clues.extend(_clue(f"word{number}", place=number, reply=reply) for number in range(1000))
    assert len(clues.all()) == most


def test_deferrals_leave_room_for_refusals() -> None:
    clues = Clues()
    clues.extend(_clue(f"word{number}", reply=450) for number in range(1000))
    assert clues.add(_clue("final"))
    assert [clue for clue in clues.all() if not clue.deferred]


@pytest.mark.parametrize(
    ("reply", "enhanced", "deferred"),
    [(450, None, True), (550, None, False), (None, "4.7.1", True), (None, "5.7.1", False), (550, "4.7.1", False)],
)
def test_a_deferral_is_told_by_its_code(reply: int | None, enhanced: str | None, deferred: bool) -> None:
    assert _clue("x", reply=reply, enhanced=enhanced).deferred is deferred
