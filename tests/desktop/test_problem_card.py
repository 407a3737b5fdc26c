from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.looking import button, words_of
from tests.desktop.stops import EVERY_KIND as MANY

from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import problem as cards
from sendwright.desktop.widgets import remedies as remedy_parts
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.problem import Problem, RemedyKind
from sendwright.screens import Stopped
from sendwright.texts import text

ShowCard = Callable[..., ProblemCard]
MakePage = Callable[[Problem], StoppedPage]


@pytest.fixture
def stopped_page(theme: Theme, reading: Reading, qtbot: QtBot) -> Callable[[Problem], StoppedPage]:
    def make(problem: Problem) -> StoppedPage:
        screen = Stopped(
            step="test-run", title="test.running", submit="wizard.try-again", problem=problem, stages=SMTP_STAGES
        )
        page = StoppedPage(theme, screen, reading, [*samples.RESULTS, samples.FAILED])
        qtbot.addWidget(page)
        return page

    return make


def test_it_says_what_happened_why_and_who_has_to_act(show_card: ShowCard) -> None:
    problem = samples.WRONG_PASSWORD.problem
    explanation = explain(problem)
    words = words_of(show_card(problem))
    assert words[0] == explanation.what
    assert words.index(text("window.why")) < words.index(explanation.why[0])
    assert [word for word in words if word in explanation.why] == list(explanation.why)
    assert text("window.who-acts", who=text("owners.you.name")) in words
    assert text("owners.you.who") in words


def test_a_screen_reader_hears_title_what_and_owner_at_once(show_card: ShowCard) -> None:
    problem = samples.WRONG_PASSWORD.problem
    interface = QAccessible.queryAccessibleInterface(show_card(problem))
    assert interface.text(QAccessible.Text.Name) == explain(problem).title
    description = interface.text(QAccessible.Text.Description)
    assert explain(problem).what in description
    assert text("owners.you.name") in description


def test_every_remedy_but_trying_again_has_its_button(show_card: ShowCard) -> None:
    card = show_card(MANY)
    explanation = explain(MANY)
    buttons = [found.text() for found in card.findChildren(QPushButton)]
    for remedy in explanation.remedies:
        expected = remedy.kind in {RemedyKind.OPEN, RemedyKind.CHANGE}
        assert (remedy.label in buttons) is expected
    assert len(card.findChildren(Countdown)) == 1


def test_a_command_can_be_copied_as_it_is(show_card: ShowCard) -> None:
    card = show_card(MANY)
    box = card.findChildren(CopyBox)[0]
    assert box.words.text() == "Set-CASMailbox anna@example.org"
    box.button.click()
    assert QGuiApplication.clipboard().text() == "Set-CASMailbox anna@example.org"
    assert box.button.accessibleDescription() == text("remedies.enable-smtp-auth-mailbox")


def test_a_page_opens_in_the_persons_browser(show_card: ShowCard, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    for module in (cards, remedy_parts):
        monkeypatch.setattr(module, "open_page", opened.append)
    card = show_card(MANY)
    button(card, text("remedies.open-exchange-mail-flow")).click()
    button(card, text("window.learn-more")).click()
    assert opened == ["https://example.org/flow", "https://example.org/more"]


def test_a_change_names_its_field_and_what_to_put_there(show_card: ShowCard, qtbot: QtBot) -> None:
    card = show_card(MANY)
    with qtbot.waitSignal(card.changing) as change:
        button(card, text("remedies.other-security")).click()
    assert change.args == ["security", "tls"]
    with qtbot.waitSignal(card.changing) as change:
        button(card, text("remedies.check-username")).click()
    assert change.args == ["username", ""]


def test_a_wait_tries_again_by_itself(show_card: ShowCard, qtbot: QtBot) -> None:
    card = show_card(MANY)
    (clock,) = card.findChildren(Countdown)
    assert clock.clock.text() == text("window.again-in", time="1:30")
    clock._left = 1
    clock._timer.setInterval(1)
    with qtbot.waitSignal(card.retrying):
        pass


def test_the_servers_own_words_are_folded_and_whole(show_card: ShowCard) -> None:
    card = show_card(samples.LONG_WORDS.problem)
    fold = button(card, text("window.own-words"))
    said = samples.LONG_WORDS.problem.evidence.text
    assert not any(said in words for words in words_of(card))
    fold.click()
    assert any(said in words for words in words_of(card))


def test_a_silent_other_side_is_said_to_be_silent(show_card: ShowCard) -> None:
    evidence = Evidence(stage="connect", system=System.SOCKET)
    card = show_card(replace(samples.REFUSED.problem, evidence=evidence))
    button(card, text("window.own-words")).click()
    assert text("window.no-words") in words_of(card)


def test_the_ticket_holds_the_code_and_shortens_addresses(show_card: ShowCard) -> None:
    card = show_card(samples.GREYLISTED.problem)
    button(card, text("window.copy-ticket")).click()
    ticket = QGuiApplication.clipboard().text()
    assert "greylisted" in ticket
    assert "anna@example.org" not in ticket


def test_the_page_has_the_problem_for_a_title_and_the_step_above_it(stopped_page: MakePage) -> None:
    page = stopped_page(samples.WRONG_PASSWORD.problem)
    words = words_of(page)
    assert words[:2] == [text("test.running"), explain(samples.WRONG_PASSWORD.problem).title]


@pytest.mark.parametrize(
    ("problem", "mark"),
    [
        (samples.WRONG_PASSWORD.problem, ("failed", "failed")),
        (samples.GREYLISTED.problem, ("waiting", "info")),
        (samples.UNKNOWN.problem, ("failed", "failed")),
    ],
)
def test_what_passes_by_itself_is_no_red_failure(
    stopped_page: MakePage, problem: Problem, mark: tuple[str, str]
) -> None:
    page = stopped_page(problem)
    drawing = page.findChildren(Drawing)[0]
    assert (drawing.name, drawing.colour) == mark


def test_trying_again_is_the_primary_button_in_the_remedys_words(stopped_page: MakePage) -> None:
    for problem, words in ((MANY, "remedies.sign-in-again"), (samples.UNKNOWN.problem, "wizard.try-again")):
        page = stopped_page(problem)
        assert page.primary == text(words)


def test_the_stages_are_folded_below_the_card(stopped_page: MakePage) -> None:
    page = stopped_page(samples.WRONG_PASSWORD.problem)
    page.show()
    assert not page.stages.isVisible()
    button(page, text("window.how-far")).click()
    assert page.stages.isVisible()
    rows = page.stages.rows
    assert rows["resolve"].drawing.name == "passed"
    assert rows["sign-in"].drawing.name == "failed"
    assert rows["submit"].state.text() == text("window.state.not-reached")


def test_the_page_passes_on_what_the_card_asks_for(stopped_page: MakePage, qtbot: QtBot) -> None:
    page = stopped_page(MANY)
    with qtbot.waitSignals([page.changing, page.answered]):
        page.card.changing.emit("host", "")
        page.card.retrying.emit()


def test_a_problem_of_a_newer_version_is_shown_as_unknown_with_its_code(show_card: ShowCard) -> None:
    card = show_card(replace(samples.UNKNOWN.problem, code="from-the-future"), Level.SUPPORT)
    assert "from-the-future" in words_of(card)
    assert text("problems.unrecognised.what") in words_of(card)
