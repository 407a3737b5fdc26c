"""The command line: its words and its exit codes."""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sendwright.cli import dispatch
from sendwright.cli.faces import Faces
from sendwright.cli.main import run
from sendwright.cli.parsing import COMMANDS, command_of, language_of, parser
from sendwright.deployment import Deployment
from sendwright.errors import SendwrightError, VaultUnavailable
from sendwright.handoff.backend import HandoffFailed
from sendwright.practice.scenarios import SCENARIOS
from sendwright.problems.evidence import Evidence, System


@dataclass
class Doubles:
    """Faces that note how they were asked for, and fail when told to."""

    asked: list[object] = field(default_factory=list)
    error: BaseException | None = None

    def window(self, deployment: Deployment, *, practice: str | None) -> int:
        del deployment
        self.asked.append(("window", practice))
        if self.error is not None:
            raise self.error
        return 0

    def serve(self, arguments: argparse.Namespace, deployment: Deployment) -> int:
        del deployment
        self.asked.append(("serve", arguments.command))
        return 0

    @property
    def faces(self) -> Faces:
        return Faces(window=self.window, serve=self.serve, connection_code=self.serve)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("SENDWRIGHT_LANGUAGE", "en")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], [("window", None)]),
        (["practice"], [("window", "")]),
        (["practice", "--scenario", "greylisting"], [("window", "greylisting")]),
        (["serve"], [("serve", "serve")]),
        (["connection-code"], [("serve", "connection-code")]),
    ],
)
def test_each_word_leads_to_its_face(words: list[str], asked: list[object]) -> None:
    doubles = Doubles()
    assert run(words, faces=doubles.faces) == 0
    assert doubles.asked == asked


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 4),
        (SendwrightError("known"), 1),
        (VaultUnavailable("locked"), 1),
        (HandoffFailed(Evidence(stage="backend", system=System.SOCKET, errno="ECONNREFUSED")), 1),
        (ZeroDivisionError("canary"), 3),
    ],
)
def test_every_end_has_its_exit_code(error: BaseException, code: int) -> None:
    assert run([], faces=Doubles(error=error).faces) == code


def test_a_fault_of_ours_names_the_log_and_keeps_its_details_out_of_sight(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run([], faces=Doubles(error=ZeroDivisionError("canary")).faces) == 3
    shown = "".join(capsys.readouterr())
    assert "canary" not in shown
    (log,) = tmp_path.rglob("sendwright.log")
    assert "ZeroDivisionError" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("words", [["fly"], ["setup", "--fast"], ["--language", "tlh"], ["notify"], ["doctor"]])
def test_wrong_words_are_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(words, faces=Doubles().faces)
    assert caught.value.code == 2
    assert "usage: sendwright" in capsys.readouterr().err


def test_a_useless_deployment_file_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text("[platform]\ncolour = 'red'\n")
    assert run(["--deployment", str(file)], faces=Doubles().faces) == 2
    assert "deployment.toml" in "".join(capsys.readouterr()).replace("\n", "")


def test_without_a_display_the_terminal_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    doubles = Doubles()
    assert run([], faces=doubles.faces) == 2
    assert doubles.asked == []
    assert "sendwright setup" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("missing", "words", "said"),
    [
        ("PySide6", [], "sendwright[desktop]"),
        ("litestar", ["serve"], "sendwright[service]"),
        ("aiosmtpd", ["practice"], "sendwright[practice]"),
    ],
)
def test_a_part_that_is_not_installed_is_named(
    missing: str, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dispatch, "_installed", lambda *modules: missing not in modules)
    assert run(words, faces=Doubles().faces) == 2
    assert said in "".join(capsys.readouterr())


SCHEMAS = {"notify": "notification"}


@pytest.mark.parametrize("command", ["notify", "status", "disconnect"])
def test_what_needs_a_platform_says_when_there_is_none(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = {"notify": ["--kind", "test", "--to", "a@example.org", "--subject", "s"]}.get(command, [])
    assert run([command, *words], faces=Doubles().faces) == 1
    assert "sendwright setup" in "".join(capsys.readouterr())


@pytest.mark.parametrize("command", ["notify", "status", "disconnect"])
def test_with_json_a_platform_that_cannot_be_reached_is_json_too(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"notify": ["--kind", "test", "--to", "a@example.org", "--subject", "s"]}.get(command, [])
    assert run([command, *words, "--json"], faces=Doubles().faces) == 1
    out, complaint = capsys.readouterr()
    report = json.loads(out)
    assert report["schema"] == f"sendwright.{SCHEMAS.get(command, command)}/1"
    assert report["problem"]["code"] == "backend-not-connected"
    assert complaint == ""

    async def locked(_: object) -> None:
        raise VaultUnavailable("locked")

    monkeypatch.setattr("sendwright.cli.errands.real_world", locked)
    assert run([command, *words, "--json"], faces=Doubles().faces) == 1
    assert json.loads(capsys.readouterr().out)["problem"]["code"] == "keychain-locked"
    assert run([command, *words], faces=Doubles().faces) == 1
    assert "keychain" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("words", "language"),
    [([], None), (["--language", "fr"], "fr"), (["setup", "--language", "nl"], "nl"), (["--language", "xx"], None)],
)
def test_the_language_is_known_before_the_help_is_made(words: list[str], language: str | None) -> None:
    assert language_of(words) == language


def test_the_help_of_practice_names_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser("practice").parse_args(["practice", "--help"])
    shown = "".join(capsys.readouterr().out.split())
    assert ",".join(known.name for known in SCENARIOS) in shown


UNDERSTOOD = [
    ["setup", "--answers", "a.toml"],
    ["doctor", "smtp", "mail.example.org:587", "--json"],
    ["explain", "535"],
    ["open", "monday.sendwright-diagnosis", "--compare", "sunday", "--level", "it"],
    ["serve", "--data", "d", "--listen", "127.0.0.1:0"],
    ["connection-code", "--valid-minutes", "5"],
    ["notify", "--kind", "comment", "--to", "a@example.org", "--subject", "s"],
    ["status", "--json"],
    ["disconnect", "--revoke", "--yes"],
    ["practice", "--scenario", "usual"],
]


def test_every_command_has_words_that_are_understood() -> None:
    assert [words[0] for words in UNDERSTOOD] == list(COMMANDS)


@pytest.mark.parametrize("before", [[], ["--language", "nl"], ["--deployment", "setup"], ["--deployment=status"]])
@pytest.mark.parametrize("words", UNDERSTOOD, ids=lambda words: words[0])
def test_a_command_alone_understands_what_all_together_do(words: list[str], before: list[str]) -> None:
    line = [*before, *words]
    assert command_of(line) == words[0]
    assert parser(words[0]).parse_args(line) == parser().parse_args(line)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], ""),
        (["--version"], ""),
        (["--language", "fr"], ""),
        (["--deployment", "notify"], ""),
        (["fly"], None),
        (["--language", "xx", "setup"], None),
        (["--deployment"], None),
    ],
)
def test_without_a_known_command_none_is_loaded_for_nothing(words: list[str], command: str | None) -> None:
    assert command_of(words) == command


def test_the_help_names_all_commands_alike_however_many_are_loaded() -> None:
    assert parser("").format_help() == parser("doctor").format_help() == parser().format_help()
    assert all(f"    {name} " in parser("").format_help() for name in COMMANDS)


HEAVY = ("PySide6", "litestar", "dbos", "sqlalchemy")
EVEN_RICH = (*HEAVY, "asyncio", "cryptography", "dns", "httpx", "keyring", "msgspec", "rich")


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["--version"], EVEN_RICH),
        (["--help"], EVEN_RICH),
        (["doctor", "--help"], HEAVY),
        (["explain", "550"], (*HEAVY, "cryptography", "dns", "httpx", "keyring")),
    ],
)
def test_what_is_not_asked_for_is_not_loaded(words: list[str], unneeded: tuple[str, ...]) -> None:
    program = (
        f"import sys; sys.argv = ['sendwright', *{words!r}]\n"
        "from sendwright.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print(sorted(name for name in {unneeded!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
