from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples

from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.choices import ChoiceControl
from sendwright.desktop.widgets.field import FieldRow
from sendwright.desktop.widgets.lines import FileControl, PasswordControl
from sendwright.desktop.widgets.note import Note
from sendwright.screens import Field, FieldKind, Notice, Option, Rejected
from sendwright.texts import text

ShowRow = Callable[..., FieldRow]
HOST, PORT, SECURITY, USERNAME, PASSWORD, CA_FILE, KEEP = samples.CONNECT.fields


@pytest.fixture
def show_row(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> ShowRow:
    def show_it(field: Field) -> FieldRow:
        row = FieldRow(theme, field, reading)
        show(row, width=500, height=160)
        return row

    return show_it


@pytest.fixture
def show_fields(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> Callable[..., Fields]:
    def show_them(*fields: Field, notices: tuple[Notice, ...] = ()) -> Fields:
        holder = QWidget()
        column = QVBoxLayout(holder)
        made = Fields(theme, fields, reading, notices)
        column.addWidget(made)
        show(holder, width=560, height=900)
        return made

    return show_them


def names_of(interface: QAccessibleInterface) -> set[str]:
    """Its own name, and those of its labels: on Linux a list that unfolds is named by its label alone."""
    labels = interface.relations(QAccessible.RelationFlag.Label)
    return {interface.text(QAccessible.Text.Name), *(label.text(QAccessible.Text.Name) for label, _ in labels)}


@pytest.mark.parametrize("field", samples.CONNECT.fields, ids=lambda field: field.name)
def test_every_kind_of_field_has_a_name_and_a_description(show_row: ShowRow, field: Field) -> None:
    row = show_row(field)
    interface = QAccessible.queryAccessibleInterface(row.control.focus)
    assert text(field.label) in names_of(interface)
    assert interface.text(QAccessible.Text.Description) == text(field.help)


@pytest.mark.parametrize("field", samples.CONNECT.fields, ids=lambda field: field.name)
def test_every_kind_of_field_gives_back_what_is_put_into_it(show_row: ShowRow, qtbot: QtBot, field: Field) -> None:
    values = {"port": "2525", "security": "starttls", "keep_password": "true"}
    row = show_row(field)
    assert row.value == (field.value or ("false" if field.kind is FieldKind.TOGGLE else ""))
    with qtbot.assertNotEmitted(row.edited):
        row.put(values.get(field.name, "some words"))
    assert row.value == values.get(field.name, "some words")


@pytest.mark.parametrize("field", [HOST, PORT, USERNAME, PASSWORD, CA_FILE], ids=lambda field: field.name)
def test_typing_is_an_edit(show_row: ShowRow, qtbot: QtBot, field: Field) -> None:
    row = show_row(field)
    row.put("")
    with qtbot.waitSignal(row.edited):
        qtbot.keyClicks(row.control.focus, "2")
    assert row.value == "2"


def test_an_error_stands_in_place_of_the_help_with_a_sign_and_keeps_what_was_typed(show_row: ShowRow) -> None:
    row = show_row(HOST)
    row.put("smtp.example.org:465")
    row.show_error("The port has a field of its own.")
    assert row.error.isVisible()
    assert not row._help.isVisible()
    assert row.value == "smtp.example.org:465"
    assert row.control.focus.property("invalid") is True
    row.show_error("")
    assert not row.error.isVisible()
    assert row._help.isVisible()
    assert row.control.focus.property("invalid") is False


def test_an_error_is_read_with_the_field(show_row: ShowRow) -> None:
    row = show_row(HOST)
    row.show_error("Type the name of the server.")
    interface = QAccessible.queryAccessibleInterface(row.control.focus)
    assert interface.text(QAccessible.Text.Description).startswith("Type the name of the server. ")
    assert interface.text(QAccessible.Text.Description).endswith(text(HOST.help))


def test_typing_takes_the_error_away(show_row: ShowRow, qtbot: QtBot) -> None:
    row = show_row(HOST)
    row.show_error("Wrong.")
    qtbot.keyClicks(row.control.focus, "x")
    assert not row.error.isVisible()


def test_a_wrong_field_moves_nothing(show_row: ShowRow, qtbot: QtBot) -> None:
    row = show_row(HOST)
    calm = row.control.widget.geometry()
    row.show_error("Wrong.")
    qtbot.wait(10)
    assert row.control.widget.geometry() == calm


def test_remarks_stand_at_their_field_and_give_way_to_newer_ones(show_row: ShowRow) -> None:
    row = show_row(USERNAME)
    row.show_notices((Notice(key="custom_smtp.username.none", field="username"),))
    (note,) = row.findChildren(Note)
    row.show_notices((Notice(key="custom_smtp.username.none", field="username"),))
    assert row.findChildren(Note) == [note]
    row.show_notices(())
    assert [found for found in row.findChildren(Note) if not found.isHidden()] == []


def test_the_labels_letter_leads_to_the_control(show_row: ShowRow) -> None:
    row = show_row(HOST)
    buddies = [child.buddy() for child in row.findChildren(QWidget) if hasattr(child, "buddy") and child.buddy()]
    assert buddies == [row.control.focus]


def test_a_password_is_dots_until_somebody_wants_to_see_it(show_row: ShowRow, qtbot: QtBot) -> None:
    row = show_row(PASSWORD)
    assert isinstance(row.control, PasswordControl)
    line = row.control.focus
    assert isinstance(line, QLineEdit)
    assert line.echoMode() is QLineEdit.EchoMode.Password
    assert QAccessible.queryAccessibleInterface(line).state().passwordEdit
    qtbot.keyClick(row.control.eye, Qt.Key.Key_Space)
    assert line.echoMode() is QLineEdit.EchoMode.Normal
    assert row.control.eye.drawing == "eye-closed"
    qtbot.mouseClick(row.control.eye, Qt.MouseButton.LeftButton)
    assert line.echoMode() is QLineEdit.EchoMode.Password
    assert row.control.eye.accessibleName() == text("window.show-password")


def test_a_known_password_says_so_and_may_stay_empty(show_row: ShowRow) -> None:
    row = show_row(Field(name="password", kind=FieldKind.PASSWORD, label="custom_smtp.password.label", kept=True))
    assert isinstance(row.control.focus, QLineEdit)
    assert row.control.focus.placeholderText() == text("window.password-kept")
    assert row.value == ""


@pytest.mark.parametrize(("typed", "kept"), [("465", "465"), ("123456789", "123456"), ("x", "x")])
def test_a_port_has_room_for_one_digit_too_many(show_row: ShowRow, qtbot: QtBot, typed: str, kept: str) -> None:
    row = show_row(PORT)
    row.put("")
    qtbot.keyClicks(row.control.focus, typed)
    assert row.value == kept
    assert row.control.widget.maximumWidth() < 200


def test_long_pasted_words_are_not_cut(show_row: ShowRow) -> None:
    row = show_row(samples.SENDER.fields[0])
    row.put("x" * 500)
    assert row.value == "x" * 500


def test_a_choice_explains_what_is_chosen(show_row: ShowRow, qtbot: QtBot) -> None:
    row = show_row(SECURITY)
    assert isinstance(row.control, ChoiceControl)
    assert row.control._meaning.text() == text("custom_smtp.security.tls-detail")
    with qtbot.waitSignal(row.edited):
        qtbot.keyClick(row.control.focus, Qt.Key.Key_Down)
    assert row.value == "starttls"
    assert row.control._meaning.text() == text("custom_smtp.security.starttls-detail")


def test_a_choice_without_details_has_no_empty_line(show_row: ShowRow) -> None:
    options = (Option(value="a", label="wizard.back"), Option(value="b", label="wizard.close"))
    row = show_row(Field(name="x", kind=FieldKind.CHOICE, label="wizard.cancel", options=options, value="b"))
    assert isinstance(row.control, ChoiceControl)
    assert row.value == "b"
    assert not row.control._meaning.isVisible()


def test_a_choice_of_nothing_known_stays_as_it_is(show_row: ShowRow) -> None:
    row = show_row(SECURITY)
    row.put("carrier-pigeon")
    assert row.value == "tls"


def test_the_wheel_changes_no_answer(show_row: ShowRow, qtbot: QtBot, qapp: QApplication) -> None:
    from PySide6.QtCore import QPoint, QPointF  # noqa: PLC0415 - only here
    from PySide6.QtGui import QWheelEvent  # noqa: PLC0415 - only here

    row = show_row(SECURITY)
    box = row.control.focus
    assert isinstance(box, QComboBox)
    place = QPointF(box.rect().center())
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        place, place, QPoint(0, 0), QPoint(0, -120), no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False
    )
    qapp.sendEvent(box, turn)
    assert row.value == "tls"


def test_a_toggle_says_yes_or_no(show_row: ShowRow, qtbot: QtBot) -> None:
    row = show_row(KEEP)
    assert row.value == "false"
    with qtbot.waitSignal(row.edited):
        qtbot.keyClick(row.control.focus, Qt.Key.Key_Space)
    assert row.value == "true"


def test_a_file_can_be_chosen(show_row: ShowRow, qtbot: QtBot) -> None:
    row = show_row(CA_FILE)
    assert isinstance(row.control, FileControl)
    with qtbot.assertNotEmitted(row.edited):
        row.control.choose("")
    with qtbot.waitSignal(row.edited):
        row.control.choose("/etc/ssl/own.pem")
    assert row.value == "/etc/ssl/own.pem"


def test_choosing_a_file_blocks_nothing(show_row: ShowRow, qtbot: QtBot, qapp: QApplication) -> None:
    row = show_row(CA_FILE)
    assert isinstance(row.control, FileControl)
    row.control.browse.click()
    qtbot.waitUntil(lambda: qapp.activeModalWidget() is not None)
    dialog = qapp.activeModalWidget()
    dialog.close()
    assert row.value == ""


def test_what_is_advanced_is_folded_until_it_is_asked_for(show_fields: Callable[..., Fields]) -> None:
    fields = show_fields(*samples.CONNECT.fields)
    assert not fields.rows["ca_file"].isVisible()
    fields.focus_field("ca_file")
    assert fields.rows["ca_file"].isVisible()
    assert fields.rows["ca_file"].control.focus.hasFocus()


def test_what_is_advanced_and_in_use_is_unfolded(show_fields: Callable[..., Fields]) -> None:
    used = Field(name="x", kind=FieldKind.TEXT, label="custom_smtp.host.label", value="in use", advanced=True)
    assert show_fields(HOST, used).rows["x"].isVisible()


@pytest.mark.parametrize(("value", "unfolded"), [("tls", False), ("starttls", True)])
def test_an_advanced_choice_is_in_use_once_it_is_not_the_usual_one(
    show_fields: Callable[..., Fields], value: str, *, unfolded: bool
) -> None:
    options = tuple(Option(value=one, label="custom_smtp.host.label") for one in ("tls", "starttls"))
    label = "custom_smtp.host.label"
    choice = Field(name="x", kind=FieldKind.CHOICE, label=label, value=value, options=options, advanced=True)
    assert show_fields(HOST, choice).rows["x"].isVisible() is unfolded


def test_a_rejection_marks_the_fields_and_goes_to_the_first(show_fields: Callable[..., Fields]) -> None:
    fields = show_fields(*samples.CONNECT.fields)
    wrong = {"password": "custom_smtp.password.missing", "host": "custom_smtp.host.missing", "": "wizard.choose-one"}
    others = fields.show_rejection(Rejected(wrong))
    assert others == (text("wizard.choose-one"),)
    assert fields.rows["host"].control.focus.hasFocus()
    assert fields.rows["host"].error.text() == text("custom_smtp.host.missing")
    assert fields.rows["password"].error.isVisible()
    assert not fields.rows["port"].error.isVisible()
    assert fields.show_rejection(Rejected({})) == ()
    assert not fields.rows["host"].error.isVisible()


def test_a_rejected_advanced_field_is_unfolded(show_fields: Callable[..., Fields]) -> None:
    fields = show_fields(*samples.CONNECT.fields)
    fields.show_rejection(Rejected({"ca_file": "custom_smtp.ca-file.not-found"}))
    assert fields.rows["ca_file"].error.isVisible()


def test_the_keyboard_begins_at_the_first_empty_field(show_fields: Callable[..., Fields]) -> None:
    fields = show_fields(*samples.CONNECT.fields)
    fields.take_focus()
    assert fields.rows["password"].control.focus.hasFocus()


def test_where_none_is_empty_it_begins_at_the_first(show_fields: Callable[..., Fields]) -> None:
    fields = show_fields(HOST, PORT)
    fields.take_focus()
    assert fields.rows["host"].control.focus.hasFocus()


def test_filling_takes_errors_away_and_passes_over_unknown_names(show_fields: Callable[..., Fields]) -> None:
    fields = show_fields(HOST, PORT)
    fields.show_rejection(Rejected({"host": "custom_smtp.host.missing"}))
    fields.put({"host": "mail.example.org", "nonsense": "x"})
    assert fields.values() == {"host": "mail.example.org", "port": "465"}
    assert not fields.rows["host"].error.isVisible()
    fields.focus_field("nonsense")


def test_remarks_of_the_screen_stand_at_their_fields(show_fields: Callable[..., Fields]) -> None:
    notice = Notice(key="custom_smtp.username.none", field="username")
    fields = show_fields(*samples.CONNECT.fields, notices=(notice,))
    assert len(fields.rows["username"].findChildren(Note)) == 1
    assert len(fields.rows["host"].findChildren(Note)) == 0


def test_no_fields_take_no_room(theme: Theme, reading: Reading, qtbot: QtBot) -> None:
    fields = Fields(theme, (), reading)
    qtbot.addWidget(fields)
    assert fields.isHidden()
    assert fields.values() == {}
    fields.take_focus()
