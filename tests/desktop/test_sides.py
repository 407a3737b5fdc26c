"""The two-sided test on a page: one sentence first, what differs on top, every state also in words."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.hand_made import hand_made_world
from tests.desktop.two_places import BACKEND_STOPS, BLOCKED, results, stopped

from sendwright.desktop.engine import Engine
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.ways import Ways
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.sides import SidesTable
from sendwright.desktop.widgets.words import Words
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis.two_sides import compare_sides
from sendwright.texts import text

HERE = text("two_sides.desk")
THERE = text("two_sides.backend")


@pytest.fixture
def table(qtbot: QtBot, theme: Theme, request: pytest.FixtureRequest) -> SidesTable:
    desk, backend = request.param
    made = SidesTable(theme, compare_sides(desk, backend))
    qtbot.addWidget(made)
    made.resize(560, 600)
    made.show()
    return made


def said(table: SidesTable) -> list[str]:
    return [words.text() for words in table.findChildren(Words)]


def cells(table: SidesTable) -> list[str]:
    return [cell.accessibleName() for cell in table.findChildren(QWidget) if cell.accessibleName().count(", ") > 0]


BACKEND_BLOCKED = (results(), stopped(BLOCKED, addresses=("10.0.0.9",)))


@pytest.mark.parametrize("table", [BACKEND_BLOCKED], indirect=True)
def test_the_sentence_comes_first_and_is_read_aloud(table: SidesTable) -> None:
    assert said(table)[0].startswith("It works from your desk.")
    assert table.accessibleDescription() == said(table)[0]
    assert table.accessibleName() == text("two_sides.title")


@pytest.mark.parametrize("table", [BACKEND_BLOCKED], indirect=True)
def test_what_differs_stands_above_the_rest(table: SidesTable) -> None:
    reach, find = text("stages.connect.label"), text("stages.resolve.label")
    heights = {words.text(): words.mapTo(table, words.rect().topLeft()).y() for words in table.findChildren(Words)}
    assert heights[reach] < heights[find]


@pytest.mark.parametrize("table", [BACKEND_BLOCKED], indirect=True)
def test_every_cell_says_stage_place_and_state(table: SidesTable) -> None:
    named = cells(table)
    assert f"{text('stages.connect.label')}, {HERE}: done, 31 ms" in named
    assert f"{text('stages.connect.label')}, {THERE}: stopped here, 15 s" in named
    assert f"{text('stages.submit.label')}, {THERE}: not reached" in named
    assert len([name for name in named if ": " in name]) >= 16


@pytest.mark.parametrize("table", [BACKEND_BLOCKED], indirect=True)
def test_another_address_is_shown_as_a_warning(table: SidesTable) -> None:
    (warning,) = (words for words in said(table) if words.startswith(text("two_sides.differs.addresses")))
    assert "203.0.113.9" in warning
    assert "10.0.0.9" in warning


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        ((results(until="secure"), results()), True),
        ((results(), results()), False),
        ((stopped(BLOCKED), results()), False),
        (([], results()), False),
    ],
    indirect=["table"],
)
def test_a_desk_without_the_password_says_so(table: SidesTable, *, hint: bool) -> None:
    assert (text("two_sides.no-password") in said(table)) is hint


STRANGE = [StageResult(id="permissions-of-tomorrow", verdict=results()[0].verdict)]


@pytest.mark.parametrize("table", [(STRANGE, STRANGE)], indirect=True)
def test_a_stage_of_a_newer_backend_keeps_its_id(table: SidesTable) -> None:
    assert "permissions-of-tomorrow" in said(table)


def test_on_the_page_of_a_stop_the_sentence_comes_before_the_card(qtbot: QtBot, theme: Theme, reading: Reading) -> None:
    page = StoppedPage(theme, BACKEND_STOPS, reading, ())
    qtbot.addWidget(page)
    page.resize(600, 1200)
    page.show()
    sentences = [note for note in page.findChildren(Note) if "notification backend" in note.words.text()]
    (table,) = page.findChildren(SidesTable)
    assert len(sentences) == 1
    assert sentences[0].y() < page.card.y() < table.y()
    assert said(table)[0] == text("two_sides.title")
    assert table.accessibleDescription() == sentences[0].words.text()


@pytest.mark.parametrize(("found", "offered"), [(BACKEND_BLOCKED, False), ((BACKEND_BLOCKED[1],) * 2, True)])
def test_the_ways_out_of_here_explain_nothing_that_stops_elsewhere(
    *,
    qtbot: QtBot,
    theme: Theme,
    reading: Reading,
    engine: Engine,
    tmp_path: Path,
    found: tuple[list[StageResult], list[StageResult]],
    offered: bool,
) -> None:
    page = StoppedPage(theme, replace(BACKEND_STOPS, sides=compare_sides(*found)), reading, ())
    qtbot.addWidget(page)
    page.offer_ways(Ways(engine, hand_made_world(tmp_path).network))
    assert (page.ways is not None) is offered
    words = [button.text() for button in page.card.findChildren(QPushButton)]
    assert (text("wall.look") in words) is offered
