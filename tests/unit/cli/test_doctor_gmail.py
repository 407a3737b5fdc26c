"""What `doctor gmail` is asked, and when the words do not go together."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from tests.unit.cli.doctoring import parse
from tests.unit.oauth.google.key_files import EMAIL, UNIQUE_ID, key_file

from sendwright.cli.doctor_gmail import read_question, run
from sendwright.cli.doctor_run import WrongUsage
from sendwright.cli.passwords import PasswordUnavailable
from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.network.system import system_network
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof, Way

CLIENT = "123456789012-shipped.apps.googleusercontent.com"
SHIPPED = Deployment(
    google=Google(
        client_id=CLIENT,
        client_secret=Secret("GOCSPX-shipped"),
        login="https://localhost:1",
        gmail="https://localhost:2",
        smtp="localhost:2587",
    )
)


def words(line: str, folder: Path) -> list[str]:
    (folder / "secret.txt").write_text("GOCSPX-typed\nsecond line\n", encoding="utf-8")
    (folder / "key.json").write_text(key_file().reveal(), encoding="utf-8")
    (folder / "client.json").write_text('{"installed": {"client_id": "x"}}', encoding="utf-8")
    return ["doctor", "gmail", *line.replace("FOLDER", str(folder)).split()]


@pytest.mark.parametrize(
    ("line", "way", "route", "signs_in"),
    [
        ("anna@example.org", Way.ACCOUNT, Route.API, False),
        ("anna@example.org --route smtp", Way.ACCOUNT, Route.SMTP, False),
        ("anna@example.org --sign-in --to ben@example.org", Way.ACCOUNT, Route.API, True),
        ("anna@example.org --sign-in --route relay", Way.ACCOUNT, Route.RELAY, True),
        ("anna@example.org --service-account-key FOLDER/key.json", Way.SERVICE_ACCOUNT, Route.API, False),
    ],
)
def test_what_is_typed_becomes_settings(tmp_path: Path, line: str, way: Way, route: Route, signs_in: bool) -> None:
    question = read_question(parse(*words(line, tmp_path)), SHIPPED)
    settings = question.settings
    assert (settings.way, settings.route, question.signs_in) == (way, route, signs_in)
    assert settings.account == "anna@example.org"
    assert (settings.login, settings.gmail) == ("https://localhost:1", "https://localhost:2")
    assert (settings.smtp_host, settings.smtp_port) == ("localhost", 2587)


def test_a_service_account_is_the_one_in_its_key(tmp_path: Path) -> None:
    line = "anna@example.org --service-account-key FOLDER/key.json --from notices@example.org"
    question = read_question(parse(*words(line, tmp_path)), SHIPPED)
    settings = question.settings
    assert (settings.service_account, settings.client_id, settings.domain) == (EMAIL, UNIQUE_ID, "example.org")
    assert (settings.account_id, settings.own, settings.proof) == ("", False, SenderProof.UNPROVEN)
    assert question.sender == "notices@example.org"
    assert question.credential["service_account_key"] == key_file()


@pytest.mark.parametrize(
    ("line", "client_id", "secret", "own"),
    [
        ("", CLIENT, "GOCSPX-shipped", False),
        (f"--client-id {CLIENT}", CLIENT, None, False),
        ("--client-id other", "other", None, True),
        ("--client-id other --client-secret-file FOLDER/secret.txt", "other", "GOCSPX-typed", True),
        ("--client-secret-file FOLDER/secret.txt", CLIENT, "GOCSPX-typed", False),
    ],
)
def test_the_client_is_the_typed_one_else_the_platforms(
    tmp_path: Path, line: str, client_id: str, secret: str | None, own: bool
) -> None:
    question = read_question(parse(*words(f"anna@example.org --sign-in {line}", tmp_path)), SHIPPED)
    client = question.client
    assert (client.client_id, client.own, question.settings.own) == (client_id, own, own)
    assert (None if client.secret is None else client.secret.reveal()) == secret


@pytest.mark.parametrize(
    ("line", "proof"),
    [("", SenderProof.OWN), ("--from ANNA@example.org", SenderProof.OWN), ("--from b@c.org", SenderProof.UNPROVEN)],
)
def test_another_sender_is_not_believed_unseen(tmp_path: Path, line: str, proof: SenderProof) -> None:
    assert read_question(parse(*words(f"anna@example.org {line}", tmp_path)), SHIPPED).settings.proof is proof


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    line = "anna@example.org --service-account-key FOLDER/key.json"
    shown = repr(read_question(parse(*words(line, tmp_path)), SHIPPED))
    assert "PRIVATE KEY" not in shown
    assert "GOCSPX" not in shown


WRONG = [
    ("nonsense", "is no mail address"),
    ("anna@example.org --from nonsense", "is no mail address"),
    ("anna@example.org --sign-in --to nonsense", "is no mail address"),
    ("anna@example.org --to ben@example.org", "needs a sign-in"),
    ("anna@example.org --service-account-key FOLDER/none.json", "cannot be read"),
    ("anna@example.org --service-account-key FOLDER", "This is a folder"),
    ("anna@example.org --service-account-key FOLDER/client.json", "belongs to an OAuth client"),
    ("anna@example.org --service-account-key FOLDER/secret.txt", "it is not JSON"),
    ("anna@example.org --service-account-key FOLDER/key.json --client-id x", "needs no OAuth client"),
    ("anna@example.org --client-id a/b", "`$.client_id` cannot be used"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_words_that_do_not_go_together_are_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(WrongUsage) as wrong:
        read_question(parse(*words(line, tmp_path)), SHIPPED)
    assert said in str(wrong.value)


def test_without_a_client_nobody_signs_in(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="--client-id"):
        read_question(parse(*words("anna@example.org --sign-in", tmp_path)), Deployment())
    assert isinstance(read_question(parse(*words("anna@example.org", tmp_path)), Deployment()).settings, GmailSettings)


def test_a_secret_that_is_not_there_is_told(tmp_path: Path) -> None:
    line = "anna@example.org --sign-in --client-secret-file FOLDER/none.txt"
    with pytest.raises(PasswordUnavailable):
        read_question(parse(*words(line, tmp_path)), SHIPPED)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "anna@example.org --sign-in --service-account-key A",
        "anna@example.org --route pigeon",
        "anna@example.org --client-secret value-in-the-arguments",
        "anna@example.org --token value-in-the-arguments",
    ],
)
def test_what_excludes_itself_is_refused_by_the_command_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(*words(line, tmp_path))
    assert ended.value.code == 2


@pytest.mark.parametrize(("line", "said"), [*WRONG, ("a@example.org --save FOLDER/none/x.zip", "cannot be written")])
async def test_wrong_usage_ends_with_code_two_and_writes_no_data(tmp_path: Path, line: str, said: str) -> None:
    out, data = io.StringIO(), io.StringIO()
    consoles = Console(file=out, width=200, emoji=False), Console(file=data, width=200, emoji=False)
    code = await run(parse(*words(f"{line} --json", tmp_path)), SHIPPED, system_network(), *consoles)
    assert code == 2
    assert said in " ".join(out.getvalue().split())
    assert data.getvalue() == ""
