"""Going back to the platform's sender in the terminal's wizard."""

import json
from pathlib import Path

import pytest
from tests.unit.cli.test_setup import Screenplay, options
from tests.wizard.surroundings import Stage, stage
from tests.wizard.walking import walk_to

from sendwright.cli.setup import run_setup
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts


async def in_force(play: Stage) -> None:
    await walk_to(await open_wizard(play.world, NoDrafts()), "done")
    play.backend.calls.clear()


async def walked(play: Stage, *lines: str, as_json: bool = False) -> tuple[int, Screenplay]:
    wizard = await open_wizard(play.world, NoDrafts())
    screenplay = Screenplay(list(lines))
    given = options()
    given.json = as_json
    return await run_setup(given, wizard, screenplay.terminal), screenplay


async def test_it_asks_once_more_and_says_what_is_in_force_then(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        code, screenplay = await walked(play, "3", "", "1")
        said = " ".join(screenplay.out.getvalue().split())
        assert code == 0
        assert play.backend.calls.count("use-default") == 1
        assert "will come from no-reply@platform.example again" in said
        assert said.index("stays stored") < said.index("come from no-reply@platform.example again.")
        assert "The platform's own sender is in force again." in said


async def test_the_report_names_the_outcome(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        code, screenplay = await walked(play, "3", "", "1", as_json=True)
        report = json.loads(screenplay.data.getvalue())
        assert (code, report["outcome"], report["step"], report["profile"]) == (0, "default", "disconnected", None)


async def test_the_former_sender_can_be_put_in_force_again_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        code, screenplay = await walked(play, "3", "", "2", as_json=True)
        report = json.loads(screenplay.data.getvalue())
        assert (code, report["outcome"]) == (0, "in-force")
        assert report["profile"]["address"] == "notifications@example.org"
        assert "restore-1" in play.backend.calls


@pytest.mark.parametrize("lines", [["3"], ["3", "<"]])
async def test_whoever_leaves_or_goes_back_changes_nothing(tmp_path: Path, lines: list[str]) -> None:
    async with stage(tmp_path) as play:
        await in_force(play)
        code, screenplay = await walked(play, *lines, as_json=True)
        assert (code, json.loads(screenplay.data.getvalue())["outcome"]) == (4, "cancelled")
        assert "use-default" not in play.backend.calls


@pytest.mark.parametrize(("typed", "revoked"), [("", None), ("y", True)])
async def test_what_else_ends_is_said_beside_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, revoked: bool | None
) -> None:
    monkeypatch.setattr(CustomSmtp, "ending", lambda _self, _profile: "gmail.ending.own")
    async with stage(tmp_path) as play:
        await in_force(play)
        code, screenplay = await walked(play, "3", typed, "", "1")
        said = " ".join(screenplay.out.getvalue().split())
        assert code == 0
        assert "Every other program that uses the same project" in said
        assert ("has ended" in said) is bool(revoked)
