"""What the wizard does with the notification backend, and what happens when that fails."""

from pathlib import Path

import pytest
from tests.wizard.surroundings import ADDRESS, LastingVault, stage
from tests.wizard.walking import USUAL, walk_to

from sendwright.errors import VaultUnavailable
from sendwright.handoff.connection_code import ConnectionCode, format_connection_code
from sendwright.handoff.wire import NOTIFICATION_KINDS
from sendwright.screens import Done, Rejected, Stopped
from sendwright.secret import Secret
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts


def code(secret: str = "one-time") -> str:
    return format_connection_code(ConnectionCode(ADDRESS, Secret(secret))).reveal()


async def test_a_connection_code_enrols_and_the_token_goes_to_the_keychain(tmp_path: Path) -> None:
    answers = USUAL | {"platform": {"choice": "connection-code", "code": code()}}
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "provider", answers)
        platform = wizard.draft.platform
        assert platform is not None
        token = await play.world.vault.fetch(platform.token)
        assert token is not None
        known = play.world.known_backends.current()
        assert known is not None
        assert known.organisation == "Example Organisation"
        assert token.reveal() not in (tmp_path / "known" / "backend.json").read_text()


@pytest.mark.parametrize("reason", ["backend-code-used", "backend-code-expired"])
async def test_a_spent_code_is_a_matter_of_the_field(tmp_path: Path, reason: str) -> None:
    async with stage(tmp_path) as play:
        play.backend.broken["enrol"] = reason
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "platform")
        with pytest.raises(Rejected) as caught:
            await wizard.submit({"choice": "connection-code", "code": code()}, progress=lambda _: None)
        assert set(caught.value.fields) == {"code"}


async def test_the_next_start_knows_the_platform_and_what_is_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await walk_to(await open_wizard(play.world, NoDrafts()), "done")
        second = await open_wizard(play.world, NoDrafts())
        assert [notice.key for notice in second.screen.notices] == ["start.in-force", "start.you-need"]
        values = [option.value for option in second.screen.options]  # type: ignore[union-attr]
        assert values == ["set-up", "check", "disconnect", "practise", "open"]
        seen, _ = await walk_to(second, "provider", USUAL | {"platform": {"choice": "enrolled"}})
        assert seen == ["start", "platform"]


async def test_checking_asks_the_backend_and_changes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await walk_to(await open_wizard(play.world, NoDrafts()), "done")
        wizard = await open_wizard(play.world, NoDrafts())
        play.backend.calls.clear()
        seen, stages = await walk_to(wizard, "check-done", {"start": {"choice": "check"}})
        assert seen == ["start", "check"]
        assert len(stages) == 8
        assert isinstance(wizard.screen, Done)
        assert "activate" not in play.backend.calls


@pytest.mark.parametrize("call", ["stage", "activate", "organisation"])
async def test_whatever_fails_at_activation_stops_and_can_be_repeated(tmp_path: Path, call: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.broken[call] = "backend-fault"
        await wizard.submit({}, progress=lambda _: None)
        assert isinstance(wizard.screen, Stopped)
        play.backend.broken.clear()
        await wizard.submit({}, progress=lambda _: None)
        assert isinstance(wizard.screen, Done)
        assert len(play.backend.staged) == 1


async def test_the_backends_own_failed_test_keeps_the_former_sender(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        play.backend.failing_stage = "connect"
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        assert isinstance(wizard.screen, Stopped)
        assert wizard.screen.problem.code == "connection-refused"
        assert "activate" not in play.backend.calls
        assert play.backend.organisation_now.in_force is None


async def test_undoing_brings_the_default_back_and_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        await wizard.submit({"action": "undo"}, progress=lambda _: None)
        assert wizard.screen.title == "done.undone-title"
        assert wizard.screen.values["address"] == "no-reply@platform.example"
        assert "use-default" in play.backend.calls


async def test_undoing_a_change_restores_the_version_before(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await walk_to(await open_wizard(play.world, NoDrafts()), "done")
        answers = USUAL | {
            "platform": {"choice": "enrolled"},
            "sender": {"address": "second@example.org", "alias": "Second"},
        }
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done", answers)
        await wizard.submit({"action": "undo"}, progress=lambda _: None)
        assert "restore-1" in play.backend.calls
        assert wizard.screen.values["address"] == "notifications@example.org"


async def test_one_notification_of_each_kind_can_be_sent(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        await wizard.submit({"action": "send-kinds"}, progress=lambda _: None)
        assert [taken.kind for taken in play.backend.notifications_taken] == list(NOTIFICATION_KINDS)
        assert {taken.to for taken in play.backend.notifications_taken} == {"anna@example.org"}


async def test_the_backend_of_this_computer_can_be_kept_running_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        assert "keep-running" in {action.name for action in wizard.screen.actions}
        await wizard.submit({"action": "keep-running"}, progress=lambda _: None)
        assert play.here.kept
        assert "keep-running" not in {action.name for action in wizard.screen.actions}


class ClingingVault(LastingVault):
    """A keychain that does not let go."""

    async def forget(self, ref: SecretRef) -> None:
        raise VaultUnavailable("locked")


async def test_a_keychain_that_does_not_let_go_is_told_and_undoes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, vault=ClingingVault()) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        assert isinstance(wizard.screen, Done)
        assert "done.secret-left" in {notice.key for notice in wizard.screen.notices}
        assert "activate" in play.backend.calls


async def test_what_was_undone_can_be_put_in_force_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        await wizard.submit({"action": "undo"}, progress=lambda _: None)
        assert [action.name for action in wizard.screen.actions] == ["redo"]
        assert "done.version" not in {fact.label for fact in wizard.screen.facts}  # type: ignore[union-attr]
        await wizard.submit({"action": "redo"}, progress=lambda _: None)
        assert wizard.screen.title == "done.title"
        assert wizard.screen.values["address"] == "notifications@example.org"
        assert "restore-1" in play.backend.calls


async def test_an_access_that_is_not_kept_is_said_where_a_code_was_needed_for_it(tmp_path: Path) -> None:
    answers = USUAL | {"platform": {"choice": "connection-code", "code": code()}}
    for vault, said in ((MemoryVault(reason="absent"), True), (LastingVault(), False)):
        async with stage(tmp_path, vault=vault) as play:
            wizard = await open_wizard(play.world, NoDrafts())
            await walk_to(wizard, "done", answers)
            assert ("done.access-not-kept" in {notice.key for notice in wizard.screen.notices}) is said
        play.world.known_backends.forget()
