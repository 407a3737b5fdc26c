"""Every path through the wizard, without a window."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import stage
from tests.wizard.walking import PASSWORD, USUAL, walk_to

from sendwright.practice.scenarios import Scenario, scenario
from sendwright.screens import Done, Rejected, Review, Stopped
from sendwright.wizard.draft import Arrival, Draft, Purpose
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.review import ReviewStep
from sendwright.wizard.store import NoDrafts, StoredDrafts

SET_UP = [
    "start",
    "platform",
    "provider",
    "smtp-address",
    "smtp-search",
    "smtp-connect",
    "smtp-prove",
    "sender",
    "test",
    "test-run",
    "arrival",
    "review",
    "activate",
]


async def test_the_usual_path_ends_with_the_sender_in_force(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        seen, stages = await walk_to(wizard, "done")
        assert seen == SET_UP
        assert isinstance(wizard.screen, Done)
        assert wizard.is_last
        outcome = wizard.draft.outcome
        assert outcome is not None
        assert (outcome.version, outcome.profile.address) == (1, "notifications@example.org")
        assert play.backend.credentials == [{"password": PASSWORD}]
        assert [entry.subject for entry in play.inbox]
        assert all(stage.took_ms >= 0 for stage in stages)


async def test_the_test_message_arrives_with_alias_address_and_code(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "arrival")
        (received,) = play.inbox
        test = wizard.draft.test
        assert test is not None
        assert received.sender == "Example Organisation <notifications@example.org>"
        assert received.recipient == "anna@example.org"
        assert test.code in received.text
        assert test.code in received.html


async def test_the_password_is_gone_after_activation(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        ref = wizard.draft.answers.password
        assert await play.world.vault.fetch(ref) is not None
        await walk_to(wizard, "done")
        assert await play.world.vault.fetch(ref) is None


async def test_the_password_stays_when_the_person_asks_for_it(tmp_path: Path) -> None:
    answers = USUAL | {"smtp-connect": {**USUAL["smtp-connect"], "keep_password": "true"}}
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done", answers)
        assert await play.world.vault.fetch(wizard.draft.answers.password) is not None


@pytest.mark.parametrize(
    ("name", "step", "code"),
    [
        ("wrong-password", "smtp-prove", "auth-wrong-credentials"),
        ("foreign-sender", "test-run", "sender-not-allowed"),
        ("unknown-recipient", "test-run", "recipient-unknown"),
        ("full-mailbox", "test-run", "recipient-mailbox-full"),
        ("greylisting", "test-run", "greylisted"),
    ],
)
async def test_what_the_server_refuses_stops_with_its_name(tmp_path: Path, name: str, step: str, code: str) -> None:
    async with stage(tmp_path, scenario=scenario(name)) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        stopped = wizard.screen
        assert isinstance(stopped, Stopped)
        assert (stopped.step, stopped.problem.code) == (step, code)
        assert play.backend.staged == {}


async def test_greylisting_passes_when_it_is_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path, scenario=scenario("greylisting")) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        assert isinstance(wizard.screen, Stopped)
        await wizard.submit({}, progress=lambda _: None)
        assert wizard.screen.step == "arrival"


async def test_back_from_a_problem_shows_the_answers_that_led_to_it(tmp_path: Path) -> None:
    async with stage(tmp_path, scenario=Scenario(name="x", refuse_sign_in="535 5.7.8 no")) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        wizard.back()
        assert wizard.screen.step == "smtp-connect"
        fields = {field.name: field for field in wizard.screen.fields}  # type: ignore[union-attr]
        assert fields["username"].value == "notifications@example.org"
        assert fields["password"].value == ""
        assert fields["password"].kept


async def test_back_loses_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "review")
        before = wizard.draft
        back: list[str] = []
        while wizard.can_go_back:
            wizard.back()
            back.append(wizard.screen.step)
        assert back == ["arrival", "test", "sender", "smtp-connect", "smtp-address", "provider", "platform", "start"]
        assert replace(wizard.draft, typed={}) == replace(before, typed={})


async def test_what_was_typed_and_not_submitted_is_still_there_after_back_and_forth(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "sender")
        wizard.remember({"address": "half@exam", "alias": "Half an alias"})
        wizard.back()
        await walk_to(wizard, "sender")
        values = {field.name: field.value for field in wizard.screen.fields}  # type: ignore[union-attr]
        assert values == {"address": "half@exam", "alias": "Half an alias"}


async def test_a_typed_password_is_never_remembered(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        store = StoredDrafts(tmp_path)
        wizard = await open_wizard(play.world, store)
        await walk_to(wizard, "smtp-connect")
        wizard.remember({"host": "mail.example.org", "password": "canary-7f3a"})
        assert "canary-7f3a" not in (tmp_path / "draft.json").read_text()
        assert "mail.example.org" in (tmp_path / "draft.json").read_text()
        wizard.remember({"host": "mail.example.org", "username": "canary-7f3a ", "password": "canary-7f3a"})
        assert "canary-7f3a" not in (tmp_path / "draft.json").read_text()


async def test_a_typed_connection_code_stays_on_the_page_and_goes_into_no_file(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, "platform")
        wizard.remember({"choice": "connection-code", "code": "SW1-canary-7f3a"})
        (code,) = wizard.screen.fields  # type: ignore[union-attr]
        assert code.value == "SW1-canary-7f3a"
        assert "canary" not in (tmp_path / "draft.json").read_text()
        again = await open_wizard(play.world, StoredDrafts(tmp_path))
        assert again.screen.chosen == "connection-code"  # type: ignore[union-attr]
        assert again.screen.fields[0].value == ""  # type: ignore[union-attr]


async def test_the_rail_leads_back_but_never_forward(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "sender")
        states = {entry.stop: (entry.state, entry.reachable) for entry in wizard.rail}
        assert states["platform"] == ("done", True)
        assert states["sender"] == ("current", False)
        assert states["review"] == ("to-come", False)
        wizard.return_to("review")
        assert wizard.screen.step == "sender"
        wizard.return_to("connect")
        assert wizard.screen.step == "smtp-address"


async def test_after_activation_there_is_no_way_back(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "done")
        assert not wizard.can_go_back
        assert not any(entry.reachable for entry in wizard.rail)
        wizard.back()
        await wizard.submit({"action": "back"}, progress=lambda _: None)
        wizard.return_to("sender")
        wizard.return_to_field("address")
        assert wizard.screen.step == "done"


async def test_a_test_lapses_when_the_sender_changes(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "review")
        assert isinstance(wizard.screen, Review)
        assert wizard.screen.notices == ()
        wizard.return_to("sender")
        other = USUAL | {"sender": {"address": "other@example.org", "alias": "Other"}}
        await walk_to(wizard, "test", other)
        assert wizard.draft.test is not None
        assert wizard.draft.test.submitted
        await walk_to(wizard, "review", other)
        assert len(play.inbox) == 2


@pytest.mark.parametrize("changed", [{"profile": "another"}, {"submitted": False}])
async def test_a_test_of_other_settings_counts_for_nothing_on_the_review(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "review")
        draft = wizard.draft
        assert draft.test is not None
        shown = ReviewStep().show(replace(draft, test=replace(draft.test, **changed)), play.world)
        assert [notice.key for notice in shown.notices] == ["review.open.not-tested"]
        tested = next(fact.value for fact in shown.facts if fact.label == "review.tested")  # type: ignore[union-attr]
        assert "anna@example.org" not in tested


@pytest.mark.parametrize(("arrived", "open_points"), [("yes", 0), ("junk", 1), ("no", 1), ("later", 0)])
async def test_what_was_seen_of_the_test_stands_on_the_review(tmp_path: Path, arrived: str, open_points: int) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "review", USUAL | {"arrival": {"choice": arrived}})
        assert wizard.draft.test is not None
        assert wizard.draft.test.arrived is Arrival(arrived)
        assert len(wizard.screen.notices) == open_points
        assert all(notice.warning for notice in wizard.screen.notices)


@pytest.mark.parametrize(
    ("step", "answer", "fields"),
    [
        ("start", {"choice": "conquer"}, {"choice"}),
        ("platform", {"choice": ""}, {"choice"}),
        ("platform", {"choice": "connection-code", "code": " "}, {"code"}),
        ("platform", {"choice": "connection-code", "code": "SW1-AAAA"}, {"code"}),
        ("provider", {"choice": "carrier-pigeon"}, {"choice"}),
        ("smtp-address", {"address": "nobody"}, {"address"}),
        ("smtp-connect", {"host": "", "port": "0"}, {"host", "port"}),
        ("sender", {"address": "a@b", "alias": ""}, {"address", "alias"}),
        ("test", {"to": "x\r\nRCPT TO:<y@example.org>"}, {"to"}),
        ("arrival", {"choice": "maybe"}, {"choice"}),
    ],
)
async def test_a_useless_answer_keeps_the_person_on_the_screen(
    tmp_path: Path, step: str, answer: dict[str, str], fields: set[str]
) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, step)
        before = wizard.draft
        with pytest.raises(Rejected) as caught:
            await wizard.submit(answer, progress=lambda _: None)
        assert fields <= set(caught.value.fields)
        assert wizard.screen.step == step
        assert wizard.draft == before


async def test_practising_ends_the_real_walk_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await wizard.submit({"choice": "practise"}, progress=lambda _: None)
        assert wizard.draft.purpose is Purpose.PRACTISE
        assert wizard.is_last


async def test_starting_over_forgets_answers_draft_and_password(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        store = StoredDrafts(tmp_path)
        wizard = await open_wizard(play.world, store)
        await walk_to(wizard, "sender")
        ref = wizard.draft.answers.password
        await wizard.start_over()
        assert wizard.screen.step == "start"
        assert wizard.draft == Draft(id=wizard.draft.id, platform=wizard.draft.platform)
        assert await play.world.vault.fetch(ref) is None
        assert store.load() is None
