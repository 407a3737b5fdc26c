from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.pages.cards import Cards
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.option import OptionCard
from sendwright.screens import Option

OPTIONS = (
    Option(value="set-up", label="start.set-up.label", detail="start.set-up.detail", icon="set-up"),
    Option(value="check", label="start.check.label", detail="start.check.detail", icon="check", note="Example"),
    Option(value="practise", label="start.practise.label", icon="practise"),
)


class Shown(QWidget):
    """Cards between two lines to type into."""

    def __init__(self, theme: Theme, chosen: str) -> None:
        super().__init__()
        self.before, self.after = QLineEdit(), QLineEdit()
        self.cards = Cards(theme, OPTIONS, chosen=chosen)
        column = QVBoxLayout(self)
        for part in (self.before, self.cards, self.after):
            column.addWidget(part)


@pytest.fixture
def shown(theme: Theme, show: Callable[..., QWidget]) -> Callable[[str], Shown]:
    def open_it(chosen: str = "set-up") -> Shown:
        holder = Shown(theme, chosen)
        show(holder, width=500, height=500)
        return holder

    return open_it


def focused(holder: Shown) -> str:
    return next((value for value, card in holder.cards.cards.items() if card.hasFocus()), "")


def test_one_is_chosen_at_a_time(shown: Callable[[str], Shown]) -> None:
    holder = shown("set-up")
    holder.cards.choose("check")
    assert [card.isChecked() for card in holder.cards.cards.values()] == [False, True, False]
    assert holder.cards.chosen == "check"


def test_what_is_not_there_cannot_be_chosen(shown: Callable[[str], Shown]) -> None:
    holder = shown("set-up")
    holder.cards.choose("pigeon")
    assert holder.cards.chosen == "set-up"


def test_none_need_be_chosen(shown: Callable[[str], Shown]) -> None:
    holder = shown("")
    assert holder.cards.chosen == ""
    holder.cards.take_focus()
    assert focused(holder) == "set-up"
    assert holder.cards.chosen == ""


@pytest.mark.parametrize("corner", [QPoint(3, 3), QPoint(200, 20), QPoint(440, 30)])
def test_the_mouse_chooses_anywhere_on_the_card(shown: Callable[[str], Shown], qtbot: QtBot, corner: QPoint) -> None:
    holder = shown("set-up")
    with qtbot.waitSignal(holder.cards.chosen_another):
        qtbot.mouseClick(holder.cards.cards["practise"], Qt.MouseButton.LeftButton, pos=corner)
    assert holder.cards.chosen == "practise"


def test_arrow_keys_choose_the_next_and_the_former(shown: Callable[[str], Shown], qtbot: QtBot) -> None:
    holder = shown("set-up")
    holder.cards.take_focus()
    qtbot.keyClick(holder.cards.cards["set-up"], Qt.Key.Key_Down)
    assert (focused(holder), holder.cards.chosen) == ("check", "check")
    qtbot.keyClick(holder.cards.cards["check"], Qt.Key.Key_Down)
    assert holder.cards.chosen == "practise"
    qtbot.keyClick(holder.cards.cards["practise"], Qt.Key.Key_Up)
    assert (focused(holder), holder.cards.chosen) == ("check", "check")


def test_space_chooses_where_none_was(shown: Callable[[str], Shown], qtbot: QtBot) -> None:
    holder = shown("")
    holder.cards.take_focus()
    qtbot.keyClick(holder.cards.cards["set-up"], Qt.Key.Key_Space)
    assert holder.cards.chosen == "set-up"


def test_tab_comes_past_the_chosen_card_alone(shown: Callable[[str], Shown], qtbot: QtBot) -> None:
    holder = shown("check")
    holder.before.setFocus()
    qtbot.keyClick(holder.before, Qt.Key.Key_Tab)
    assert focused(holder) == "check"
    qtbot.keyClick(holder.cards.cards["check"], Qt.Key.Key_Tab)
    assert holder.after.hasFocus()
    qtbot.keyClick(holder.after, Qt.Key.Key_Backtab)
    assert focused(holder) == "check"


def test_it_is_a_radio_button_with_name_and_description(theme: Theme, qtbot: QtBot) -> None:
    card = OptionCard(theme, value="x", name="Use this computer", detail="Runs here.", note="Example", icon="computer")
    qtbot.addWidget(card)
    interface = QAccessible.queryAccessibleInterface(card)
    assert interface.role() == QAccessible.Role.RadioButton
    assert interface.text(QAccessible.Text.Name) == "Use this computer. Example"
    assert interface.text(QAccessible.Text.Description) == "Runs here."
    assert not interface.state().checked
    card.setChecked(True)
    assert interface.state().checked


def test_the_chosen_card_has_a_mark_and_not_only_a_colour(theme: Theme, qtbot: QtBot) -> None:
    card = OptionCard(theme, value="x", name="Name")
    card.setAutoExclusive(False)
    qtbot.addWidget(card)
    assert card._mark.name == "unchosen"
    card.setChecked(True)
    assert card._mark.name == "chosen"
    card.setChecked(False)
    assert card._mark.name == "unchosen"


def test_it_is_as_high_as_its_words_need(theme: Theme, show: Callable[..., QWidget]) -> None:
    holder = QWidget()
    row = QHBoxLayout(holder)
    card = OptionCard(theme, value="x", name="Name", detail="Words that go on and on. " * 10, icon="smtp")
    row.addWidget(card)
    show(holder, width=300, height=400)
    assert card.heightForWidth(280) > card.heightForWidth(560)
    assert card.minimumSizeHint().width() < 260
    assert card.sizeHint().width() >= card.minimumSizeHint().width()


def test_tab_comes_past_the_first_card_where_none_is_chosen(shown: Callable[[str], Shown], qtbot: QtBot) -> None:
    holder = shown("")
    holder.before.setFocus()
    qtbot.keyClick(holder.before, Qt.Key.Key_Tab)
    assert focused(holder) == "set-up"
    qtbot.keyClick(holder.cards.cards["set-up"], Qt.Key.Key_Tab)
    assert holder.after.hasFocus()


def test_a_choice_can_be_released(shown: Callable[[str], Shown]) -> None:
    holder = shown("check")
    holder.cards._group.release()
    assert holder.cards.chosen == ""
    holder.cards.choose("practise")
    assert [card.isChecked() for card in holder.cards.cards.values()] == [False, False, True]


def test_focus_can_be_seen_on_the_card(shown: Callable[[str], Shown], qtbot: QtBot) -> None:
    holder = shown("set-up")
    holder.before.setFocus()
    calm = holder.cards.cards["set-up"].grab().toImage()
    holder.cards.take_focus()
    qtbot.wait(10)
    assert holder.cards.cards["set-up"].grab().toImage() != calm
