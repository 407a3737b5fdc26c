"""The answers file of an unattended set-up."""

from pathlib import Path

import pytest

from sendwright.cli.answers import Answers, AnswersInvalid, load_answers
from sendwright.screens import Action, Choice, Field, FieldKind, Form, Option, Proof, Review, Working

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
