"""The smaller parts of pages: notes, folds, boxes to copy, clocks, the preview, the record."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import copybox
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.inbox import ElidedLabel, InboxPreview
from sendwright.desktop.widgets.note import DRAWINGS, Note, put_notes
from sendwright.desktop.widgets.record import RecordButton, record
from sendwright.texts import text


@pytest.mark.parametrize("tone", DRAWINGS)
def test_every_tone_has_a_drawing_of_its_own_and_not_only_a_colour(theme: Theme, qtbot: QtBot, tone: str) -> None:
    note = Note(theme, "Words.", tone=tone)
    qtbot.addWidget(note)
    (drawing,) = note.findChildren(Drawing)
    assert drawing.name == DRAWINGS[tone]
    assert len(set(DRAWINGS.values())) == len(DRAWINGS)
    assert note.words.text() == "Words."


def test_notes_that_say_the_same_are_not_touched(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    place = QVBoxLayout(holder)
    assert put_notes(place, [Note(theme, "one"), Note(theme, "two")])
    standing = [place.itemAt(0).widget(), place.itemAt(1).widget()]
    assert not put_notes(place, [Note(theme, "one"), Note(theme, "two")])
    assert [place.itemAt(0).widget(), place.itemAt(1).widget()] == standing
    assert put_notes(place, [Note(theme, "one", tone="failed")])
    assert place.count() == 1
    assert put_notes(place, [])
    assert place.count() == 0
    assert not put_notes(place, [])


def test_a_fold_shows_and_hides(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    inner = QLabel("inside")
    fold = Fold(theme, "More", inner)
    show(fold, width=300, height=100)
    assert not inner.isVisible()
    qtbot.keyClick(fold.button, Qt.Key.Key_Space)
    assert inner.isVisible()
    assert fold.button.drawing == "chevron-down"
    qtbot.mouseClick(fold.button, Qt.MouseButton.LeftButton)
    assert not inner.isVisible()
    assert fold.button.drawing == "chevron-right"
    fold.open()
    assert inner.isVisible()


def test_a_fold_tells_screen_readers_whether_it_is_open(theme: Theme, show: Callable[..., QWidget]) -> None:
    fold = Fold(theme, "More", QLabel("inside"), opened=True)
    show(fold, width=300, height=100)
    state = QAccessible.queryAccessibleInterface(fold.button).state()
    assert state.checkable
    assert state.checked


def test_copying_puts_the_value_on_the_clipboard_and_says_so(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copybox, "_SAID_FOR_MS", 50)
    box = CopyBox(theme, "K7PX-2M", what="Code")
    qtbot.addWidget(box)
    box.button.click()
    assert QGuiApplication.clipboard().text() == "K7PX-2M"
    assert box.button.text() == text("window.copied")
    assert box.button.drawing == "done"
    qtbot.waitUntil(lambda: box.button.text() == text("window.copy"))
    assert box.button.drawing == "copy"


def test_a_copy_button_says_what_it_copies(theme: Theme, qtbot: QtBot) -> None:
    box = CopyBox(theme, "v=spf1 -all", what="Record to publish")
    other = CopyButton(theme, "ticket", words="Copy for ticket")
    for widget in (box, other):
        qtbot.addWidget(widget)
    interface = QAccessible.queryAccessibleInterface(box.button)
    assert interface.text(QAccessible.Text.Description) == "Record to publish"
    assert other.text() == "Copy for ticket"


def test_a_long_value_wraps_anywhere(theme: Theme, qtbot: QtBot) -> None:
    box = CopyBox(theme, "x" * 400, what="Words")
    qtbot.addWidget(box)
    assert box.minimumSizeHint().width() < 320
    assert box.heightForWidth(300) > 100


def test_a_clock_runs_down_and_tries_again(theme: Theme, qtbot: QtBot) -> None:
    clock = Countdown(theme, "Wait", seconds="65")
    qtbot.addWidget(clock)
    assert clock.clock.text() == text("window.again-in", time="1:05")
    clock._timer.setInterval(1)
    with qtbot.waitSignal(clock.ended):
        pass
    assert clock.clock.text() == text("window.again-in", time="0:00")
    with qtbot.assertNotEmitted(clock.ended, wait=30):
        pass


@pytest.mark.parametrize(
    ("written", "shown"),
    [("300", "5:00"), ("0", "0:05"), ("-3", "0:05"), ("7.9", "0:07"), ("", "1:00"), ("soon", "1:00"), ("inf", "1:00")],
)
def test_whatever_a_server_asks_for_is_a_sound_wait(theme: Theme, qtbot: QtBot, written: str, shown: str) -> None:
    clock = Countdown(theme, "Wait", seconds=written)
    qtbot.addWidget(clock)
    assert clock.clock.text() == text("window.again-in", time=shown)


def test_the_preview_shows_the_sender_as_recipients_see_it(theme: Theme, show: Callable[..., QWidget]) -> None:
    preview = InboxPreview(theme)
    show(preview, width=500, height=220)
    preview.put(alias="  Example   Organisation ", address=" notifications@example.org ")
    assert preview.name.accessibleName() == "Example Organisation"
    assert preview.opened_name.text() == "Example Organisation"
    assert preview.address.text() == "<notifications@example.org>"
    assert preview._disc._initial == "E"


@pytest.mark.parametrize("alias", ["", "   ", "\t"])
def test_an_empty_preview_says_that_nothing_is_typed_yet(theme: Theme, qtbot: QtBot, alias: str) -> None:
    preview = InboxPreview(theme)
    qtbot.addWidget(preview)
    preview.put(alias=alias, address="")
    assert preview.opened_name.text() == text("window.preview-no-name")
    assert preview.address.text() == f"<{text('window.preview-no-address')}>"
    assert preview._disc._initial == ""


def test_a_long_name_ends_in_an_ellipsis_in_the_inbox_and_is_whole_in_the_message(
    theme: Theme, show: Callable[..., QWidget]
) -> None:
    preview = InboxPreview(theme)
    show(preview, width=360, height=260)
    alias = "Gesellschaft für außerordentlich lange Namen von Organisationen mbH & Co. KG"
    preview.put(alias=alias, address="a@example.org")
    assert preview.name.text().endswith("…")
    assert preview.name.accessibleName() == alias
    assert preview.opened_name.text() == alias


def test_an_elided_label_follows_its_width(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    made = ElidedLabel("strong")
    made.put("One two three four five")
    show(made, width=60, height=30)
    assert made.text().endswith("…")
    made.resize(600, 30)
    qtbot.waitUntil(lambda: made.text() == "One two three four five")


def test_a_record_is_written_and_says_so(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    button = RecordButton(theme, samples.DONE)
    qtbot.addWidget(button)
    file = tmp_path / "record.html"
    button.save(str(file))
    assert button.text() == text("window.record-saved")
    written = file.read_text(encoding="utf-8")
    assert "notifications@example.org" in written
    assert text("done.title") in written
    assert 'lang="en"' in written


def test_a_place_that_cannot_be_written_is_said(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    button = RecordButton(theme, samples.DONE)
    qtbot.addWidget(button)
    (tmp_path / "file").write_text("in the way")
    button.save(str(tmp_path / "file" / "record.html"))
    assert button.text() == text("window.record-failed")
    assert button.drawing == "failed"


def test_a_record_holds_words_and_no_markup_of_others() -> None:
    from msgspec.structs import replace  # noqa: PLC0415 - only here

    from sendwright.screens import Fact  # noqa: PLC0415 - only here

    fact = Fact(label="review.alias", value="<script>alert(1)</script> & {braces}")
    written = record(replace(samples.DONE, facts=(fact,)))
    assert "<script>" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {braces}" in written


def test_asking_for_a_place_blocks_nothing(theme: Theme, qtbot: QtBot, qapp: QApplication) -> None:
    button = RecordButton(theme, samples.DONE)
    qtbot.addWidget(button)
    button.show()
    button.click()
    qtbot.waitUntil(lambda: qapp.activeModalWidget() is not None)
    qapp.activeModalWidget().close()
    assert button.text() == text("window.save-record")


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("https://example.org/help", True),
        ("http://example.org/help", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_nothing_but_https_is_opened(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, address: str, opened: bool
) -> None:
    seen: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", seen.append)
    open_page(address)
    assert [url.toString() for url in seen] == ([address] if opened else [])
