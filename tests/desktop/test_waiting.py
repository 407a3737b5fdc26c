"""Every wait over 300 ms is shown with what is waited for, and every wait over 2 s can be cancelled."""

import asyncio
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep

from sendwright.desktop import conductor
from sendwright.desktop.conductor import Waiting
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.waiting import WaitingView
from sendwright.screens import Answer, Rejected
from sendwright.texts import text
from sendwright.world import Progress

OpenSteps = Callable[..., Opened]


class Gate:
    """Holds an answer back until it is told."""

    def __init__(self, *, then: Exception | None = None) -> None:
        self.opened = asyncio.Event()
        self.then = then
        self.loop: asyncio.AbstractEventLoop | None = None

    async def act(self, answer: Answer, progress: Progress) -> None:
        self.loop = asyncio.get_running_loop()
        await self.opened.wait()
        if self.then is not None:
            raise self.then

    def open(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.opened.set)


def platform(gate: Gate) -> tuple[ShownStep, ...]:
    return (
        ShownStep(samples.START, stop="start"),
        ShownStep(samples.PLATFORM, stop="platform", act=gate.act),
        ShownStep(samples.ADDRESS),
    )


def test_the_limits_are_those_that_people_feel() -> None:
    assert conductor.SHOW_WAITING_AFTER_MS <= 300
    assert conductor.OFFER_CANCEL_AFTER_MS < 2000


def test_a_short_wait_shows_nothing(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(*platform(gate := Gate()), at=1)
    seen: list[Waiting] = []
    opened.conductor.waiting.connect(seen.append)
    opened.view.submit()
    qtbot.waitUntil(lambda: gate.loop is not None)
    gate.open()
    opened.wait_for("smtp-address")
    assert seen == [Waiting.NO]


def test_a_longer_wait_says_what_is_waited_for(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(*platform(gate := Gate()), at=1)
    opened.view.submit()
    qtbot.waitUntil(lambda: bool(opened.view.foot.waiting.text()))
    assert opened.view.foot.waiting.text() == text("waiting.platform")
    assert opened.page.isEnabled()
    gate.open()
    opened.wait_for("smtp-address")
    assert opened.view.foot.waiting.text() == ""


def test_a_long_wait_locks_what_is_being_used(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(*platform(gate := Gate(then=Rejected({}))), at=1)
    parts = (opened.page, opened.view.rail, opened.view.foot.back_button, opened.view.foot.primary_button)
    opened.view.submit()
    qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    assert [part.isEnabled() for part in parts] == [False] * 4
    gate.open()
    opened.rest()
    assert [part.isEnabled() for part in parts] == [True] * 4


def test_a_step_without_words_of_its_own_says_one_moment(open_steps: OpenSteps, qtbot: QtBot) -> None:
    gate = Gate()
    opened = open_steps(ShownStep(samples.REVIEW, act=gate.act), ShownStep(samples.ADDRESS), at=0)
    opened.conductor.submit({})
    qtbot.waitUntil(lambda: bool(opened.view.foot.waiting.text()))
    assert opened.view.foot.waiting.text() == text("window.waiting")
    gate.open()
    opened.rest()


def test_a_long_wait_can_be_cancelled_by_the_button_and_by_escape(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(*platform(Gate()), at=1)
    for way in (opened.view.foot.cancel_button.click, opened.view.cancel):
        opened.view.submit()
        qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
        assert opened.view.foot.cancel_button.hasFocus()
        way()
        opened.rest()
        assert opened.step == "platform"
        assert not opened.view.foot.cancel_button.isVisible()
        assert opened.page.isEnabled()
    assert opened.faults == []


def test_after_a_wait_the_keyboard_is_where_it_was(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(*platform(Gate()), at=1)
    row = opened.page.fields.rows["code"]
    row.take_focus()
    opened.view.submit()
    qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    opened.view.cancel()
    opened.rest()
    assert row.control.focus.hasFocus()


def test_a_rejection_after_a_wait_takes_the_keyboard_to_the_field(open_steps: OpenSteps, qtbot: QtBot) -> None:
    gate = Gate(then=Rejected({"code": "platform.code.damaged"}))
    opened = open_steps(*platform(gate), at=1)
    opened.page.cards.take_focus()
    opened.view.submit()
    qtbot.waitUntil(lambda: not opened.page.isEnabled())
    gate.open()
    opened.rest()
    assert opened.page.isEnabled()
    assert opened.page.fields.rows["code"].control.focus.hasFocus()


def test_a_working_page_can_be_cancelled_from_its_first_moment(open_steps: OpenSteps) -> None:
    opened = open_steps(ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=Gate().act))
    opened.qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    assert opened.view.foot.cancel_button.isVisible()
    assert opened.view.foot.cancel_button.hasFocus()
    assert not opened.view.foot.primary_button.isVisible()
    assert not opened.view.foot.back_button.isVisible()
    opened.view.cancel()
    opened.wait_for("smtp-address")


def test_while_it_ends_a_second_press_changes_nothing(open_steps: OpenSteps, qtbot: QtBot) -> None:
    ending = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def linger(answer: Answer, progress: Progress) -> None:
        loops.append(asyncio.get_running_loop())
        try:
            await asyncio.sleep(60)
        finally:
            await ending.wait()

    opened = open_steps(ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=linger))
    qtbot.waitUntil(lambda: bool(loops))
    opened.view.cancel()
    assert opened.view.foot.waiting.text() == text("window.ending")
    opened.view.foot.cancel_button.click()
    loops[0].call_soon_threadsafe(ending.set)
    opened.wait_for("smtp-address")


def test_escape_does_nothing_where_nothing_runs(open_steps: OpenSteps) -> None:
    opened = open_steps(ShownStep(samples.ADDRESS))
    opened.view.cancel()
    assert opened.view.foot.waiting.text() == ""
    assert opened.step == "smtp-address"


@pytest.mark.parametrize("size", [(640, 480), (700, 500)])
def test_where_there_is_little_room_words_and_cancel_have_it(
    open_steps: OpenSteps, qtbot: QtBot, size: tuple[int, int]
) -> None:
    opened = open_steps(*platform(Gate()), at=1, size=size)
    opened.view.submit()
    qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    narrow = opened.view.foot.narrow
    assert opened.view.foot.back_button.isVisible() is not narrow
    assert opened.view.foot.primary_button.isVisible() is not narrow
    opened.view.cancel()
    opened.rest()
    assert opened.view.foot.back_button.isVisible()


def test_a_window_that_is_not_ready_says_what_it_waits_for(theme: Theme, qtbot: QtBot) -> None:
    view = WaitingView(theme, "Starting the practice servers…")
    qtbot.addWidget(view)
    view.show()
    assert view.words.text() == "Starting the practice servers…"
    assert view.accessibleName() == "Starting the practice servers…"
    view.go_back()
    for way in (view.cancel, view.cancel_button.click):
        with qtbot.waitSignal(view.cancelled):
            way()


def test_enter_cancels_only_where_the_button_has_the_keyboard(theme: Theme, qtbot: QtBot) -> None:
    view = WaitingView(theme, "…")
    qtbot.addWidget(view)
    with qtbot.waitActive(view):
        view.show()
    view.cancel_button.clearFocus()
    with qtbot.assertNotEmitted(view.cancelled):
        view.enter()
    view.take_focus()
    assert view.cancel_button.hasFocus()
    with qtbot.waitSignal(view.cancelled):
        view.enter()
