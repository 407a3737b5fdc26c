"""What `doctor microsoft` is asked, and when the words do not go together."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from tests.unit.cli.doctoring import parse

from sendwright.cli.doctor_microsoft import read_question, run
from sendwright.cli.doctor_run import WrongUsage
from sendwright.cli.passwords import PasswordUnavailable
from sendwright.deployment import Deployment
from sendwright.deployment.model import Microsoft
from sendwright.network.system import system_network
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Route, Way

APP = "11111111-2222-3333-4444-555555555555"
SHIPPED = Deployment(
    microsoft=Microsoft(
        client_id=APP,
        cloud="china",
        authority="https://localhost:1",
        graph="https://localhost:2",
        smtp="localhost:2587",
    )
)


def words(line: str, folder: Path) -> list[str]:
    (folder / "secret.txt").write_text("value-of-the-secret\nsecond line\n", encoding="utf-8")
    (folder / "app.pem").write_text("-----BEGIN PRIVATE KEY-----\n", encoding="utf-8")
    return ["doctor", "microsoft", *line.replace("FOLDER", str(folder)).split()]


@pytest.mark.parametrize(
    ("line", "carried", "organisation", "mailbox"),
    [
        ("contoso.com", (Way.ACCOUNT, Route.ME), "contoso.com", ""),
        ("--mailbox info@contoso.com", (Way.ACCOUNT, Route.ME), "contoso.com", "info@contoso.com"),
        (f"{APP} --mailbox a@b.example", (Way.ACCOUNT, Route.ME), APP, "a@b.example"),
        ("contoso.com --device-code --to a@example.org", (Way.ACCOUNT, Route.ME), "contoso.com", ""),
        ("contoso.com --route smtp", (Way.ACCOUNT, Route.SMTP), "contoso.com", ""),
        (
            "--mailbox info@contoso.com --secret-file FOLDER/secret.txt",
            (Way.APPLICATION, Route.MAILBOX),
            "contoso.com",
            "info@contoso.com",
        ),
        (
            "--mailbox info@contoso.com --certificate-file FOLDER/app.pem --route smtp",
            (Way.APPLICATION, Route.SMTP),
            "contoso.com",
            "info@contoso.com",
        ),
    ],
)
def test_what_is_typed_becomes_settings(
    tmp_path: Path, line: str, carried: tuple[Way, Route], organisation: str, mailbox: str
) -> None:
    question = read_question(parse(*words(line, tmp_path)), SHIPPED)
    assert (question.settings.way, question.settings.route) == carried
    assert (question.organisation, question.settings.tenant) == (organisation, organisation)
    assert (question.mailbox, question.settings.mailbox) == (mailbox, mailbox)
    assert question.signs_in is ("-file" in line or "--device-code" in line)


def test_the_deployment_says_what_is_not_typed(tmp_path: Path) -> None:
    settings = read_question(parse(*words("contoso.com", tmp_path)), SHIPPED).settings
    assert (settings.client_id, settings.cloud) == (APP, "china")
    assert (settings.login, settings.graph) == ("https://localhost:1", "https://localhost:2")
    assert (settings.smtp_host, settings.smtp_port) == ("localhost", 2587)


def test_what_is_typed_comes_before_the_deployment(tmp_path: Path) -> None:
    arguments = parse(*words("contoso.com --client-id other --cloud global", tmp_path))
    settings = read_question(arguments, SHIPPED).settings
    assert (settings.client_id, settings.cloud) == ("other", "global")


def test_a_secret_is_the_first_line_and_never_shown(tmp_path: Path) -> None:
    arguments = parse(*words("--mailbox a@contoso.com --secret-file FOLDER/secret.txt", tmp_path))
    question = read_question(arguments, SHIPPED)
    assert question.credential == {"client_secret": Secret("value-of-the-secret")}
    assert "value-of-the-secret" not in repr(question)


WRONG = [
    ("", "Name the organisation"),
    ("https://contoso.com/", "Name the organisation"),
    ("contoso.com/../x", "Name the organisation"),
    ("--mailbox nonsense", "is no mail address"),
    ("contoso.com --to nonsense --device-code", "is no mail address"),
    ("contoso.com --from nonsense", "is no mail address"),
    ("contoso.com --to a@example.org", "needs a sign-in"),
    ("contoso.com --secret-file FOLDER/secret.txt", "no mailbox of its own"),
    ("--mailbox a@contoso.com --certificate-file FOLDER/none.pem", "cannot be read"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_words_that_do_not_go_together_are_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        read_question(parse(*words(line, tmp_path)), SHIPPED)


@pytest.mark.parametrize("line", ["--secret-file FOLDER/none.txt", "--secret-env SENDWRIGHT_TEST_UNSET"])
def test_a_secret_that_is_not_there_is_told(tmp_path: Path, line: str) -> None:
    with pytest.raises(PasswordUnavailable):
        read_question(parse(*words(f"--mailbox a@contoso.com {line}", tmp_path)), SHIPPED)


def test_without_an_application_nobody_signs_in(tmp_path: Path) -> None:
    arguments = parse(*words("contoso.com --device-code", tmp_path))
    with pytest.raises(WrongUsage, match="--client-id"):
        read_question(arguments, Deployment())
    assert read_question(parse(*words("contoso.com", tmp_path)), Deployment()).settings.client_id


@pytest.mark.parametrize(
    "line",
    [
        "contoso.com --device-code --secret-env A",
        "contoso.com --secret-file A --certificate-file B",
        "contoso.com --route other",
        "contoso.com --cloud moon",
        "contoso.com --secret value-in-the-arguments",
    ],
)
def test_what_excludes_itself_is_refused_by_the_command_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(*words(line, tmp_path))
    assert ended.value.code == 2


@pytest.mark.parametrize(("line", "said"), [*WRONG, ("contoso.com --save FOLDER/none/x.zip", "cannot be written")])
async def test_wrong_usage_ends_with_code_two_and_writes_no_data(tmp_path: Path, line: str, said: str) -> None:
    out, data = io.StringIO(), io.StringIO()
    consoles = Console(file=out, width=200, emoji=False), Console(file=data, width=200, emoji=False)
    code = await run(parse(*words(f"{line} --json", tmp_path)), SHIPPED, system_network(), *consoles)
    assert code == 2
    assert said in " ".join(out.getvalue().split())
    assert data.getvalue() == ""
