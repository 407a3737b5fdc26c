"""What the wizard does when a disk, a keychain, a code or a deployment lets it down: it goes on, and loses nothing."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import ADDRESS, LastingVault, stage
from tests.wizard.walking import PASSWORD, USUAL, walk_to

from sendwright.deployment import Deployment, Features
from sendwright.diagnosis import catalogue as diagnoses
from sendwright.diagnosis.stage import StageResult
from sendwright.errors import VaultUnavailable
from sendwright.handoff.connection_code import ConnectionCode, format_connection_code
from sendwright.handoff.known import KnownBackends
from sendwright.message import OutgoingMessage
from sendwright.practice.scenarios import scenario
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.screens import Choice, Done, Rejected, Stopped
from sendwright.secret import Secret
from sendwright.storage import write_atomically
from sendwright.vault.vault import SecretRef
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts, StoredDrafts
from sendwright.wizard.wizard import Position, Wizard

CODE = format_connection_code(ConnectionCode(ADDRESS, Secret("one-time"))).reveal()
BY_CODE = USUAL | {"platform": {"choice": "connection-code", "code": CODE}}


@dataclass
class FullDisk:
    """A store whose disk is full as long as `full` says so."""

    full: bool = True
    saved: list[Position] = field(default_factory=list)

    def save(self, position: Position) -> None:
        self._try()
        self.saved.append(position)

    def discard(self) -> None:
        self._try()
        self.saved.clear()

    def load(self) -> Position | None:
        return None

    def _try(self) -> None:
        if self.full:
            raise OSError(28, "No space left on device")


class StubbornVault(LastingVault):
    """Keeps nothing while it is locked."""

    def __init__(self) -> None:
        super().__init__()
        self.locked = True

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        if self.locked:
            raise VaultUnavailable("locked")
        await super().keep(ref, secret)


def _remarks(wizard: Wizard) -> set[str]:
    return {notice.key for notice in wizard.screen.notices}


async def test_a_disk_that_is_full_stops_nobody_and_is_told(tmp_path: Path) -> None:
    store = FullDisk()
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, store)  # type: ignore[arg-type]  # a store like the real one
        await walk_to(wizard, "sender")
        assert "wizard.unsaved" in _remarks(wizard)
        store.full = False
        await walk_to(wizard, "test")
        assert "wizard.unsaved" not in _remarks(wizard)
        assert store.saved[-1].step == "test"
        store.full = True
        await walk_to(wizard, "done")
        assert isinstance(wizard.screen, Done)
        assert "wizard.unsaved" not in _remarks(wizard)


async def test_starting_over_with_a_full_disk_starts_over(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, FullDisk())  # type: ignore[arg-type]  # as above
        await walk_to(wizard, "provider")
        await wizard.start_over()
        assert wizard.screen.step == "start"


async def test_a_folder_that_cannot_be_written_to_loses_no_enrolment(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        (tmp_path / "file").write_text("no folder")
        object.__setattr__(play.world, "known_backends", KnownBackends(tmp_path / "file"))
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "provider", BY_CODE)
        assert wizard.draft.platform is not None


async def test_no_code_is_spent_on_a_token_that_could_not_be_kept(tmp_path: Path) -> None:
    vault = StubbornVault()
    async with stage(tmp_path, vault=vault) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "provider", BY_CODE)
        stopped = wizard.screen
        assert isinstance(stopped, Stopped)
        assert stopped.problem.code == "keychain-locked"
        assert "enrol" not in play.backend.calls
        vault.locked = False
        await wizard.submit({}, progress=lambda _: None)
        assert wizard.screen.step == "provider"
        assert play.backend.calls.count("enrol") == 1
        assert len(vault._kept) == 1


async def test_back_from_a_form_that_stopped_is_the_form_as_it_was_typed(tmp_path: Path) -> None:
    async with stage(tmp_path, vault=StubbornVault()) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "provider", BY_CODE)
        assert isinstance(wizard.screen, Stopped)
        wizard.back()
        form = wizard.screen
        assert isinstance(form, Choice)
        assert (form.step, form.chosen, form.fields[0].value) == ("platform", "connection-code", CODE)


async def test_a_code_that_was_used_here_leads_on_when_something_failed_after_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        play.backend.broken["organisation"] = "backend-fault"
        await walk_to(wizard, "provider", BY_CODE)
        assert isinstance(wizard.screen, Stopped)
        play.backend.broken = {"enrol": "backend-code-used"}
        await wizard.submit({}, progress=lambda _: None)
        assert wizard.screen.step == "provider"
        platform = wizard.draft.platform
        assert platform is not None
        assert platform.organisation.name == "Example Organisation"


async def test_a_code_that_was_used_elsewhere_stays_used(tmp_path: Path) -> None:
    other = format_connection_code(ConnectionCode(replace(ADDRESS, url="http://127.0.0.1:2"), Secret("x"))).reveal()
    async with stage(tmp_path) as play:
        await walk_to(await open_wizard(play.world, NoDrafts()), "provider", BY_CODE)
        play.backend.broken = {"enrol": "backend-code-used"}
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "platform")
        with pytest.raises(Rejected) as caught:
            await wizard.submit({"choice": "connection-code", "code": other}, progress=lambda _: None)
        assert caught.value.fields == {"code": "problems.backend-code-used.what"}


@pytest.mark.parametrize("left_at", ["smtp-connect", "sender", "review"])
async def test_a_provider_that_is_offered_no_more_is_chosen_anew(tmp_path: Path, left_at: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, left_at)
        ref = wizard.draft.answers.password
        object.__setattr__(play.world, "deployment", Deployment(features=Features(custom_smtp=False)))
        resumed = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert resumed.screen.step == "provider"
        assert resumed.can_go_back
        assert resumed.draft.provider is None
        assert ref is None or await play.world.vault.fetch(ref) is None


async def test_each_try_of_a_test_message_carries_the_name_that_was_saved_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []

    def diagnose(*given: object, message: OutgoingMessage, **more: object) -> AsyncGenerator[StageResult, None]:
        sent.append((message.message_id, message.headers["X-Sendwright-Code"]))
        return diagnoses.diagnose(*given, message=message, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr("sendwright.wizard.trial.diagnoses", SimpleNamespace(diagnose=diagnose))
    async with stage(tmp_path, scenario=scenario("greylisting")) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "arrival")
        assert isinstance(wizard.screen, Stopped)
        await wizard.submit({}, progress=lambda _: None)
        test = wizard.draft.test
        assert test is not None
        assert sent == [(test.message_id, test.code)] * 2


async def test_the_password_of_a_provider_that_is_left_is_forgotten(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "sender")
        ref = wizard.draft.answers.password
        wizard.return_to("provider")
        await wizard.submit({"choice": "custom_smtp"}, progress=lambda _: None)
        assert await play.world.vault.fetch(ref) is not None
        wizard.return_to("provider")
        await wizard.submit({"choice": "gmail"}, progress=lambda _: None)
        assert isinstance(wizard.draft.answers, GmailAnswers)
        assert await play.world.vault.fetch(ref) is None


@pytest.mark.parametrize("step", ["review", "test-run", "activate", "arrival", "done", "smtp-prove"])
async def test_a_draft_that_lacks_what_its_place_needs_opens_before_it(tmp_path: Path, step: str) -> None:
    content = (
        '{"schema": "sendwright.draft/1", "position": {"draft": {"id": "a"}, '
        f'"step": "{step}", "history": ["start", "platform"]}}}}'
    )
    write_atomically(tmp_path / "draft.json", content.encode())
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert wizard.screen.step == "platform"
        assert wizard.position.history == ("start",)


async def test_a_check_of_another_day_is_not_called_passed(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        await walk_to(await open_wizard(play.world, NoDrafts()), "done")
        checking = USUAL | {"start": {"choice": "check"}}
        await walk_to(await open_wizard(play.world, StoredDrafts(tmp_path)), "check-done", checking)
        again = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert again.screen.step == "start"


async def test_the_account_that_signs_in_is_proposed_as_the_sender(tmp_path: Path) -> None:
    by_hand = USUAL | {
        "smtp-address": {"action": "by-hand"},
        "smtp-connect": {
            "host": "localhost",
            "security": "tls",
            "username": "anna@example.org",
            "password": PASSWORD,
        },
    }
    async with stage(tmp_path) as play:
        by_hand["smtp-connect"]["port"] = str(play.mail.tls_port)
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "sender", by_hand)
        values = {one.name: one.value for one in wizard.screen.fields}  # type: ignore[union-attr]
        assert values["address"] == "anna@example.org"
