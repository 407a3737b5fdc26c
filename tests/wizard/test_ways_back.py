"""A problem's button leads to the form that has the field to change."""

from pathlib import Path

import pytest
from tests.wizard.surroundings import stage
from tests.wizard.walking import USUAL, walk_to

from sendwright.practice.scenarios import Scenario, scenario
from sendwright.screens import Stopped
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts

REFUSED = Scenario(name="x", refuse_sign_in="535 5.7.8 no")


@pytest.mark.parametrize(
    ("played", "field", "place"),
    [
        (REFUSED, "password", "smtp-connect"),
        (REFUSED, "address", "smtp-address"),
        (REFUSED, "choice-of-nobody", "smtp-connect"),
        (scenario("foreign-sender"), "address", "sender"),
        (scenario("foreign-sender"), "alias", "sender"),
        (scenario("foreign-sender"), "host", "smtp-connect"),
        (scenario("unknown-recipient"), "to", "test"),
    ],
)
async def test_the_nearest_form_with_the_field_is_shown(
    tmp_path: Path, played: Scenario, field: str, place: str
) -> None:
    async with stage(tmp_path, scenario=played) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        assert isinstance(wizard.screen, Stopped)
        wizard.return_to_field(field)
        assert not isinstance(wizard.screen, Stopped)
        assert wizard.screen.step == place
        shown = {one.name for one in wizard.screen.fields}  # type: ignore[union-attr]
        assert (field in shown) is (field != "choice-of-nobody")


async def test_the_form_that_stopped_may_have_the_field_itself(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        play.backend.broken["enrol"] = "backend-fault"
        await walk_to(wizard, "provider", USUAL)
        assert isinstance(wizard.screen, Stopped)
        wizard.return_to_field("code")
        assert not isinstance(wizard.screen, Stopped)
        assert wizard.screen.step == "platform"
        assert wizard.position.history == ("start",)
