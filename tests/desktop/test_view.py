import asyncio
from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep

from sendwright.desktop.theme.theme import Theme
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Halted, Notice, Option, Rejected, Stopped, Working
from sendwright.texts import text
from sendwright.world import Progress

OpenSteps = Callable[..., Opened]
START = ShownStep(samples.START, stop="start")
REVIEW = ShownStep(samples.REVIEW, stop="review")


async def halt(answer: Answer, progress: Progress) -> None:
    for result in samples.RESULTS:
        progress(result)
    progress(samples.FAILED)
    raise Halted(samples.WRONG_PASSWORD.problem)


async def refuse(answer: Answer, progress: Progress) -> None:
    """Stop with a problem that another try may mend."""
    for result in samples.RESULTS:
        progress(result)
    progress(samples.FAILED)
    raise Halted(samples.REFUSED.problem)


def test_where_an_answer_is_wrong_the_primary_button_leads_to_it(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), ShownStep(samples.RUNNING, act=halt), REVIEW, at=1)
    opened.page.fields.rows["password"].put("wrong")
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    assert opened.view.foot.primary_button.text() == text("remedies.type-password")
    opened.view.submit()
    opened.wait_for(samples.CONNECT.step)
    assert opened.page.fields.rows["password"].control.focus.hasFocus()


async def reject(answer: Answer, progress: Progress) -> None:
    raise Rejected({"password": "custom_smtp.password.missing", "host": "custom_smtp.host.url"})


def button(opened: Opened, words: str) -> QPushButton:
    return next(
        found for found in opened.window.findChildren(QPushButton) if found.text() == words and found.isVisible()
    )


def connect(act: Callable[..., object] | None = None) -> ShownStep:
    return ShownStep(samples.CONNECT) if act is None else ShownStep(samples.CONNECT, act=reject)


def test_the_first_page_has_the_keyboard_at_its_first_control(open_steps: OpenSteps) -> None:
    opened = open_steps(START, REVIEW, at=0)
    assert opened.page.cards.cards["set-up"].hasFocus()
    assert not opened.view.foot.back_button.isVisible()
    assert opened.view.foot.primary_button.text() == text("wizard.continue")


def test_a_page_without_controls_gives_the_keyboard_to_the_primary_button(open_steps: OpenSteps) -> None:
    opened = open_steps(START, REVIEW, ShownStep(samples.DONE), at=1)
    assert opened.view.foot.primary_button.hasFocus()


def test_the_primary_button_goes_on_and_back_goes_back(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.ADDRESS), REVIEW, at=0)
    qtbot.mouseClick(opened.view.foot.primary_button, Qt.MouseButton.LeftButton)
    opened.wait_for("smtp-address")
    qtbot.mouseClick(opened.view.foot.back_button, Qt.MouseButton.LeftButton)
    opened.wait_for("start")


def test_back_keeps_what_was_typed(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1)
    opened.page.fields.rows["alias"].put("")
    qtbot.keyClicks(opened.page.fields.rows["alias"].control.focus, "Half ty")
    opened.view.go_back()
    opened.wait_for("start")
    opened.view.submit()
    opened.wait_for("sender")
    assert opened.page.fields.rows["alias"].value == "Half ty"
    assert opened.page.preview.opened_name.text() == "Half ty"


def test_the_rail_keeps_what_was_typed_but_no_password(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    opened.page.fields.put({"host": "half.a.na", "password": "secret"})
    opened.view.rail.buttons["start"].click()
    opened.wait_for("start")
    opened.view.submit()
    opened.wait_for("smtp-connect")
    assert opened.page.fields.rows["host"].value == "half.a.na"
    assert opened.page.fields.rows["password"].value == ""
    assert "secret" not in repr(opened.wizard.draft)


def test_a_rejected_field_keeps_everything_even_the_typed_password(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT, act=reject), REVIEW, at=1)
    page = opened.page
    page.fields.put({"host": "https://mail", "password": "typed"})
    opened.view.submit()
    opened.rest()
    assert opened.page is page
    assert page.fields.values()["password"] == "typed"
    assert page.fields.rows["host"].value == "https://mail"
    assert page.fields.rows["host"].control.focus.hasFocus()
    assert page.fields.rows["password"].error.text() == text("custom_smtp.password.missing")


def test_a_problem_shows_its_card_with_the_stages_folded(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=halt), REVIEW, at=1)
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    assert opened.page.card.hasFocus()
    assert not opened.page.stages.isVisible()
    assert opened.view.foot.back_button.text() == text("wizard.change-settings")
    button(opened, text("window.how-far")).click()
    assert opened.page.stages.rows["secure"].drawing.name == "passed"
    assert opened.page.stages.rows["sign-in"].drawing.name == "failed"


def test_a_second_run_shows_its_stages_from_a_clean_list(open_steps: OpenSteps, qtbot: QtBot) -> None:
    gate = asyncio.Event()
    attempts: list[asyncio.AbstractEventLoop] = []

    async def halt_twice(answer: Answer, progress: Progress) -> None:
        attempts.append(asyncio.get_running_loop())
        if len(attempts) == 2:
            await gate.wait()
        await refuse(answer, progress)

    opened = open_steps(START, ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=halt_twice), REVIEW, at=1)
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    opened.view.submit()
    qtbot.waitUntil(lambda: len(attempts) == 2)
    assert isinstance(opened.conductor.scene.screen, Working)
    assert opened.page.stages.rows["resolve"].drawing.name == "running"
    assert opened.view.foot.cancel_button.hasFocus()
    attempts[1].call_soon_threadsafe(gate.set)
    opened.wait_for("test-run", kind=Stopped)
    assert len(opened.view._results) == len(samples.RESULTS) + 1


def test_a_change_remedy_goes_to_the_form_and_the_field(open_steps: OpenSteps) -> None:
    opened = open_steps(
        START,
        ShownStep(samples.CONNECT),
        ShownStep(samples.SENDER, stop="sender"),
        ShownStep(samples.RUNNING, stop="test", act=halt),
        REVIEW,
        at=2,
    )
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    button(opened, text("remedies.type-password")).click()
    opened.wait_for("smtp-connect")
    assert opened.page.fields.rows["password"].control.focus.hasFocus()


def test_a_change_remedy_with_a_proposal_fills_the_field(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), ShownStep(samples.RUNNING, act=halt), REVIEW, at=1)
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    opened.page.changing.emit("security", "starttls")
    opened.wait_for("smtp-connect")
    assert opened.page.answer()["security"] == "starttls"
    assert opened.page.fields.rows["security"].control.focus.hasFocus()


def test_a_remedy_for_a_folded_field_unfolds_it(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), ShownStep(samples.RUNNING, act=halt), REVIEW, at=1)
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    opened.page.changing.emit("ca_file", "")
    opened.wait_for("smtp-connect")
    assert opened.page.fields.rows["ca_file"].isVisible()
    assert opened.page.fields.rows["ca_file"].control.focus.hasFocus()


def test_a_wait_that_ends_tries_again_by_itself(open_steps: OpenSteps) -> None:
    attempts: list[int] = []

    async def greylisted_once(answer: Answer, progress: Progress) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise Halted(samples.GREYLISTED.problem)

    opened = open_steps(
        START, ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=greylisted_once), REVIEW, at=1
    )
    opened.view.submit()
    opened.wait_for("test-run", kind=Stopped)
    opened.page.card.retrying.emit()
    opened.wait_for("review")
    assert len(attempts) == 2


def test_an_action_goes_with_what_stands_in_the_form(open_steps: OpenSteps) -> None:
    taken: list[Answer] = []

    async def take(answer: Answer, progress: Progress) -> None:
        taken.append(dict(answer))

    opened = open_steps(START, ShownStep(samples.ADDRESS, act=take), REVIEW, at=1)
    opened.page.fields.put({"address": "anna@example.org"})
    button(opened, text("custom_smtp.address.by-hand")).click()
    opened.wait_for("review")
    assert taken == [{"address": "anna@example.org", "ask_mozilla": "false", "action": "by-hand"}]


def test_typing_asks_for_advice_and_shows_it(open_steps: OpenSteps, qtbot: QtBot) -> None:
    async def advise(answer: Answer) -> Advice:
        notice = Notice(key="address.warnings.no-reply", values={"address": answer["address"]}, field="address")
        return Advice(notices=(notice,))

    opened = open_steps(START, ShownStep(samples.SENDER, advice=advise), REVIEW, at=1)
    row = opened.page.fields.rows["address"]
    row.put("")
    row.take_focus()
    qtbot.keyClicks(row.control.focus, "no-reply@example.org")
    expected = text("address.warnings.no-reply", address="no-reply@example.org")
    qtbot.waitUntil(lambda: expected in [found.text() for found in row.findChildren(QLabel)])
    assert row.control.focus.hasFocus()


def test_the_same_theme_change_keeps_everything_that_is_typed_and_the_keyboard(
    open_steps: OpenSteps, theme: Theme, qtbot: QtBot
) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    page = opened.page
    page.fields.put({"host": "half.a.na", "password": "typed"})
    page.fields.focus_field("password")
    light = opened.window.grab().toImage()
    theme.use(dark=True)
    qtbot.wait(20)
    assert opened.page is page
    assert page.fields.values()["password"] == "typed"
    assert page.fields.rows["password"].control.focus.hasFocus()
    dark = opened.window.grab().toImage()
    assert light != dark
    corner = dark.pixelColor(dark.width() - 3, 3).name()
    assert corner == theme.tokens.colour("window")


def test_a_theme_change_in_the_middle_of_work_keeps_what_has_ticked(
    open_steps: OpenSteps, theme: Theme, qtbot: QtBot
) -> None:
    async def forever(answer: Answer, progress: Progress) -> None:
        for result in samples.RESULTS:
            progress(result)
        await asyncio.sleep(60)

    opened = open_steps(START, ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=forever), REVIEW, at=1)
    opened.view.submit()
    qtbot.waitUntil(lambda: opened.step == "test-run" and len(opened.view._results) == 4)
    theme.use(dark=True)
    qtbot.wait(20)
    assert opened.page.stages.rows["secure"].drawing.name == "passed"
    assert opened.page.stages.rows["sign-in"].drawing.name == "running"
    opened.view.cancel()
    opened.wait_for("smtp-address")


def test_a_resumed_draft_says_so_until_it_is_put_away(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1, resumed=True)
    note = opened.view.resumed
    assert note is not None
    assert note.isVisible()
    assert opened.page.fields.rows["alias"].isVisible()
    note.hide_button.click()
    assert not note.isVisible()


def test_whoever_goes_on_is_not_told_again(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1, resumed=True)
    opened.view.submit()
    opened.wait_for("review")
    assert opened.view.resumed is None
    opened.view.go_back()
    opened.wait_for("sender")
    assert opened.view.resumed is None


def test_a_resumed_draft_can_be_dropped(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1, resumed=True)
    note = opened.view.resumed
    assert note is not None
    note.again.click()
    note.again.click()
    opened.wait_for("start")
    assert opened.view.resumed is None
    assert not opened.conductor.scene.can_go_back


def test_a_fresh_start_says_nothing_of_it(open_steps: OpenSteps) -> None:
    assert open_steps(START, REVIEW, at=0).view.resumed is None


def test_the_last_button_of_the_last_page_finishes(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.DONE), at=1)
    with qtbot.waitSignals([opened.view.finished, opened.window.closed]):
        opened.view.submit()


def test_a_problem_on_the_last_page_is_tried_again_and_no_end(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.DONE, act=refuse), at=1)
    button(opened, text("done.undo")).click()
    opened.wait_for("done", kind=Stopped)
    with qtbot.assertNotEmitted(opened.view.finished, wait=50):
        opened.view.submit()
    opened.rest()
    assert isinstance(opened.conductor.scene.screen, Stopped)


def test_nothing_can_be_submitted_while_something_runs(open_steps: OpenSteps, qtbot: QtBot) -> None:
    async def forever(answer: Answer, progress: Progress) -> None:
        await asyncio.sleep(60)

    opened = open_steps(START, ShownStep(samples.RUNNING, act=forever), REVIEW, at=1)
    opened.view.submit()
    opened.view.enter()
    assert opened.step == "test-run"
    opened.view.cancel()
    opened.rest()


def test_the_rail_says_where_the_person_is(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER, stop="sender"), REVIEW, at=1)
    states = {stop: found.property("state") for stop, found in opened.view.rail.buttons.items()}
    assert states == {"start": "done", "sender": "current", "review": "to-come"}


def test_typed_is_nothing_where_nothing_is_asked(open_steps: OpenSteps) -> None:
    assert open_steps(START, ShownStep(samples.DONE), at=1).view.typed is None


def test_one_page_gives_way_to_the_next_and_leaves_nothing_behind(open_steps: OpenSteps, qtbot: QtBot) -> None:
    screen: Form = replace(samples.SENDER, step="again")
    opened = open_steps(START, ShownStep(samples.SENDER), ShownStep(screen), REVIEW, at=1)
    former = opened.page
    destroyed: list[str] = []
    former.destroyed.connect(lambda: destroyed.append("gone"))
    opened.view.submit()
    opened.wait_for("again")
    qtbot.waitUntil(lambda: destroyed == ["gone"])


def test_a_long_choice_still_begins_at_its_top(open_steps: OpenSteps) -> None:
    options = tuple(
        Option(value=str(number), label="start.set-up.label", detail="start.set-up.detail") for number in range(20)
    )
    screen = replace(samples.START, step="many", options=options, chosen="15")
    opened = open_steps(START, ShownStep(screen), at=1)
    assert opened.page.cards.cards["15"].hasFocus()
    assert opened.view.column.verticalScrollBar().value() == 0
