"""Going back to the platform's own sender, in the wizard."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import NOW, Stage, stage
from tests.wizard.walking import walk_to

from sendwright.handoff.wire import Audit, AuditEntry, Ended, ProfileState
from sendwright.profile import SenderProfile
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.screens import Done, FieldKind, Notice, Rejected, Review, Stopped
from sendwright.texts import text
from sendwright.wizard.disconnect import ending_of, not_ended, provider_name
from sendwright.wizard.draft import Purpose
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts, StoredDrafts
from sendwright.wizard.wizard import Wizard

GONE = {"start": {"choice": "disconnect"}, "disconnect": {}}


def nothing(_: object) -> None:
    """No stages are of interest."""


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as made:
        yield made


async def in_force(play: Stage, store: Any = None) -> Wizard:  # noqa: ANN401 - either kind of store
    """Put a sender in force, and open the wizard as it stands on the next day."""
    await walk_to(await open_wizard(play.world, NoDrafts()), "done")
    play.backend.calls.clear()
    return await open_wizard(play.world, store or NoDrafts())


def revocable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CustomSmtp, "ending", lambda _self, _profile: "gmail.ending.platform")


async def test_it_is_offered_only_where_something_is_in_force(play: Stage) -> None:
    wizard = await open_wizard(play.world, NoDrafts())
    assert "disconnect" not in {option.value for option in wizard.screen.options}  # type: ignore[union-attr]
    with pytest.raises(Rejected):
        await wizard.submit({"choice": "disconnect"}, progress=nothing)
    wizard = await in_force(play)
    assert "disconnect" in {option.value for option in wizard.screen.options}  # type: ignore[union-attr]


async def test_the_page_says_what_will_happen_and_changes_nothing(play: Stage) -> None:
    wizard = await in_force(play)
    await wizard.submit({"choice": "disconnect"}, progress=nothing)
    screen = wizard.screen
    assert isinstance(screen, Review)
    said = text(screen.statement, **screen.values)
    assert "no-reply@platform.example again" in said
    assert "no longer from notifications@example.org" in said
    assert [fact.value for fact in screen.facts] == [
        "notifications@example.org",
        "Example Organisation",
        provider_name(wizard.draft.in_force.profile),  # type: ignore[union-attr]
        "no-reply@platform.example",
    ]
    assert screen.fields == ()
    assert "use-default" not in play.backend.calls
    assert [entry.stop for entry in wizard.rail] == ["start", "disconnect"]
    wizard.back()
    assert wizard.screen.step == "start"


async def test_the_default_sender_is_in_force_then_and_the_former_can_come_back(play: Stage) -> None:
    wizard = await in_force(play)
    await walk_to(wizard, "disconnected", GONE)
    screen = wizard.screen
    assert isinstance(screen, Done)
    assert play.backend.calls.count("use-default") == 1
    assert screen.facts[0].value == "no-reply@platform.example"
    assert [action.name for action in screen.actions] == ["restore"]
    assert screen.notices == ()
    assert not wizard.can_go_back
    await wizard.submit({"action": "restore"}, progress=nothing)
    again = wizard.screen
    assert isinstance(again, Done)
    assert again.step == "disconnected"
    assert again.title == "disconnect.restored-title"
    assert again.facts[0].value == "notifications@example.org"
    assert again.actions == ()
    assert "restore-1" in play.backend.calls


async def test_a_sign_in_is_ended_only_where_somebody_asks_for_that(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    revocable(monkeypatch)
    asked: list[bool] = []
    usual = play.backend.use_default

    async def use_default(*, revoke: bool = False) -> Ended:
        asked.append(revoke)
        return await usual(revoke=revoke)

    monkeypatch.setattr(play.backend, "use_default", use_default)
    wizard = await in_force(play)
    await wizard.submit({"choice": "disconnect"}, progress=nothing)
    [field] = wizard.screen.fields  # type: ignore[union-attr]
    assert (field.name, field.kind, field.value) == ("revoke", FieldKind.TOGGLE, "false")
    assert "Every other product of the platform" in text(field.help)
    await wizard.submit({"revoke": "false"}, progress=nothing)
    assert asked == [False]
    await wizard.submit({"action": "restore"}, progress=nothing)
    wizard = await open_wizard(play.world, NoDrafts())
    await walk_to(wizard, "disconnected", GONE | {"disconnect": {"revoke": "true"}})
    assert asked == [False, True]
    screen = wizard.screen
    assert isinstance(screen, Done)
    assert screen.notices == (
        Notice(key="disconnect.revoked", values={"provider": text("providers.custom_smtp.name")}),
    )
    assert screen.actions == ()


async def test_what_a_colleague_connected_meanwhile_is_neither_taken_out_of_force_nor_revoked(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    revocable(monkeypatch)
    wizard = await in_force(play)
    await wizard.submit({"choice": "disconnect"}, progress=nothing)
    theirs = wizard.draft.in_force
    assert theirs is not None
    ours = replace(theirs, version=theirs.version + 1, profile=replace(theirs.profile, address="new@example.org"))
    play.backend.organisation_now = replace(play.backend.organisation_now, in_force=ours)
    for answer in ({"revoke": "true"}, {}):  # pressed, and tried again as it was
        await wizard.submit(answer, progress=nothing)
        assert isinstance(wizard.screen, Stopped)
        assert wizard.screen.problem.code == "backend-conflict"
    assert "use-default" not in play.backend.calls
    await wizard.submit({"action": "look-again"}, progress=nothing)
    screen = wizard.screen
    assert isinstance(screen, Review)
    assert screen.facts[0].value == "new@example.org"
    assert [field.value for field in screen.fields] == ["false"], "whoever wants that asks for it again"
    await wizard.submit({"revoke": "true"}, progress=nothing)
    assert wizard.draft.disconnection is not None
    assert wizard.draft.disconnection.former.version == ours.version


@pytest.mark.parametrize(("last", "revoked"), [(0, True), (1, False), (None, False)], ids=["ours", "theirs", "unknown"])
async def test_what_is_gone_already_is_revoked_only_where_it_is_what_was_shown(
    play: Stage, monkeypatch: pytest.MonkeyPatch, last: int | None, *, revoked: bool
) -> None:
    revocable(monkeypatch)
    wizard = await in_force(play)
    await wizard.submit({"choice": "disconnect"}, progress=nothing)
    shown = wizard.draft.in_force
    assert shown is not None
    version = None if last is None else shown.version + last

    async def audit() -> Audit:
        gone = AuditEntry(at=NOW, who="ben", action="default-restored", version=version)
        return Audit(() if version is None else (gone, replace(gone, version=shown.version)))

    monkeypatch.setattr(play.backend, "audit", audit)
    play.backend.organisation_now = replace(play.backend.organisation_now, in_force=None)
    await wizard.submit({"revoke": "true"}, progress=nothing)
    assert isinstance(wizard.screen, Done if revoked else Stopped)
    assert ("use-default-and-revoke" in play.backend.calls) is revoked


async def test_where_all_is_gone_when_one_looks_again_the_walk_begins_anew(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    revocable(monkeypatch)
    wizard = await in_force(play)
    await wizard.submit({"choice": "disconnect"}, progress=nothing)
    shown = wizard.draft.in_force
    assert shown is not None
    other = replace(shown, version=shown.version + 1)
    play.backend.organisation_now = replace(play.backend.organisation_now, in_force=other)
    await wizard.submit({}, progress=nothing)
    play.backend.organisation_now = replace(play.backend.organisation_now, in_force=None)
    await wizard.submit({"action": "look-again"}, progress=nothing)
    assert wizard.screen.step == "start"


async def test_what_a_colleague_put_in_force_meanwhile_is_not_replaced_by_the_former(play: Stage) -> None:
    wizard = await in_force(play)
    await walk_to(wizard, "disconnected", GONE)
    assert wizard.draft.disconnection is not None
    former = wizard.draft.disconnection.former
    theirs = replace(former, version=former.version + 1)
    play.backend.organisation_now = replace(play.backend.organisation_now, in_force=theirs)
    await wizard.submit({"action": "restore"}, progress=nothing)
    assert isinstance(wizard.screen, Stopped)
    assert wizard.screen.problem.code == "backend-conflict"
    assert f"restore-{former.version}" not in play.backend.calls


async def test_what_cannot_be_revoked_is_not_revoked_whatever_the_answer_says(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    async def use_default(*, revoke: bool = False) -> Ended:
        asked.append(revoke)
        return Ended()

    wizard = await in_force(play)
    monkeypatch.setattr(play.backend, "use_default", use_default)
    await walk_to(wizard, "disconnected", GONE | {"disconnect": {"revoke": "true"}})
    assert asked == [False]


@pytest.mark.parametrize(
    ("code", "said"), [("connection-refused", "problems.connection-refused.title"), ("?", "disconnect.no-reason")]
)
async def test_a_sign_in_that_could_not_be_ended_is_told_with_the_reason(
    play: Stage, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    revocable(monkeypatch)
    wizard = await in_force(play)

    async def use_default(*, revoke: bool = False) -> Ended:
        assert revoke
        return Ended(revoked=False, problem=code)

    monkeypatch.setattr(play.backend, "use_default", use_default)
    await walk_to(wizard, "disconnected", GONE | {"disconnect": {"revoke": "true"}})
    [notice] = wizard.screen.notices
    assert notice.warning
    assert text(said) in text(notice.key, **notice.values)
    assert wizard.screen.actions == ()


async def test_a_backend_that_refuses_stops_it_with_a_problem_and_it_can_be_tried_again(play: Stage) -> None:
    wizard = await in_force(play)
    play.backend.broken["use-default"] = "backend-fault"
    await walk_to(wizard, "disconnected", GONE)
    assert isinstance(wizard.screen, Stopped)
    assert wizard.draft.disconnection is None
    play.backend.broken.clear()
    await wizard.submit({}, progress=nothing)
    assert wizard.screen.step == "disconnected"
    assert isinstance(wizard.screen, Done)


async def test_the_next_start_begins_at_the_beginning(play: Stage, tmp_path: Path) -> None:
    store = StoredDrafts(tmp_path / "drafts")
    (tmp_path / "drafts").mkdir()
    await walk_to(await in_force(play, store), "disconnected", GONE)
    wizard = await open_wizard(play.world, store)
    assert wizard.screen.step == "start"
    assert wizard.screen.chosen == Purpose.SET_UP  # type: ignore[union-attr]
    await wizard.submit({"choice": "set-up"}, progress=nothing)
    assert wizard.draft.disconnection is None
    assert wizard.can_go_back


async def test_the_end_of_a_sign_in_is_told_to_the_backend_and_on_the_last_page(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    told: list[datetime | None] = []
    usual = play.backend.stage

    async def staging(*arguments: Any, expires_at: datetime | None = None, **more: Any) -> ProfileState:  # noqa: ANN401 - passed on
        told.append(expires_at)
        state = replace(await usual(*arguments, **more), expires_at=expires_at)
        play.backend.staged = dict.fromkeys(play.backend.staged, state)
        return state

    monkeypatch.setattr(play.backend, "stage", staging)
    wizard = await open_wizard(play.world, NoDrafts())
    await walk_to(wizard, "done")
    assert told == [None]
    assert "done.ends" not in {fact.label for fact in wizard.screen.facts}  # type: ignore[union-attr]
    monkeypatch.setattr(CustomSmtp, "ends_at", lambda _self, _answers: ends)
    wizard = await open_wizard(play.world, NoDrafts())
    await walk_to(wizard, "done")
    assert told == [None, ends]
    facts = {fact.label: fact.value for fact in wizard.screen.facts}  # type: ignore[union-attr]
    assert facts["done.ends"] == "2026-11-27 09:30 UTC"


def test_a_profile_of_a_newer_program_has_a_name_and_nothing_that_could_be_ended() -> None:
    profile = SenderProfile(provider="of-tomorrow", sender="x", address="a@example.org", alias="A", settings={})
    assert ending_of(profile) == ""
    assert provider_name(profile) == "of-tomorrow"
    assert "of-tomorrow" in not_ended(profile, "?")
