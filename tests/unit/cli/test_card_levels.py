"""The card in the terminal tells three readers as much as each of them asks for."""

import argparse
import io

import pytest
from rich.console import Console

from sendwright.cli import doctor
from sendwright.cli.render import problem_card
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import Explanation, Fact, RemedyText, Source, Verification, explain
from sendwright.problems.level import Level
from sendwright.texts import speaking

TOLD = Explanation(
    code="smtp-auth-disabled-for-mailbox",
    title="A title",
    what="What happened.",
    why=("A first reason.", "A second reason."),
    owner="exchange-admin",
    retry="after-fix",
    confidence="likely",
    remedies=(
        RemedyText("copy", "Switch it on", "Set-Thing -Now", path="Portal > Mail"),
        RemedyText("open", "Open that page", "https://example.org/page"),
    ),
    source=Source("smtp", "535 5.7.139", "Switched off."),
    learn_more="https://example.org/more",
    finality="final",
    side="ours",
    standing="It stays until somebody acts.",
    verify=Verification("Run the test again.", "Get-Thing"),
    fact=Fact("https://example.org/fact", "2026-11-20"),
    stage="sign-in",
)
EVERYBODY = (
    "A title",
    "What happened.",
    "It stays until somebody acts.",
    "Your Exchange administrator",
    "Switch it on",
)
IT = (
    "A first reason.", "A second reason.", "Set-Thing -Now", "Portal > Mail", "Open that page",
    "https://example.org/page", "Run the test again.", "Get-Thing", "https://example.org/more", "Switched off.",
)  # fmt: skip
SUPPORT = ("sign-in (Sign in)", "Seen: smtp 535 5.7.139", "https://example.org/fact", "2026-11-20")


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def drawn(problem: Explanation, level: Level, *, width: int = 100) -> str:
    out = io.StringIO()
    Console(emoji=False, file=out, width=width).print(problem_card(problem, level=level))
    return out.getvalue()


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("words", EVERYBODY)
def test_everybody_reads_what_happened_how_it_stands_who_acts_and_the_best_way(level: Level, words: str) -> None:
    assert words in drawn(TOLD, level)


@pytest.mark.parametrize("words", [words for words in IT if words not in {"Set-Thing -Now", "Portal > Mail"}])
def test_plain_words_leave_out_what_it_wants_to_know(words: str) -> None:
    assert words not in drawn(TOLD, Level.PLAIN)
    assert words in drawn(TOLD, Level.IT)
    assert words in drawn(TOLD, Level.SUPPORT)


@pytest.mark.parametrize("words", SUPPORT)
def test_what_support_looks_up_is_for_support_alone(words: str) -> None:
    assert words not in drawn(TOLD, Level.PLAIN)
    assert words not in drawn(TOLD, Level.IT)
    assert words in drawn(TOLD, Level.SUPPORT)


def test_every_level_has_more_than_the_one_before() -> None:
    lengths = [drawn(TOLD, level).count("\n") for level in Level]
    assert lengths == sorted(set(lengths))


def test_a_fact_that_nobody_gave_leaves_no_line() -> None:
    unsourced = Explanation(**{**{f: getattr(TOLD, f) for f in TOLD.__struct_fields__}, "fact": Fact("", "")})
    shown = drawn(unsourced, Level.SUPPORT)
    assert "Explained from" not in shown
    assert "last checked" not in shown


@pytest.mark.parametrize("level", Level)
def test_every_problem_fits_eighty_columns_at_every_level(level: Level) -> None:
    for code in load().definitions:
        problem = explain(classify(Evidence(stage="submit", system=System.SMTP, condition=code)))
        shown = drawn(problem, level, width=80)
        assert max(len(line) for line in shown.splitlines()) <= 80


@pytest.mark.parametrize(("typed", "level"), [([], Level.IT), *((["--level", level.value], level) for level in Level)])
def test_the_doctor_is_asked_for_a_level_and_else_tells_it(typed: list[str], level: Level) -> None:
    parser = argparse.ArgumentParser()
    doctor.add_parser(parser.add_subparsers())
    assert parser.parse_args(["doctor", "smtp", "mail.example.org", *typed]).level is level


def test_a_level_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    doctor.add_parser(parser.add_subparsers())
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["doctor", "smtp", "mail.example.org", "--level", "expert"])
    assert ended.value.code == 2
    assert "plain" in capsys.readouterr().err
