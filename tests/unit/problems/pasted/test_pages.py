"""Pages of Microsoft's sign-in are recognised by their number, or else by their fixed words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.evidence import System
from sendwright.problems.pasted import explain_text
from sendwright.problems.pasted.pages import PAGE_SENTENCES, PAGE_TITLES, find_page
from sendwright.problems.problem import Confidence

DETAILS = """
Error Code: {number}
Request Id: 11111111-2222-3333-4444-555555555555
Correlation Id: 11111111-2222-3333-4444-555555555555
Timestamp: 2026-11-20T10:00:00Z
"""


def _conditions(text: str) -> list[str | None]:
    return [clue.evidence.condition for clue in find_page(text)]


@pytest.mark.parametrize("title", PAGE_TITLES)
@pytest.mark.parametrize("shape", ["{}", "Contoso\n{}\nMore details", "  {}.  ", "x\n{}\n"])
def test_a_title_is_one_in_a_line_of_its_own(title: str, shape: str) -> None:
    assert _conditions(shape.format(title.capitalize())) == [PAGE_TITLES[title]]


@pytest.mark.parametrize("title", PAGE_TITLES)
def test_a_title_inside_a_sentence_is_none(title: str) -> None:
    assert _conditions(f"I said that {title} and went home") == []


@pytest.mark.parametrize("sentence", PAGE_SENTENCES)
def test_a_sentence_is_found_anywhere(sentence: str) -> None:
    assert _conditions(f"Contoso Notifications {sentence.replace(chr(39), chr(0x2019))}.") == [PAGE_SENTENCES[sentence]]


@pytest.mark.parametrize("condition", sorted({*PAGE_TITLES.values(), *PAGE_SENTENCES.values()}))
def test_every_page_is_a_problem_that_is_likely_and_no_more(condition: str) -> None:
    words = next(words for words, name in {**PAGE_TITLES, **PAGE_SENTENCES}.items() if name == condition)
    (match,) = explain_text(words)
    assert match.problem.confidence is Confidence.LIKELY
    assert match.matched == words


@pytest.mark.parametrize(
    ("number", "code"), [(53003, "conditional-access-blocked"), (53000, "device-not-managed"), (50105, "")]
)
def test_the_number_in_the_details_decides(number: int, code: str) -> None:
    page = "You cannot access this right now\n" + DETAILS.format(number=number)
    (match,) = explain_text(page)
    assert match.problem.evidence.number == number
    assert match.matched == f"Error Code: {number}"
    assert match.problem.confidence is Confidence.CERTAIN or not code
    assert match.problem.code == code or not code


@pytest.mark.parametrize("text", ["Error Code: 53003", "error code 53003", " Error code:53003\n"])
def test_a_number_that_is_known_may_stand_alone(text: str) -> None:
    assert [clue.evidence.number for clue in find_page(text)] == [53003]


def test_a_number_of_another_program_is_none() -> None:
    assert list(find_page("Error Code: 53099")) == []
    assert list(find_page("Our program says Error Code: 53003")) == []


def test_where_a_number_is_named_the_words_are_not_needed() -> None:
    assert list(find_page("Need admin approval\nAADSTS90094: consent")) == []


def test_what_was_seen_is_shown_as_it_stood() -> None:
    (clue,) = find_page("Sorry\nNeed admin approval")
    assert (clue.matched, clue.place, clue.evidence.system) == ("Need admin approval", 6, System.ENTRA)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for words in (text, f"Need admin approval\n{text}", f"{text}\nCorrelation Id: x\nError Code: 53003"):
        assert all(0 <= clue.place <= len(words) for clue in find_page(words))
