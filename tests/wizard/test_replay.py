"""A diagnosis file is replayed page by page: nothing is asked, sent, fetched or kept."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desktop.saved import EVENTS, FILE, YESTERDAY
from tests.wizard.surroundings import stage
from tests.wizard.walking import walk_to

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file import DiagnosisFile, Shown, compare, first_problem, pack, unpack
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.screens import Recorded
from sendwright.texts import text
from sendwright.wizard.dossier import dossier
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.replay import pages, replay
from sendwright.wizard.store import NoDrafts

EMPTY = DiagnosisFile(made_at=datetime(2026, 11, 20, tzinfo=UTC), program="9", language="fr", subject={})


async def walked(file: DiagnosisFile, folder: Path, other: DiagnosisFile | None = None) -> list[Recorded]:
    async with stage(folder) as play:
        comparison = compare(other, file) if other else None
        wizard = replay(file, play.world, comparison=comparison)
        seen: list[Recorded] = []
        while True:
            screen = wizard.screen
            assert isinstance(screen, Recorded)
            seen.append(screen)
            if wizard.is_last:
                break
            await wizard.submit({}, progress=lambda _: None)
        assert play.backend.calls == []
        assert play.world.recorder.events == ()
        return seen


async def test_the_pages_come_one_after_the_other(tmp_path: Path) -> None:
    steps = [screen.step for screen in await walked(FILE, tmp_path)]
    assert steps == ["result", "screens-1", "screens-2", "screens-3", "wire", "computer"]


async def test_whoever_compares_begins_with_what_changed_and_finds_the_result_behind_it(tmp_path: Path) -> None:
    steps = [screen.step for screen in await walked(FILE, tmp_path, YESTERDAY)]
    assert steps == ["compared", "screens-1", "screens-2", "screens-3", "wire", "computer"]
    async with stage(tmp_path / "again") as play:
        wizard = replay(FILE, play.world, comparison=compare(YESTERDAY, FILE))
        wizard.back()
        assert wizard.screen.step == "result"
        await wizard.submit({}, progress=lambda _: None)
        assert wizard.screen.step == "compared"


async def test_what_was_tried_is_told_in_words(tmp_path: Path) -> None:
    subject = {
        "kind": "smtp",
        "purpose": "set-up",
        "provider": "custom_smtp",
        "security": "starttls",
        "new": "of-tomorrow",
    }
    facts = dict((await walked(msgspec.structs.replace(EMPTY, subject=subject), tmp_path))[0].facts)
    assert facts == {
        text("replay.fact.kind"): text("diagnosis_file.kinds.smtp"),
        text("replay.fact.purpose"): text("start.set-up.label"),
        text("replay.fact.provider"): text("providers.custom_smtp.name"),
        text("replay.fact.security"): text("custom_smtp.security.starttls"),
        "new": "of-tomorrow",
    }
    strange = msgspec.structs.replace(EMPTY, subject={"kind": "{0.__class__}", "security": "ssl"})
    assert {value for _, value in (await walked(strange, tmp_path))[0].facts} == {"{0.__class__}", "ssl"}


async def test_the_first_page_says_stage_cause_and_owner(tmp_path: Path) -> None:
    first = (await walked(FILE, tmp_path))[0]
    assert first.problem is not None
    assert first.problem.code == "tls-certificate-expired"
    assert first.problem.owner == "mail-server-admin"
    assert [result.id for result in first.results if result.verdict is Verdict.FAILED] == ["secure"]
    assert first.sides is not None
    assert ("Server", "smtp.example.org") in first.facts
    assert first.values["version"] == "0.2.0"


async def test_every_event_is_a_line_and_what_was_said_stands_alone(tmp_path: Path) -> None:
    wire = next(screen for screen in await walked(FILE, tmp_path) if screen.step == "wire")
    assert len(wire.lines) == sum(max(1, len(event.text.splitlines())) for event in EVENTS)
    assert wire.lines[5] == "    140.9 smtp  → EHLO [192.0.2.4]"
    assert "verify=10" in wire.lines[-1]


async def test_a_file_without_anything_still_has_its_pages(tmp_path: Path) -> None:
    first, wire, computer = await walked(EMPTY, tmp_path)
    assert [notice.key for notice in first.notices] == ["replay.result.fine"]
    assert [notice.key for notice in wire.notices] == ["replay.wire.none"]
    assert computer.facts == ()


async def test_going_back_and_to_a_stop_of_the_rail_works(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = replay(FILE, play.world)
        await walk_to(wizard, "wire")
        assert [entry.stop for entry in wizard.rail] == ["result", "screens", "wire", "computer"]
        wizard.back()
        assert wizard.screen.step == "screens-3"
        wizard.return_to("result")
        assert wizard.screen.step == "result"


async def test_a_walk_that_really_happened_can_be_replayed(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.failing_stage = "connect"
        stages: list[StageResult] = []
        await wizard.submit({}, progress=stages.append)
        made = dossier(wizard, results=stages)
        saved = unpack(pack(made, secrets=play.world.recorder.secrets, pseudonyms=Pseudonyms()))
    shown = await walked(saved, tmp_path / "elsewhere")
    inner = [screen.inner["step"] for screen in shown if screen.inner is not None]
    assert inner[:3] == ["start", "platform", "provider"]
    assert inner[-1] == "activate"
    assert shown[0].problem is not None
    assert shown[0].problem.code == "connection-refused"
    text = msgspec.json.encode(shown).decode()
    assert "notifications@example.org" not in text
    assert "anna@example.org" not in text


def test_what_runs_is_passed_by_and_sides_of_tomorrow_are_left_out() -> None:
    working = Shown(at=EMPTY.made_at, screen={"type": "working", "step": "test-run"})
    file = msgspec.structs.replace(EMPTY, screens=(working,), sides={"finding": "of-tomorrow"})
    (first, _), *others = pages(file)
    assert first.sides is None
    assert [page.step for page, _ in others] == ["wire", "computer"]


@pytest.mark.parametrize("problems", [True, False])
def test_the_problem_of_the_first_stage_that_failed_comes_first(*, problems: bool) -> None:
    other = msgspec.structs.replace(FILE.problems[0], code="greylisted")
    file = msgspec.structs.replace(FILE, problems=(other,) if problems else ())
    assert first_problem(file) == next(stage.problem for stage in FILE.stages if stage.problem)
    assert first_problem(msgspec.structs.replace(file, stages=())) == (other if problems else None)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["type", "step", "title", "fields", "inner", "problem"]), PLAIN), PLAIN)
def test_whatever_a_file_calls_a_screen_the_pages_can_be_made(screen: dict[str, object], sides: object) -> None:
    file = msgspec.structs.replace(
        FILE,
        screens=(Shown(at=FILE.made_at, screen=screen),),
        sides=sides if isinstance(sides, dict) else None,
    )
    assert len(pages(file)) in {3, 4}
