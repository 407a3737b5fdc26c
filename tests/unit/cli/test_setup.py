"""`sendwright setup` in the terminal and unattended."""

import argparse
import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.wizard.surroundings import stage

from sendwright.cli.setup import run_setup
from sendwright.cli.terminal import Terminal
from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.scenarios import scenario
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts, StoredDrafts

ANSWERS = """
provider = "custom_smtp"
backend = "this-computer"
{activate}
[smtp]
host = "localhost"
port = {port}
security = "tls"
username = "anna@example.org"
password_env = "MAIL_PASSWORD"
[sender]
address = "notifications@example.org"
alias = "Example"
"""


def options(answers: Path | None = None, *, save: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(answers=answers, json=answers is not None, save=save, keep_addresses=False)


class Screenplay:
    """A terminal that plays typed lines."""

    def __init__(self, lines: list[str], secrets: list[str] | None = None) -> None:
        self.out, self.data = io.StringIO(), io.StringIO()
        self._lines, self._secrets = iter(lines), iter(secrets or [])
        self.terminal = Terminal(
            out=Console(emoji=False, file=self.out, width=100),
            data=Console(emoji=False, file=self.data),
            line=self._line,
            secret=self._secret,
        )

    def _line(self, _: str) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise EOFError from None

    def _secret(self, _: str) -> str:
        return next(self._secrets)


async def unattended(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str = "usual",
    activate: str = "",
    password: str = PASSWORD,
) -> tuple[int, dict[str, object], str]:
    monkeypatch.setenv("MAIL_PASSWORD", password)
    async with stage(folder, scenario=scenario(name)) as play:
        file = folder / "answers.toml"
        file.write_text(ANSWERS.format(port=play.mail.tls_port, activate=activate))
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay([])
        code = await run_setup(options(file), wizard, screenplay.terminal)
        return code, json.loads(screenplay.data.getvalue()), screenplay.out.getvalue()


async def test_answers_alone_bring_a_sender_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, report, _ = await unattended(tmp_path, monkeypatch)
    assert code == 0
    assert report == {
        "schema": "sendwright.setup/1",
        "outcome": "in-force",
        "step": "done",
        "problem": None,
        "profile": {"version": 1, "address": "notifications@example.org", "alias": "Example"},
        "fields": {},
    }


async def test_a_wrong_password_is_told_by_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, report, out = await unattended(tmp_path, monkeypatch, password="canary-wrong")
    assert code == 1
    assert report["outcome"] == "stopped"
    assert report["step"] == "smtp-prove"
    problem = report["problem"]
    assert isinstance(problem, dict)
    assert problem["code"] == "auth-wrong-credentials"
    assert "canary-wrong" not in out + json.dumps(report)


async def test_without_activation_it_stops_at_the_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, report, _ = await unattended(tmp_path, monkeypatch, activate="activate = false")
    assert code == 0
    assert (report["outcome"], report["step"], report["problem"]) == ("stopped", "review", None)


async def test_a_useless_answers_file_is_wrong_usage(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay([])
        assert await run_setup(options(tmp_path / "none.toml"), wizard, screenplay.terminal) == 2
        assert "cannot be read" in screenplay.out.getvalue()
        assert screenplay.data.getvalue() == ""


async def test_a_person_walks_it_in_the_terminal(tmp_path: Path) -> None:
    lines = [
        "1",  # set up
        "2",  # this computer
        "3", "",  # own server, no address typed
        "1", "notifications@example.org", "no",  # answer, address, not Mozilla
        "1", "", "", "", "notifications@example.org",  # proposal, host, port, security, user
        "no",  # no further settings
        "Example", "",  # alias, address
        "anna@example.org",  # test to
        "1",  # arrived
        "",  # put in force
        "1",  # close
    ]  # fmt: skip
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay(lines, [PASSWORD])
        code = await run_setup(options(), wizard, screenplay.terminal)
        assert code == 0, screenplay.out.getvalue()
        assert play.backend.organisation_now.in_force is not None
        assert len(play.inbox) == 1


async def test_leaving_in_the_middle_keeps_the_answers(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        code = await run_setup(options(), wizard, Screenplay(["1", "2"]).terminal)
        assert code == 4
        again = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert again.screen.step == "provider"
