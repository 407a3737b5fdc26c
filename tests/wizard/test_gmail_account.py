"""Setting up Gmail as a signed-in account, to a notification sent."""

from pathlib import Path

from tests.wizard.google_surroundings import ANNA, answer, stage, to_connected

from sendwright.screens import Done


async def test_an_account_signs_in_and_its_notifications_leave(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_connected(play)
        await answer(wizard, "gmail-connected")
        await answer(wizard, "gmail-sender")
        await answer(wizard, "sender", address=ANNA, alias="Example Organisation")
        await answer(wizard, "test", to="ben@example.org")
        await answer(wizard, "arrival", choice="yes")
        await answer(wizard, "review")
        assert isinstance(wizard.screen, Done), wizard.screen
        assert [one.sender for one in play.inbox] == [f"Example Organisation <{ANNA}>"]
        in_force = play.backend.organisation_now.in_force
        assert in_force is not None
        assert in_force.profile.settings["account"] == ANNA
        assert sorted(play.backend.credentials[-1]) == ["client_secret", "refresh_token"]
