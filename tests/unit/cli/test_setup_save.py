"""A diagnosis file where `sendwright setup` stopped: asked for in the terminal, or with `--save` unattended."""

import json
import stat
import zipfile
from pathlib import Path

import pytest
from tests.unit.cli.test_setup import ANSWERS, Screenplay, options
from tests.unit.cli.test_setup_ways_out import TO_SENDER
from tests.wizard.surroundings import Stage, stage

from sendwright.cli import setup_save
from sendwright.cli.parsing import parser
from sendwright.cli.setup import run_setup
from sendwright.diagnosis_file import ENDING, SecretFound, read
from sendwright.diagnosis_file.wording import told_refusal
from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.scenarios import scenario
from sendwright.secret import Secret
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts

WRONG = "Wrong-horse-battery-staple-17"
USER = "notifications@example.org"


async def play_with(play: Stage, lines: list[str], *, save: str | None = None) -> tuple[int, str]:
    """Walk to a stop at a wrong password, and go on with `lines`; return the exit code and what was said."""
    wizard = await open_wizard(play.world, NoDrafts())
    screenplay = Screenplay([*TO_SENDER, *lines], [WRONG])
    code = await run_setup(options(save=save), wizard, screenplay.terminal)
    return code, screenplay.out.getvalue()


async def alone(
    play: Stage, folder: Path, place: str, *, activate: str = "", user: str = "anna@example.org"
) -> tuple[int, Screenplay]:
    file = folder / "answers.toml"
    answers = ANSWERS.format(port=play.mail.tls_port, activate=activate)
    file.write_text(answers.replace('username = "anna@example.org"', f'username = "{user}"'))
    screenplay = Screenplay([])
    wizard = await open_wizard(play.world, NoDrafts())
    return await run_setup(options(file, save=place), wizard, screenplay.terminal), screenplay


def everything_in(place: Path) -> str:
    with zipfile.ZipFile(place) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


async def test_a_stop_says_how_to_save_a_file(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        _, out = await play_with(play, [])
        assert text("save.terminal.hint", letter="s") in out


@pytest.mark.parametrize("letter", ["s", "S"])
async def test_a_stop_is_saved_with_what_was_tried_and_without_the_password(tmp_path: Path, letter: str) -> None:
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path) as play:
        code, out = await play_with(play, [letter, "", "", str(place)])
        file = read(place)
        assert code == 4  # the input ended at the same stop
        assert text("doctor.saved.where", file=str(place)) in out
        assert file.problems[0].code == "auth-wrong-credentials"
        assert {"resolve", "connect", "greet", "secure", "sign-in"} <= {found.id for found in file.stages}
        assert file.screens[-1].screen["type"] == "stopped"
        assert WRONG not in everything_in(place) + out
        assert USER not in everything_in(place)
        assert stat.S_IMODE(place.stat().st_mode) == 0o600


async def test_every_part_is_listed_and_everything_can_be_read_before(tmp_path: Path) -> None:
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path / "a") as play:
        _, short = await play_with(play, ["s", "", "no", str(place)])
    async with stage(tmp_path / "b") as play:
        _, long = await play_with(play, ["s", "", "yes", str(place)])
    for name in ("events", "screens", "problems", "environment"):
        assert text(f"diagnosis_file.entries.{name}") in short
    with zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            for line in archive.read(name).decode().splitlines():
                assert line in long
                assert (line in short) is False


@pytest.mark.parametrize("kept", [False, True])
async def test_addresses_stay_where_that_is_wanted(tmp_path: Path, kept: bool) -> None:
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path) as play:
        await play_with(play, ["s", "yes" if kept else "no", "", str(place)])
    assert (USER in everything_in(place)) is kept


async def test_a_place_is_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    proposed, given = tmp_path / f"sendwright-2026-11-20-auth-wrong-credentials{ENDING}", tmp_path / "other"
    for save, place in ((None, proposed), (str(given), given)):
        async with stage(tmp_path / f"for-{place.name[:5]}") as play:
            await play_with(play, ["s", "", "", ""], save=save)
        assert read(place).problems


async def test_a_place_that_cannot_be_written_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, tried = setup_save.save, []

    def full_once(place: Path, *given: object, **named: object) -> None:
        tried.append(place)
        if len(tried) == 1:
            raise OSError(28, "No space left on device")
        usual(place, *given, **named)  # type: ignore[arg-type] - as they came

    monkeypatch.setattr(setup_save, "save", full_once)
    async with stage(tmp_path) as play:
        wrong = str(tmp_path / "none" / "stop")
        _, out = await play_with(play, ["s", "", "", wrong, str(tmp_path / "full"), str(tmp_path / "good")])
    assert out.count(text("save.terminal.again")) == 2
    assert tried == [tmp_path / "full", tmp_path / "good"]
    assert read(tmp_path / "good").problems
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("lines", [["<"], ["", "<"], ["", "", "<"]])
async def test_going_back_from_it_saves_nothing_and_shows_the_stop_again(tmp_path: Path, lines: list[str]) -> None:
    before = set(tmp_path.iterdir())
    async with stage(tmp_path) as play:
        _, out = await play_with(play, ["s", *lines])
    assert out.count(text("save.terminal.hint", letter="s")) == 2
    assert {place for place in tmp_path.iterdir() if ENDING in place.name} <= before


async def test_a_secret_that_stands_in_it_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path) as play:
        play.world.recorder.learn(Secret("custom_smtp.connect.title"))  # as if it were a password: it is on a screen
        _, out = await play_with(play, ["s", "", "", str(place)])
    said = " ".join(out.split())
    assert any(
        told_refusal(SecretFound(entry=f"{entry}.jsonl", form=form)) in said
        for entry in ("screens", "diagnosis")
        for form in ("plain", "split", "coded")
    )
    assert not place.exists()


async def test_unattended_a_stop_is_saved_where_it_was_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", WRONG)
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path) as play:
        code, screenplay = await alone(play, tmp_path, str(place))
        assert code == 1
        assert json.loads(screenplay.data.getvalue())["outcome"] == "stopped"
        file = read(place)
    assert file.problems[0].code == "auth-wrong-credentials"
    assert file.stages
    assert file.subject["port"] == play.mail.tls_port
    assert WRONG not in everything_in(place)
    assert "anna@example.org" not in everything_in(place)


async def test_unattended_a_name_that_is_wrong_is_known_before_anything_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with stage(tmp_path) as play:
        code, screenplay = await alone(play, tmp_path, str(tmp_path / "none" / "stop"))
        assert code == 2
        assert "cannot be written" in screenplay.out.getvalue()
        assert screenplay.data.getvalue() == ""
        assert play.backend.calls == []


async def test_unattended_what_came_in_force_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path) as play:
        code, _ = await alone(play, tmp_path, str(place))
        assert code == 0
        assert not place.exists()
        code, _ = await alone(play, tmp_path, str(place), activate="activate = false")
        assert code == 0
        assert read(place).problems == ()


async def test_unattended_a_disk_that_is_full_is_said_and_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sendwright.cli.doctor_save.save", full)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    place = tmp_path / f"stop{ENDING}"
    async with stage(tmp_path, scenario=scenario("usual")) as play:
        code, screenplay = await alone(play, tmp_path, str(place), activate="activate = false")
    assert code == 1
    assert "cannot be written" in screenplay.out.getvalue()
    assert not place.exists()


@pytest.mark.parametrize(
    ("words", "place", "kept"),
    [((), None, False), (("--save", "stop"), "stop", False), (("--save", "stop", "--keep-addresses"), "stop", True)],
)
def test_the_command_line_knows_the_words(words: tuple[str, ...], place: str | None, kept: bool) -> None:
    arguments = parser("setup").parse_args(["setup", *words])
    assert (arguments.save, arguments.keep_addresses) == (place, kept)
