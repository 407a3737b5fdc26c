"""A terminal shows what is being waited for; a file gets the stages alone."""

import io

import pytest
from rich.console import Console

from sendwright.cli.waiting import waiting
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.screens import Choice, Form, Working
from sendwright.texts import speaking

STAGES = ("resolve", "connect")


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def _screen(out: Console) -> str:
    with waiting(out, Working(step="test-run", title="test.running", stages=STAGES)) as progress:
        for stage in STAGES:
            progress(StageResult(id=stage, verdict=Verdict.PASSED, took_ms=7))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_terminal_shows_the_stage_that_runs_before_it_ends() -> None:
    shown = _screen(Console(emoji=False, file=io.StringIO(), force_terminal=True, width=80))
    assert shown.index("Find the server") < shown.index("7 ms")
    assert shown.count("7 ms") == 2


def test_a_file_gets_one_line_for_each_stage() -> None:
    shown = _screen(Console(emoji=False, file=io.StringIO(), width=80))
    assert [line.split()[0] for line in shown.splitlines()] == ["✓", "✓"]
    assert "\x1b" not in shown


def test_a_form_whose_answer_takes_time_says_what_for() -> None:
    out = Console(emoji=False, file=io.StringIO(), force_terminal=True, width=80)
    with waiting(out, Choice(step="platform", title="platform.title", options=())):
        pass
    assert isinstance(out.file, io.StringIO)
    assert "Connecting to the platform" in out.file.getvalue()


def test_a_form_without_words_shows_nothing() -> None:
    out = Console(emoji=False, file=io.StringIO(), force_terminal=True, width=80)
    with waiting(out, Form(step="nothing-known", title="sender.title", fields=())):
        pass
    assert isinstance(out.file, io.StringIO)
    assert out.file.getvalue() == ""
