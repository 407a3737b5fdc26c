"""The answers file of an unattended set-up."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sendwright.cli.answers import Answers, AnswersInvalid, SenderTable, load_answers
from sendwright.document.blocks import Document
from sendwright.screens import (
    Action,
    Choice,
    Consent,
    ConsentWay,
    Field,
    FieldKind,
    Form,
    Option,
    Proof,
    Review,
    Sheet,
    Working,
)

COMPLETE = """
provider = "custom_smtp"
backend = "this-computer"
activate = false
[smtp]
host = "mail.example.org"
port = 587
security = "starttls"
username = "anna@example.org"
password_file = "secret.txt"
ca_file = "authority.pem"
[sender]
address = "notifications@example.org"
alias = "Example"
[test]
to = "boss@example.org"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "answers.toml"
    file.write_text(text, encoding="utf-8")
    return file


def form(*fields: Field, step: str = "smtp-connect", actions: tuple[Action, ...] = ()) -> Form:
    return Form(step=step, title="t", fields=fields, actions=actions)


def text_field(name: str, kind: FieldKind = FieldKind.TEXT, value: str = "") -> Field:
    return Field(name=name, kind=kind, label="l", value=value)


CHOICE = Choice(
    step="ms-way",
    title="start.title",
    options=(Option(value="account", label="l"), Option(value="application", label="l")),
    fields=(Field(name="mailbox", kind=FieldKind.EMAIL, label="l", only_for="application"),),
)


@pytest.mark.parametrize(
    ("step", "chosen", "settings", "choice"),
    [
        ("ms-way", "", {"way": "application"}, "application"),
        ("ms-way", "application", {"way": "account"}, "account"),
        ("ms-way", "application", {"way": "by-magic"}, "application"),
        ("ms-way", "", {}, "account"),
        ("other", "", {"way": "application"}, "account"),
        ("other", "", {"mailbox": "info@contoso.com"}, "application"),
        ("other", "account", {"mailbox": "info@contoso.com"}, "application"),
        ("other", "application", {}, "application"),
    ],
)
def test_a_choice_is_what_the_table_says_or_fills(
    step: str, chosen: str, settings: dict[str, str], choice: str
) -> None:
    answers = Answers(provider="x", sender=SenderTable("a@example.org", "A"), settings=settings)
    assert answers.to(replace(CHOICE, step=step, chosen=chosen))["choice"] == choice


@pytest.mark.parametrize(
    ("way", "settings", "answer"),
    [
        (ConsentWay.EMBEDDED, {}, {"action": "own-browser"}),
        (ConsentWay.EMBEDDED, {"sign_in": "device-code"}, {"action": "device-code"}),
        (ConsentWay.BROWSER, {}, {}),
        (ConsentWay.DEVICE, {"sign_in": "device-code"}, {}),
    ],
)
def test_whoever_has_to_sign_in_does_so_where_the_file_says(
    way: ConsentWay, settings: dict[str, str], answer: dict[str, str]
) -> None:
    answers = Answers(provider="x", sender=SenderTable("a@example.org", "A"), settings=settings)
    assert answers.to(Consent(step="s", title="t", url="https://login.example.org/", way=way)) == answer


def test_a_sheet_is_read_and_its_fields_are_filled() -> None:
    sheet = Sheet(
        step="s",
        title="t",
        document=Document(id="d", title="D"),
        fields=(text_field("sends_from", value="unknown"), text_field("to")),
    )
    answers = Answers(provider="x", sender=SenderTable("a@example.org", "A"), settings={"sends_from": "own"})
    assert answers.to(sheet) == {"sends_from": "own", "to": ""}


@pytest.mark.parametrize("key", ["password", "client_secret", "service_account_key"])
def test_no_secret_stands_in_the_file_itself(tmp_path: Path, key: str) -> None:
    file = tmp_path / "answers.toml"
    file.write_text(
        f'provider = "x"\nbackend = "this-computer"\n[table]\n{key} = "hunter2"\n'
        '[sender]\naddress = "a@example.org"\nalias = "A"\n',
        encoding="utf-8",
    )
    with pytest.raises(AnswersInvalid) as refused:
        load_answers(file)
    assert refused.value.code == "password-in-file"
    assert "hunter2" not in str(refused.value)


def test_a_complete_file_is_read(tmp_path: Path) -> None:
    answers = load_answers(written(tmp_path, COMPLETE))
    assert answers.provider == "custom_smtp"
    assert answers.sender.alias == "Example"
    assert answers.test is not None
    assert answers.test.to == "boss@example.org"
    assert not answers.activate
    assert answers.settings["port"] == "587"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("provider = ", "not-toml"),
        (COMPLETE.replace('provider = "custom_smtp"', ""), "wrong-key"),
        (COMPLETE.replace('alias = "Example"', ""), "wrong-key"),
        (COMPLETE.replace('alias = "Example"', "alias = 7"), "wrong-key"),
        ("colour = 1\n" + COMPLETE, "wrong-key"),
        (COMPLETE.replace('backend = "this-computer"', ""), "backend-or-code"),
        ('connection_code_file = "c"\n' + COMPLETE, "backend-or-code"),
        (COMPLETE.replace("this-computer", "the-moon"), "backend-unknown"),
        (COMPLETE.replace('password_file = "secret.txt"', 'password = "canary"'), "password-in-file"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        load_answers(written(tmp_path, text))
    assert caught.value.code == code
    assert "canary" not in str(caught.value)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        load_answers(tmp_path / "none.toml")
    assert caught.value.code == "file-unreadable"


def test_the_wizards_own_screens_get_their_answers(tmp_path: Path) -> None:
    answers = load_answers(written(tmp_path, COMPLETE))

    def choice(step: str) -> Choice:
        return Choice(step=step, title="t", options=())

    assert answers.to(choice("start")) == {"choice": "set-up"}
    assert answers.to(choice("platform")) == {"choice": "this-computer"}
    assert answers.to(choice("provider"))["choice"] == "custom_smtp"
    assert answers.to(form(step="sender")) == {"address": "notifications@example.org", "alias": "Example"}
    assert answers.to(form(step="test")) == {"to": "boss@example.org"}
    assert answers.to(Proof(step="arrival", title="t", options=(Option(value="yes", label="l"),))) == {
        "choice": "later"
    }
    assert answers.to(Review(step="review", title="t", facts=(), statement="s")) == {}
    assert answers.to(Working(step="activate", title="t", stages=())) == {}


def test_without_a_test_table_the_test_goes_to_the_sender(tmp_path: Path) -> None:
    answers = load_answers(written(tmp_path, COMPLETE.partition("[test]")[0]))
    assert answers.to(form(step="test")) == {"to": "notifications@example.org"}


def test_a_providers_form_is_answered_from_its_table(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("canary\n")
    answers = load_answers(written(tmp_path, COMPLETE))
    fields = (
        text_field("host"),
        text_field("port", FieldKind.NUMBER, "25"),
        text_field("password", FieldKind.PASSWORD),
        text_field("ca_file", FieldKind.FILE),
        text_field("keep_password", FieldKind.TOGGLE, "false"),
        text_field("address", FieldKind.EMAIL),
    )
    assert answers.to(form(*fields)) == {
        "host": "mail.example.org",
        "port": "587",
        "password": "canary",
        "ca_file": str(tmp_path / "authority.pem"),
        "keep_password": "false",
        "address": "notifications@example.org",
    }


def test_whoever_names_the_server_needs_no_search(tmp_path: Path) -> None:
    screen = form(text_field("address"), actions=(Action(name="by-hand", label="l"),))
    assert load_answers(written(tmp_path, COMPLETE)).to(screen) == {"action": "by-hand"}
    searching = COMPLETE.replace('host = "mail.example.org"', "")
    assert load_answers(written(tmp_path, searching)).to(screen) == {"address": ""}


def test_a_password_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = COMPLETE.replace('password_file = "secret.txt"', 'password_env = "MAIL_PASSWORD"')
    answers = load_answers(written(tmp_path, text))
    screen = form(text_field("password", FieldKind.PASSWORD))
    with pytest.raises(AnswersInvalid) as caught:
        answers.to(screen)
    assert caught.value.code == "variable-missing"
    monkeypatch.setenv("MAIL_PASSWORD", "canary")
    assert answers.to(screen) == {"password": "canary"}


def test_an_unreadable_secret_is_named_by_its_file(tmp_path: Path) -> None:
    answers = load_answers(written(tmp_path, COMPLETE))
    with pytest.raises(AnswersInvalid) as caught:
        answers.to(form(text_field("password", FieldKind.PASSWORD)))
    assert (caught.value.code, caught.value.detail) == ("file-unreadable", "secret.txt")


def test_a_connection_code_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "code.txt").write_text("SW1-ABC\n")
    text = COMPLETE.replace('backend = "this-computer"', 'connection_code_file = "code.txt"')
    answers: Answers = load_answers(written(tmp_path, text))
    screen = Choice(step="platform", title="t", options=())
    assert answers.to(screen) == {"choice": "connection-code", "code": "SW1-ABC"}


@pytest.mark.parametrize(
    "text",
    [
        COMPLETE.replace("port = 587", "port = [587]"),
        COMPLETE.replace("port = 587", "port = 58.7"),
        COMPLETE.replace("port = 587", "port = 2026-11-20"),
        COMPLETE.replace("port = 587", "port = {number = 587}"),
        COMPLETE.replace("activate = false", 'activate = "no"'),
        COMPLETE.replace("activate = false", 'folder = "/etc"'),
        COMPLETE.replace("activate = false", 'settings = "x"'),
        "sender = 3\n" + COMPLETE.partition("[sender]")[0],
        COMPLETE.replace('"boss@example.org"', "[]"),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        load_answers(written(tmp_path, text))
    assert caught.value.code == "wrong-key"


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", b"x = " + b"[" * 100_000, b"a\0b = 1"])
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "answers.toml"
    file.write_bytes(content)
    with pytest.raises(AnswersInvalid) as caught:
        load_answers(file)
    assert caught.value.code in {"not-toml", "file-unreadable"}


@pytest.mark.parametrize("file", ["/dev/zero", "/", "~no-such-person/answers.toml"])
def test_a_place_without_answers_is_refused(file: str) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        load_answers(Path(file))
    assert (caught.value.code, caught.value.detail) == ("file-unreadable", file)


def test_a_file_as_windows_writes_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_bytes(COMPLETE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_answers(file).sender.alias == "Example"


@pytest.mark.parametrize("given", ["/dev/zero", "\\u0000", "~no-such-person/pw", "."])
def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path, given: str) -> None:
    text = COMPLETE.replace('"secret.txt"', f'"{given}"').replace('"authority.pem"', f'"{given}"')
    answers = load_answers(written(tmp_path, text))
    with pytest.raises(AnswersInvalid):
        answers.to(form(text_field("password", FieldKind.PASSWORD)))
    assert answers.to(form(text_field("ca_file", FieldKind.FILE)))["ca_file"]


@pytest.mark.parametrize("content", ["canary", "canary\n", "canary\r\nmore\r\n"])
def test_the_first_line_of_a_file_is_the_secret(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.txt").write_bytes(content.encode())
    answers = load_answers(written(tmp_path, COMPLETE))
    assert answers.to(form(text_field("password", FieldKind.PASSWORD))) == {"password": "canary"}


def test_a_token_can_be_the_user_name_without_standing_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("canary")
    text = COMPLETE.replace('username = "anna@example.org"', 'username_file = "secret.txt"')
    answers = load_answers(written(tmp_path, text))
    assert answers.to(form(text_field("username"))) == {"username": "canary"}


def test_a_code_over_several_lines_comes_whole(tmp_path: Path) -> None:
    (tmp_path / "code.txt").write_bytes(b"\xef\xbb\xbfSW1-ABC\r\nDEF\r\n\r\n")
    text = COMPLETE.replace('backend = "this-computer"', 'connection_code_file = "code.txt"')
    screen = Choice(step="platform", title="t", options=())
    assert load_answers(written(tmp_path, text)).to(screen)["code"] == "SW1-ABC\r\nDEF"


def test_keys_that_no_field_asks_for_are_named(tmp_path: Path) -> None:
    answers = load_answers(written(tmp_path, COMPLETE))
    answers.require_known(["host", "port", "security", "username", "password", "ca_file"])
    with pytest.raises(AnswersInvalid) as caught:
        answers.require_known(["host", "port", "security", "password", "ca_file"])
    assert (caught.value.code, caught.value.detail) == ("wrong-key", "username")
