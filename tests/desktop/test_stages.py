from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import stages as module
from sendwright.desktop.widgets.stages import StageList, duration
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.texts import text


@pytest.fixture
def stages(theme: Theme, show: Callable[..., QWidget]) -> StageList:
    made = StageList(theme, SMTP_STAGES)
    show(made, width=500, height=400)
    return made


def looks(stages: StageList) -> list[str]:
    return [row.drawing.name for row in stages.rows.values()]


def test_before_it_begins_everything_is_to_come(stages: StageList) -> None:
    assert looks(stages) == ["to-come"] * 8
    assert not stages._detail.isVisible()


def test_once_begun_the_first_stage_runs_and_says_what_it_does(stages: StageList) -> None:
    stages.begin()
    assert looks(stages) == ["running", *["to-come"] * 7]
    assert stages._detail.text() == text("stages.resolve.detail")
    assert stages.rows["resolve"].state.text() == text("window.state.running")


def test_each_result_ticks_a_stage_and_starts_the_next(stages: StageList) -> None:
    stages.begin()
    for result in samples.RESULTS:
        stages.show_result(result)
    assert looks(stages) == ["passed"] * 4 + ["running"] + ["to-come"] * 3
    assert stages._detail.text() == text("stages.sign-in.detail")


def test_a_result_is_said_with_its_time(stages: StageList) -> None:
    stages.begin()
    said = stages.show_result(samples.RESULTS[1])
    assert said == "Reach the server: done, 13 ms"
    assert stages.rows["connect"].accessibleName() == said


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_drawing_and_a_word(stages: StageList, verdict: Verdict) -> None:
    stages.show_result(StageResult(id="greet", verdict=verdict, took_ms=5))
    row = stages.rows["greet"]
    assert text(f"window.state.{verdict}") in row.state.text()
    assert row.state.text()
    assert row.drawing.name != "to-come"


def test_the_drawings_of_the_verdicts_differ(stages: StageList) -> None:
    drawings = set()
    for stage, verdict in zip(SMTP_STAGES, Verdict, strict=False):
        stages.show_result(StageResult(id=stage, verdict=verdict))
        drawings.add(stages.rows[stage].drawing.name)
    assert len(drawings) == len(Verdict)


def test_after_a_failure_nothing_runs(stages: StageList) -> None:
    stages.begin()
    for result in (*samples.RESULTS, samples.FAILED):
        stages.show_result(result)
    assert looks(stages) == ["passed"] * 4 + ["failed"] + ["to-come"] * 3
    stages.settle()
    assert looks(stages)[-3:] == ["not-reached"] * 3
    assert not stages._clock.isActive()


def test_a_stage_that_is_not_in_the_list_is_passed_over(stages: StageList) -> None:
    stages.begin()
    assert stages.show_result(StageResult(id="levitate", verdict=Verdict.PASSED)) == ""
    assert looks(stages)[0] == "running"


def test_results_in_any_order_are_right(stages: StageList) -> None:
    stages.begin()
    for stage in ("greet", "resolve"):
        stages.show_result(StageResult(id=stage, verdict=Verdict.PASSED))
    assert looks(stages)[:4] == ["passed", "running", "passed", "to-come"]


def test_a_long_stage_shows_how_long_it_takes(stages: StageList, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    stages.begin()
    now[0] = 101.0
    stages._count()
    assert stages.rows["resolve"].state.text() == text("window.state.running")
    now[0] = 107.4
    stages._count()
    assert stages.rows["resolve"].state.text() == "running, 7 s"


def test_after_the_last_stage_nothing_is_counted(stages: StageList, qtbot: QtBot) -> None:
    stages.begin()
    for stage in SMTP_STAGES:
        stages.show_result(StageResult(id=stage, verdict=Verdict.PASSED, took_ms=1))
    stages._count()
    assert looks(stages) == ["passed"] * 8


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "1 ms"),
        (0.4, "1 ms"),
        (45, "45 ms"),
        (999.4, "999 ms"),
        (1000, "1 s"),
        (1240, "1.2 s"),
        (9960, "10 s"),
        (12300, "12 s"),
        (61_000, "61 s"),
    ],
)
def test_a_time_is_said_as_people_read_it(milliseconds: float, words: str) -> None:
    assert duration(milliseconds) == words
