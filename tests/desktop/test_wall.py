"""The map of the ways out in the window: asked for quietly, told in words, for the keyboard and for the ear."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep, hand_made_world
from tests.desktop.stops import WRONG_PASSWORD
from tests.desktop.ways_out import BLOCKED, FINE, HOST, INSPECTED, NOTHING, TIMED_OUT, KnownWays
from tests.servers.ports import Address

from sendwright.desktop.engine import Engine
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.ways import ABOUT_THE_WAY, Ways, question_about
from sendwright.desktop.widgets.copybox import CopyButton
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.look_around import LookAround
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.wall import LOOKS, WallCard
from sendwright.network.system_proxies import no_proxies
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import Speech, Verdict
from sendwright.network.wall.words import firewall_request
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.texts import text

QUESTION = Question(host=HOST, port=587)
ShowCard = Callable[..., WallCard]


@pytest.fixture
def show_card(theme: Theme, show: Callable[..., QWidget]) -> ShowCard:
    def show_it(wall: Wall, *, told: str = "", width: int = 560) -> WallCard:
        card = WallCard(theme, wall, told=told)
        show(card, width=width, height=900)
        return card

    return show_it


def said(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def cells(card: WallCard) -> list[str]:
    return [cell.accessibleName() for cell in card.findChildren(QWidget) if cell.accessibleName().startswith("Port ")]


def test_every_way_has_a_drawing_a_word_and_a_name_for_the_ear(show_card: ShowCard) -> None:
    card = show_card(BLOCKED)
    names = cells(card)
    assert len(names) == 15
    assert "Port 587, directly, IPv4: no answer" in names
    assert "Port 465, directly, IPv4: open" in names
    assert "Port 25, through the proxy: not tried: no proxy is set up" in names
    words = said(card)
    assert words.count(text("wall.verdicts.open")) == 2
    assert words.count(text("wall.verdicts.not-tried")) == 10


def test_the_card_is_one_stop_of_the_keyboard_that_says_the_whole(show_card: ShowCard) -> None:
    card = show_card(INSPECTED)
    assert card.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert card.accessibleName() == text("wall.title")
    assert card.accessibleDescription() == text("wall.outcome.warning", host=HOST)


@pytest.mark.parametrize(
    ("wall", "reds"),
    [(FINE, 0), (BLOCKED, 1), (NOTHING, 5)],
    ids=["fine", "blocked", "nothing"],
)
def test_red_is_only_what_is_in_question_or_in_trouble(show_card: ShowCard, wall: Wall, reds: int) -> None:
    drawings = show_card(wall).findChildren(Drawing)
    assert sum((drawing.name, drawing.colour) == ("failed", "failed") for drawing in drawings) == reds


def test_every_verdict_has_its_looks() -> None:
    assert set(LOOKS) == set(Verdict)


def test_what_was_found_is_noted_but_not_what_the_page_says_already(show_card: ShowCard) -> None:
    (note,) = show_card(BLOCKED).findChildren(Note)
    assert note.words.text() == "Your network blocks this port (likely)"
    assert show_card(NOTHING, told="connection-timed-out").findChildren(Note) == []


def test_the_text_for_the_firewall_is_folded_and_copies_whole(show_card: ShowCard) -> None:
    card = show_card(BLOCKED)
    assert card.request is not None
    assert not card.request._content.isVisibleTo(card)
    card.request.button.setFocus()
    QTest.keyClick(card.request.button, Qt.Key.Key_Space)
    assert card.request._content.isVisibleTo(card)
    (copy,) = card.findChildren(CopyButton)
    assert copy.accessibleDescription() == text("wall.firewall-what")
    copy.click()
    assert QGuiApplication.clipboard().text() == firewall_request(BLOCKED)


def test_nobody_is_asked_for_anything_where_all_is_open(show_card: ShowCard) -> None:
    assert show_card(FINE).request is None


@pytest.mark.parametrize("width", [330, 420, 560])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_off_where_it_is_narrow(
    make_theme: Callable[..., Theme], show: Callable[..., QWidget], width: int, scale: float
) -> None:
    card = WallCard(make_theme(scale=scale), INSPECTED)
    wide = int(width * scale**0.85)
    show(card, width=wide, height=int(1_400 * scale))
    assert card.width() == wide
    for label in card.findChildren(QLabel):
        if label.isVisibleTo(card):
            assert label.height() >= label.heightForWidth(label.width())
            assert label.mapTo(card, label.rect().topRight()).x() <= card.width()


@pytest.mark.parametrize("code", sorted(ABOUT_THE_WAY))
def test_every_problem_that_a_map_explains_exists(code: str) -> None:
    assert code in load().definitions


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"host": HOST, "port": "587", "security": "starttls"}, QUESTION),
        ({"host": HOST, "port": "465", "security": "tls"}, Question(host=HOST, port=465, speech=Speech.SMTPS)),
        ({"host": HOST}, None),
        ({"host": HOST, "port": "all"}, None),
        ({"host": HOST, "port": "0"}, None),
        ({"host": HOST, "port": "65536"}, None),
        ({"host": HOST, "port": "9" * 5_000}, None),
        ({"host": HOST, "port": "65535"}, Question(host=HOST, port=65_535)),
        ({"port": "587"}, None),
    ],
)
def test_a_question_needs_a_host_and_a_port(values: dict[str, str], expected: Question | None) -> None:
    evidence = Evidence(stage="connect", system=System.SOCKET, errno="ETIMEDOUT", values=values)
    assert question_about(classify(evidence)) == expected


def test_a_wrong_password_is_nothing_to_look_around_for() -> None:
    assert question_about(WRONG_PASSWORD.problem) is None


@pytest.fixture
def stopped(
    theme: Theme, reading: Reading, engine: Engine, tmp_path: Path, show: Callable[..., QWidget]
) -> Callable[..., tuple[StoppedPage, KnownWays, LookAround]]:
    def make(wall: Wall | BaseException | None, *, closing: bool = True) -> tuple[StoppedPage, KnownWays, LookAround]:
        ways = KnownWays(engine, hand_made_world(tmp_path).network, wall)
        page = StoppedPage(theme, TIMED_OUT, reading, ())
        page.offer_ways(ways)
        show(page, width=640, height=900, closing=closing)
        assert page.ways is not None
        return page, ways, page.ways

    return make


Stopped = Callable[..., tuple[StoppedPage, KnownWays, LookAround]]


def test_nothing_is_tried_before_the_action_is_pressed(stopped: Stopped) -> None:
    page, ways, look = stopped(BLOCKED)
    assert ways.asked == []
    assert look.offer.isVisibleTo(page)
    assert look.offer.text() == text("wall.look")
    assert not look.isVisibleTo(page)


def test_the_map_appears_below_the_card_and_the_keyboard_stays(stopped: Stopped, qtbot: QtBot) -> None:
    page, ways, look = stopped(BLOCKED)
    look.offer.setFocus()
    QTest.keyClick(look.offer, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: look.card is not None)
    assert ways.asked == [QUESTION]
    assert look.card is not None
    assert look.card.isVisibleTo(page)
    assert look.y() > page.card.y()
    assert look.offer.hasFocus()
    assert not look.wait.isVisibleTo(page)


def test_pressing_twice_looks_once_and_pressing_later_looks_again(stopped: Stopped, qtbot: QtBot) -> None:
    _, ways, look = stopped(BLOCKED)
    look.offer.click()
    look.offer.click()
    qtbot.waitUntil(lambda: look.card is not None)
    assert len(ways.asked) == 1
    first = look.card
    look.offer.click()
    qtbot.waitUntil(lambda: look.card is not None and look.card is not first)
    assert len(ways.asked) == 2
    assert len([card for card in look.findChildren(WallCard) if card.isVisibleTo(look)]) == 1


def test_the_wait_says_what_it_is_for_and_can_be_ended(stopped: Stopped, qtbot: QtBot) -> None:
    page, _, look = stopped(None)
    look.offer.click()
    assert text("wall.looking") in said(page)
    assert look.looking
    look.stop_button.setFocus()
    QTest.keyClick(look.stop_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not look.looking)
    assert text("wall.looking") not in said(page)
    assert look.offer.hasFocus()
    assert look.card is None


def test_a_failure_of_ours_is_said_and_harms_nothing(stopped: Stopped, qtbot: QtBot) -> None:
    page, _, look = stopped(RuntimeError("a fault of ours"))
    look.offer.click()
    qtbot.waitUntil(lambda: look.note is not None)
    assert text("wall.failed") in said(page)
    assert page.primary


def test_leaving_the_page_ends_the_looking(stopped: Stopped, qtbot: QtBot) -> None:
    page, _, look = stopped(None, closing=False)
    look.offer.click()
    work = look._work
    assert work is not None
    page.deleteLater()
    qtbot.waitUntil(lambda: not work.wanted)
    assert not work.wanted


def test_a_practice_offers_no_looking_around(tmp_path: Path, open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(ShownStep(TIMED_OUT))
    assert opened.page.ways is not None
    assert isinstance(opened.conductor.ways(), Ways)
    opened.conductor.world = hand_made_world(tmp_path, practice=True)
    assert opened.conductor.ways() is None


def test_the_map_goes_into_the_diagnosis_file_that_is_saved_afterwards(
    open_steps: Callable[..., Opened], engine: Engine, qtbot: QtBot
) -> None:
    page = open_steps(ShownStep(TIMED_OUT)).page
    assert page.saving is not None
    page.ways._ways = KnownWays(engine, page.ways._ways._network, BLOCKED)
    page.ways.offer.click()
    qtbot.waitUntil(lambda: page.ways.card is not None)
    assert page.saving._wall == BLOCKED


def test_the_real_ways_are_drawn_on_the_engine(
    engine: Engine, qtbot: QtBot, closed_port: Address, tmp_path: Path
) -> None:
    world = hand_made_world(tmp_path)
    question = Question(host="127.0.0.1", port=closed_port.port, ports=(), plain_port=closed_port.port)
    walls: list[Wall] = []
    errors: list[BaseException] = []
    owner = QObject()
    Ways(engine, world.network, proxies=no_proxies).look(question, owner=owner, then=walls.append, failed=errors.append)
    qtbot.waitUntil(lambda: bool(walls or errors), timeout=20_000)
    assert errors == []
    (way, *_) = walls[0].ways
    assert (way.port, way.verdict, way.problem) == (closed_port.port, Verdict.REFUSED, "connection-refused")
