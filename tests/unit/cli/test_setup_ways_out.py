"""How `sendwright setup` ends: practising, undoing, Ctrl-C, going back, and answers that nobody asked for."""

import asyncio
from pathlib import Path

import pytest
from tests.unit.cli.test_setup import ANSWERS, Screenplay, options
from tests.wizard.surroundings import LastingVault, RememberingBackend, stage

from sendwright.cli.setup import run_setup
from sendwright.practice.mail_server import PASSWORD
from sendwright.providers import catalogue
from sendwright.wizard.draft import Purpose
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts, StoredDrafts

TO_SENDER = [
    "1", "2", "3", "",  # set up, this computer, own server
    "1", "notifications@example.org", "no", "1", "", "", "", "notifications@example.org", "no",
]  # fmt: skip
READ_AND_DROPPED = {"client_file", "file"}
"""Fields for files of which no name is kept: what stands in them is."""
TO_DONE = [*TO_SENDER, "Example", "", "anna@example.org", "1", ""]


async def test_practising_ends_the_walk_and_says_nothing_about_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay(["2", "1", "1"])
        await run_setup(options(), wizard, screenplay.terminal)
        assert wizard.draft.purpose is Purpose.PRACTISE
        assert screenplay.out.getvalue().count("Practise first") == 1
        assert "ancelled" not in screenplay.out.getvalue()


async def test_leaving_the_last_page_is_no_cancelling(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay(TO_DONE, [PASSWORD])
        assert await run_setup(options(), wizard, screenplay.terminal) == 0
        assert screenplay.out.getvalue().rstrip().count("In force.") == 1


async def test_what_was_undone_is_not_called_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay([*TO_DONE, "4"], [PASSWORD])
        await run_setup(options(), wizard, screenplay.terminal)
        assert wizard.draft.outcome is not None
        assert wizard.draft.outcome.undone, screenplay.out.getvalue()
        assert "In force." not in screenplay.out.getvalue()


async def test_half_a_form_is_still_there_after_going_back(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await run_setup(options(), wizard, Screenplay([*TO_SENDER, "Half an alias", "<"], [PASSWORD]).terminal)
        again = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert again.screen.step == "smtp-connect"
        assert again.draft.typed["sender"]["alias"] == "Half an alias"


@pytest.mark.parametrize(("typed", "place"), [("", "sender"), ("1", "sender"), ("<", "sender"), ("2", "start")])
async def test_answers_of_an_earlier_run_are_offered(tmp_path: Path, typed: str, place: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await run_setup(options(), wizard, Screenplay(TO_SENDER, [PASSWORD]).terminal)
        again = await open_wizard(play.world, StoredDrafts(tmp_path))
        screenplay = Screenplay([typed])
        await run_setup(options(), again, screenplay.terminal)
        assert "You are back where you stopped." in screenplay.out.getvalue()
        assert again.screen.step == place
        assert (StoredDrafts(tmp_path).load() is None) is (place == "start")


async def test_remarks_on_the_sender_are_shown_in_the_terminal_too(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay([*TO_SENDER, "Example", "no-reply@example.com"], [PASSWORD])
        await run_setup(options(), wizard, screenplay.terminal)
        said = " ".join(screenplay.out.getvalue().split())
        assert "nobody reads no-reply@example.com" in said
        assert "is not in the domain of" in said


@pytest.mark.parametrize("alone", [True, False])
async def test_ctrl_c_while_something_runs_is_a_cancelled_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with stage(tmp_path) as play:
        begun = asyncio.Event()

        async def forever(*_: object, **__: object) -> None:
            begun.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(RememberingBackend, "stage", forever)
        file = tmp_path / "answers.toml"
        file.write_text(ANSWERS.format(port=play.mail.tls_port, activate=""))
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay(TO_DONE, [PASSWORD])
        running = asyncio.create_task(run_setup(options(file if alone else None), wizard, screenplay.terminal))
        await begun.wait()
        running.cancel()
        assert await running == 4
        assert ('"outcome":"cancelled"' in screenplay.data.getvalue()) is alone
        assert ("answers are kept" in screenplay.out.getvalue()) is not alone
        assert play.backend.organisation_now.in_force is None


async def test_a_key_that_the_provider_does_not_know_is_wrong_usage(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        file = tmp_path / "answers.toml"
        file.write_text(ANSWERS.format(port=25, activate="").replace("password_env", "pasword_env"))
        screenplay = Screenplay([])
        assert await run_setup(options(file), wizard, screenplay.terminal) == 2
        assert "pasword_env" in screenplay.out.getvalue()
        assert wizard.screen.step == "start"


@pytest.mark.parametrize(("activate", "password"), [("", "wrong"), ("activate = false", PASSWORD)])
async def test_alone_it_leaves_no_password_behind_when_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, activate: str, password: str
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", password)
    vault = LastingVault()
    async with stage(tmp_path, vault=vault) as play:
        file = tmp_path / "answers.toml"
        file.write_text(ANSWERS.format(port=play.mail.tls_port, activate=activate))
        wizard = await open_wizard(play.world, NoDrafts())
        await run_setup(options(file), wizard, Screenplay([]).terminal)
        assert wizard.draft.outcome is None
        assert {ref.purpose for ref in vault._kept} == {"backend-token"}


@pytest.mark.parametrize(("password", "said"), [(PASSWORD, "In force."), ("wrong", "auth-wrong-credentials")])
async def test_alone_it_tells_people_how_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, said: str
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", password)
    async with stage(tmp_path) as play:
        file = tmp_path / "answers.toml"
        file.write_text(ANSWERS.format(port=play.mail.tls_port, activate=""))
        arguments = options(file)
        arguments.json = False
        screenplay = Screenplay([])
        await run_setup(arguments, await open_wizard(play.world, NoDrafts()), screenplay.terminal)
        assert said in screenplay.out.getvalue()
        assert screenplay.data.getvalue() == ""


async def test_every_field_of_a_provider_may_stand_in_its_table(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        for provider in catalogue.PROVIDERS:
            answers = provider.answers()
            shown = [step.show(answers, play.world) for step in provider.steps]
            asked = {field.name for screen in shown for field in getattr(screen, "fields", ())}
            assert asked
            assert asked - READ_AND_DROPPED <= set(provider.answers.__struct_fields__)


async def test_a_check_that_passed_names_what_is_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await run_setup(options(), wizard, Screenplay(TO_DONE, [PASSWORD]).terminal)
        wizard = await open_wizard(play.world, NoDrafts())
        screenplay = Screenplay(["2", "1"])
        arguments = options()
        arguments.json = True
        assert await run_setup(arguments, wizard, screenplay.terminal) == 0
        assert '"address":"notifications@example.org"' in screenplay.data.getvalue()
