"""The table [gmail] of an answers file."""

import pytest
from msgspec.structs import replace

from sendwright.cli.answers import Answers, AnswersInvalid, SenderTable
from sendwright.document.blocks import Document
from sendwright.screens import Choice, Field, FieldKind, Option, Sheet

SENDER = Choice(
    step="gmail-sender",
    title="start.title",
    options=(Option(value="own", label="l", note="anna@example.org"), Option(value="other", label="l")),
    fields=(Field(name="sender", kind=FieldKind.EMAIL, label="l", value="typed@example.org", only_for="other"),),
)
KEY = Choice(
    step="gmail-key",
    title="start.title",
    options=(Option(value="key", label="l"), Option(value="keyless", label="l")),
    fields=(
        Field(name="file", kind=FieldKind.FILE, label="l", only_for="key"),
        Field(name="service_account", kind=FieldKind.TEXT, label="l", only_for="keyless"),
    ),
    chosen="key",
)


@pytest.mark.parametrize(
    ("address", "choice"),
    [("anna@example.org", "own"), ("ANNA@example.org", "own"), ("notices@example.org", "other")],
)
def test_the_sender_of_the_file_is_the_accounts_own_address_or_another(address: str, choice: str) -> None:
    answers = Answers(provider="gmail", sender=SenderTable(address, "A"), settings={"sender": "ignored@example.org"})
    assert answers.to(SENDER) == {"choice": choice, "sender": address}


def test_the_key_of_a_service_account_is_the_file_that_the_table_names() -> None:
    answers = Answers(
        provider="gmail",
        sender=SenderTable("a@example.org", "A"),
        settings={"service_account_key_file": "keys/notices.json"},
        folder="/etc/sendwright",
    )
    assert answers.to(KEY) == {"choice": "key", "file": "/etc/sendwright/keys/notices.json", "service_account": ""}
    elsewhere = replace(KEY, step="gmail-alias")
    assert answers.to(elsewhere)["file"] == ""  # type: ignore[index]


def test_a_service_account_without_a_key_is_named() -> None:
    settings = {"service_account": "notices@project.iam.gserviceaccount.com"}
    answers = Answers(provider="gmail", sender=SenderTable("a@example.org", "A"), settings=settings)
    assert answers.to(KEY)["choice"] == "keyless"
    assert answers.to(KEY)["service_account"] == "notices@project.iam.gserviceaccount.com"


@pytest.mark.parametrize(("settings", "control"), [({}, ""), ({"control": "ben@example.org"}, "ben@example.org")])
def test_nobody_is_tried_as_a_control_unless_somebody_is_named(settings: dict[str, str], control: str) -> None:
    sheet = Sheet(
        step="gmail-delegation",
        title="t",
        document=Document(id="d", title="D"),
        fields=(email("subject"), email("control")),
    )
    answers = Answers(provider="gmail", sender=SenderTable("a@example.org", "A"), settings=settings)
    assert answers.to(sheet) == {"subject": "a@example.org", "control": control}


def test_the_way_through_google_stands_in_its_table() -> None:
    way = Choice(
        step="gmail-way",
        title="start.title",
        options=tuple(Option(value=value, label="l") for value in ("account", "own", "service-account")),
    )
    answers = Answers(provider="gmail", sender=SenderTable("a@example.org", "A"), settings={"way": "service-account"})
    assert answers.to(way) == {"choice": "service-account"}


@pytest.mark.parametrize(
    ("key", "steps", "known"),
    [
        ("service_account_key_file", ("gmail-key",), True),
        ("service_account_key_file", ("smtp-connect",), False),
        ("service_account_key", ("gmail-key",), False),
        ("service_account_key_env", ("gmail-key",), False),
        ("client_secret_file", ("gmail-key",), True),
        ("subject", (), True),
        ("sign_in", (), True),
        ("from", ("gmail-key",), False),
    ],
)
def test_a_key_that_nobody_asks_for_is_refused(key: str, steps: tuple[str, ...], *, known: bool) -> None:
    answers = Answers(provider="gmail", sender=SenderTable("a@example.org", "A"), settings={key: "x"})
    names = ("way", "client_secret", "subject")
    if known:
        answers.require_known(names, steps=steps)
        return
    with pytest.raises(AnswersInvalid, match=key):
        answers.require_known(names, steps=steps)


def email(name: str) -> Field:
    return Field(name=name, kind=FieldKind.EMAIL, label="l")
