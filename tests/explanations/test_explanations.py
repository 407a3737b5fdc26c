"""Real answers of real servers: each is called by its name, and what is not known is not guessed at."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.pasted import Match, understand
from sendwright.problems.problem import Owner, Retry

FOLDER = Path(__file__).parent
HEALTHY, UNKNOWN = "healthy.toml", "unknown.toml"
LEAST_ANSWERS, LEAST_HEALTHY, LEAST_UNKNOWN = 400, 25, 40


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that somebody was sent, what it has to be called, and who is known to answer like this."""

    text: str
    source: str
    code: str = ""
    owner: Owner | None = None
    retry: Retry | None = None
    file: str = ""


def _read(file: Path) -> list[Answer]:
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["answer"]
    return [msgspec.structs.replace(msgspec.convert(entry, Answer), file=file.name) for entry in entries]


FILES = sorted(FOLDER.glob("*.toml"))
ANSWERS = [answer for file in FILES if file.name not in {HEALTHY, UNKNOWN} for answer in _read(file)]
HEALTHY_TEXTS, UNKNOWN_TEXTS = _read(FOLDER / HEALTHY), _read(FOLDER / UNKNOWN)
EVERYTHING = [*ANSWERS, *HEALTHY_TEXTS, *UNKNOWN_TEXTS]


def _shown(answer: Answer) -> str:
    return f"{answer.file}: {' '.join(answer.text.split())[:70]}"


def _found(match: Match | None) -> tuple[str, str, str]:
    problem = match.problem if match else None
    return (problem.code, problem.owner, problem.retry) if problem else ("", "", "")


@pytest.mark.parametrize("answer", ANSWERS, ids=_shown)
def test_the_best_explanation_names_the_problem_who_acts_and_whether_to_try_again(answer: Answer) -> None:
    matches = understand(answer.text).matches
    assert _found(matches[0] if matches else None) == (answer.code, answer.owner, answer.retry)


@pytest.mark.parametrize("answer", HEALTHY_TEXTS, ids=_shown)
def test_a_healthy_transcript_names_no_problem(answer: Answer) -> None:
    understood = understand(answer.text)
    assert [match.problem.code for match in understood.matches] == []
    assert understood.healthy


@pytest.mark.parametrize("answer", UNKNOWN_TEXTS, ids=_shown)
def test_what_is_not_known_is_not_guessed_at(answer: Answer) -> None:
    understood = understand(answer.text)
    assert [match.problem.code for match in understood.matches] == [UNRECOGNISED]
    assert not understood.healthy


@pytest.mark.parametrize("answer", EVERYTHING, ids=_shown)
def test_every_answer_names_its_source(answer: Answer) -> None:
    assert len(answer.source.strip()) >= 3


@pytest.mark.parametrize("answer", ANSWERS, ids=_shown)
def test_every_answer_says_all_that_is_expected(answer: Answer) -> None:
    assert answer.code
    assert answer.owner is not None
    assert answer.retry is not None


def test_there_are_enough_answers_to_mean_something() -> None:
    assert len(ANSWERS) >= LEAST_ANSWERS
    assert len(HEALTHY_TEXTS) >= LEAST_HEALTHY
    assert len(UNKNOWN_TEXTS) >= LEAST_UNKNOWN


def test_no_answer_stands_there_twice() -> None:
    seen: dict[str, str] = {}
    twice = []
    for answer in EVERYTHING:
        key = " ".join(answer.text.split()).casefold()
        if key in seen:
            twice.append(f"{seen[key]} and {_shown(answer)}")
        seen[key] = answer.file
    assert twice == []
