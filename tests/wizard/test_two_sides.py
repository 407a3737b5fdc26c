"""Where the backend stops, the person sees at once whether her own desk would have come through."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import Stage, stage
from tests.wizard.walking import walk_to

from sendwright.diagnosis.stage import SMTP_STAGES, Verdict
from sendwright.diagnosis.two_sides import Finding
from sendwright.screens import Done, Stopped
from sendwright.wizard.check import CheckStep
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.wizard import Wizard


async def at_check(play: Stage) -> Wizard:
    await walk_to(await open_wizard(play.world, NoDrafts()), "done")
    wizard = await open_wizard(play.world, NoDrafts())
    await wizard.submit({"choice": "check"}, progress=lambda _: None)
    return wizard


async def test_a_backend_that_cannot_reach_the_server_is_told_from_the_desk_that_can(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.failing_stage = "connect"
        stages: list[str] = []
        await wizard.submit({}, progress=lambda result: stages.append(result.id))
        screen = wizard.screen
        assert isinstance(screen, Stopped)
        assert screen.problem.code == "connection-refused"
        assert screen.sides is not None
        assert (screen.sides.finding, screen.sides.stage) == (Finding.BACKEND_STOPS, "connect")
        desk = {row.stage: row.desk for row in screen.sides.rows}
        assert desk["sign-in"] is Verdict.PASSED
        assert desk["submit"] is Verdict.NOT_REACHED
        assert stages.count("connect") == 1  # the desk's stages are not mixed with the backend's
        assert len(play.inbox) == 1  # the desk's second look sends nothing

        play.backend.failing_stage = ""
        await wizard.submit({}, progress=lambda _: None)
        assert wizard.draft.outcome is not None


async def test_another_problem_is_shown_without_the_sides_of_the_former(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.failing_stage = "connect"
        await wizard.submit({}, progress=lambda _: None)
        play.backend.broken["stage"] = "backend-fault"
        await wizard.submit({}, progress=lambda _: None)
        assert isinstance(wizard.screen, Stopped)
        assert wizard.screen.problem.code == "backend-fault"
        assert wizard.screen.sides is None


async def test_a_check_that_passes_shows_both_places(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await at_check(play)
        await wizard.submit({}, progress=lambda _: None)
        assert isinstance(wizard.screen, Done)
        sides = wizard.screen.sides
        assert sides is not None
        assert sides.finding is Finding.BOTH_PASS
        tried = {row.stage for row in sides.rows if row.desk is not Verdict.NOT_REACHED}
        assert tried == {"resolve", "connect", "greet", "secure"}  # nobody types a password for a check


@pytest.mark.parametrize("stops_at", ["resolve", "secure", "sign-in"])
async def test_a_check_that_stops_at_the_backend_shows_both_places(tmp_path: Path, stops_at: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await at_check(play)
        play.backend.failing_stage = stops_at
        await wizard.submit({}, progress=lambda _: None)
        assert isinstance(wizard.screen, Stopped)
        assert wizard.screen.sides is not None
        assert wizard.screen.sides.stage == stops_at
        assert {row.stage for row in wizard.screen.sides.rows} == set(SMTP_STAGES)


async def test_a_sender_that_this_program_cannot_try_is_checked_by_the_backend_alone(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await at_check(play)
        platform = wizard.draft.platform
        assert platform is not None
        assert platform.organisation.in_force is not None
        state = platform.organisation.in_force
        newer = replace(state, profile=replace(state.profile, sender="pigeon", settings={}))
        draft = replace(
            wizard.draft, platform=replace(platform, organisation=replace(platform.organisation, in_force=newer))
        )
        changed = await CheckStep().accept(draft, {}, play.world, lambda _: None)
        assert changed.checked is not None
        assert changed.checked.finding is Finding.NOTHING_COMPARED
        assert {row.backend for row in changed.checked.rows} >= {Verdict.PASSED}
