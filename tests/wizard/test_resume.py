"""Closing the window loses nothing."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import LastingVault, stage
from tests.wizard.walking import PASSWORD, walk_to

from sendwright.screens import Form
from sendwright.storage import write_atomically
from sendwright.vault.memory import MemoryVault
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts


@pytest.mark.parametrize("step", ["provider", "smtp-address", "smtp-connect", "sender", "test", "arrival", "review"])
async def test_the_wizard_waits_where_it_was_left(tmp_path: Path, step: str) -> None:
    vault = LastingVault()
    async with stage(tmp_path, vault=vault) as play:
        store = StoredDrafts(tmp_path)
        first = await open_wizard(play.world, store)
        await walk_to(first, step)
        second = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert second.screen == first.screen
        assert second.draft == first.draft
        await walk_to(second, "done")
        assert second.draft.outcome is not None


async def test_without_a_lasting_keychain_the_password_is_asked_again(tmp_path: Path) -> None:
    async with stage(tmp_path, vault=MemoryVault()) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, "review")
    async with stage(tmp_path, vault=MemoryVault()) as play:
        resumed = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert resumed.screen.step == "smtp-connect"
        assert isinstance(resumed.screen, Form)
        fields = {field.name: field for field in resumed.screen.fields}
        assert not fields["password"].kept
        assert fields["username"].value == "notifications@example.org"


async def test_the_saved_draft_holds_no_secret_and_is_private(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, "review")
        file = tmp_path / "draft.json"
        assert file.stat().st_mode & 0o077 == 0
        for found in tmp_path.rglob("*"):
            if found.is_file():
                content = found.read_text()
                assert PASSWORD not in content
                assert "token-for-anna" not in content


async def test_a_wizard_closed_while_a_test_is_sent_says_that_it_may_have_arrived(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, "test-run")
        resumed = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert resumed.screen.step == "test"
        assert [notice.key for notice in resumed.screen.notices] == ["test.earlier-perhaps"]
        assert play.inbox == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b'{"schema": "sendwright.draft/99", "position": {"draft": {"id": "a"}, "step": "start"}}',
        b'{"schema": "sendwright.draft/1", "position": {"draft": {"id": "a", "provider": "pigeon"}, "step": "x"}}',
        b'{"schema": "sendwright.draft/1", "position": {"draft": {"id": 7}, "step": "start"}}',
    ],
)
async def test_a_draft_that_cannot_be_read_starts_anew_and_is_left_alone(tmp_path: Path, content: bytes) -> None:
    write_atomically(tmp_path / "draft.json", content)
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert wizard.screen.step == "start"
    assert (tmp_path / "draft.json").read_bytes() == content


async def test_a_draft_at_a_step_that_is_no_more_begins_at_the_nearest_place(tmp_path: Path) -> None:
    content = (
        b'{"schema": "sendwright.draft/1", "position": {"draft": {"id": "a"}, '
        b'"step": "vanished", "history": ["start", "gone"]}}'
    )
    write_atomically(tmp_path / "draft.json", content)
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert wizard.screen.step == "start"


async def test_the_draft_is_gone_once_the_sender_is_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        store = StoredDrafts(tmp_path)
        wizard = await open_wizard(play.world, store)
        await walk_to(wizard, "done")
        assert store.load() is None


async def test_a_practice_leaves_no_draft(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        store = StoredDrafts(tmp_path)
        object.__setattr__(play.world, "practice", True)
        wizard = await open_wizard(play.world, store)
        await walk_to(wizard, "review")
        assert store.load() is None


async def test_a_backend_that_does_not_answer_now_is_still_the_one_of_the_draft(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        first = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(first, "sender")
        play.backend.broken["organisation"] = "backend-fault"
        second = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert second.screen.step == "sender"
        assert second.draft.platform == first.draft.platform


async def test_a_resumed_draft_shows_what_the_backend_says_now(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await walk_to(await open_wizard(play.world, StoredDrafts(tmp_path)), "review")
        play.backend.organisation_now = replace(play.backend.organisation_now, name="Renamed Organisation")
        second = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert second.screen.step == "review"
        assert second.screen.values["organisation"] == "Renamed Organisation"


async def test_in_practice_the_backend_of_this_computer_is_chosen_already(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, "platform")
        assert wizard.screen.chosen == "connection-code"  # type: ignore[union-attr]
        object.__setattr__(play.world, "practice", True)
        assert wizard.screen.chosen == "this-computer"  # type: ignore[union-attr]


async def test_the_question_of_arrival_names_the_recipient_and_the_code(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, "arrival")
        assert wizard.draft.test is not None
        facts = {fact.label: fact.value for fact in wizard.screen.facts}  # type: ignore[union-attr]
        assert facts == {"arrival.to": "anna@example.org", "arrival.code": wizard.draft.test.code}
