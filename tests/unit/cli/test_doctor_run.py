"""What every doctor does with stages as they come: they are shown, concluded from, saved, and end in an exit code."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from sendwright.cli.doctor_run import FINE, PROBLEM, Showing, show_diagnosis
from sendwright.diagnosis.stage import GRAPH_STAGES, StageResult, Verdict
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.texts import speaking, text

REFUSED = classify(Evidence(stage="sender", system=System.GRAPH, http=403, reason="ErrorSendAsDenied"))
PASSED = StageResult(id="reach", verdict=Verdict.PASSED, took_ms=3.0)
WARNED = StageResult(id="sign-in", verdict=Verdict.WARNING, problem=REFUSED)
FAILED = StageResult(id="sender", verdict=Verdict.FAILED, problem=REFUSED)
STRANGE = StageResult(id="not-in-any-order", verdict=Verdict.FAILED, problem=REFUSED)


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@dataclass
class Shown:
    """The streams of one run. terminal: somebody watches."""

    terminal: bool = False
    out: io.StringIO = field(default_factory=io.StringIO)
    data: io.StringIO = field(default_factory=io.StringIO)
    recorder: WireRecorder = field(default_factory=WireRecorder)

    async def of(
        self, *results: StageResult, json: bool = False, save: Path | None = None, secrets: tuple[Secret, ...] = ()
    ) -> int:
        async def stages() -> AsyncIterator[StageResult]:
            for result in results:
                yield result

        showing = Showing(
            out=Console(file=self.out, width=100, emoji=False, force_terminal=self.terminal, color_system=None),
            data=Console(file=self.data, width=40, emoji=False),
            json=json,
            save=save,
            recorder=self.recorder,
        )
        return await show_diagnosis(
            stages(),
            showing,
            title="[red]contoso.com[/red]",
            subject={"kind": "microsoft"},
            order=GRAPH_STAGES,
            canonical=GRAPH_STAGES,
            secrets=secrets,
        )


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize(
    ("results", "code", "verdict"),
    [
        ((PASSED,), FINE, "passed"),
        ((PASSED, WARNED), FINE, "warning"),
        ((PASSED, FAILED), PROBLEM, "failed"),
        ((FAILED, PASSED), PROBLEM, "failed"),
        ((STRANGE,), PROBLEM, "failed"),
        ((), FINE, "not-reached"),
    ],
)
async def test_the_worst_stage_decides_and_is_said_in_words(
    results: tuple[StageResult, ...], code: int, verdict: str, terminal: bool
) -> None:
    shown = Shown(terminal=terminal)
    assert await shown.of(*results) == code
    assert text(f"doctor.verdict.{verdict}") in shown.out.getvalue()
    assert "[red]contoso.com[/red]" in shown.out.getvalue()
    assert shown.data.getvalue() == ""


async def test_one_problem_is_explained_once_whatever_stages_it_stopped() -> None:
    shown = Shown()
    await shown.of(PASSED, FAILED, msgspec.structs.replace(FAILED, id="submit"))
    assert shown.out.getvalue().count(text(f"problems.{REFUSED.code}.title")) == 1
    assert text("doctor.ticket") in shown.out.getvalue()


async def test_where_all_is_well_nobody_is_told_of_a_ticket() -> None:
    shown = Shown()
    await shown.of(PASSED)
    assert text("doctor.ticket") not in shown.out.getvalue()


async def test_json_is_all_that_is_written() -> None:
    shown = Shown(terminal=True)
    assert await shown.of(PASSED, FAILED, json=True) == PROBLEM
    report = msgspec.json.decode(shown.data.getvalue())
    assert shown.out.getvalue() == ""
    assert (report["verdict"], report["problem"]) == ("failed", REFUSED.code)
    assert [stage["id"] for stage in report["stages"]] == list(GRAPH_STAGES)


async def test_a_stage_that_is_in_no_order_is_reported_behind_the_others() -> None:
    shown = Shown()
    assert await shown.of(PASSED, STRANGE, json=True) == PROBLEM
    report = msgspec.json.decode(shown.data.getvalue())
    assert [stage["id"] for stage in report["stages"]] == [*GRAPH_STAGES, STRANGE.id]


async def test_a_diagnosis_is_saved_in_the_place_of_a_ticket(tmp_path: Path) -> None:
    shown, place = Shown(), tmp_path / "diagnosis.zip"
    assert await shown.of(PASSED, FAILED, save=place) == PROBLEM
    assert place.stat().st_size > 0
    assert str(place) in shown.out.getvalue()
    assert text("doctor.ticket") not in shown.out.getvalue()


async def test_one_that_cannot_be_saved_is_a_problem_although_all_is_well(tmp_path: Path) -> None:
    shown = Shown()
    tmp_path.joinpath("file").write_text("no folder")
    place = tmp_path / "file" / "diagnosis.zip"
    assert await shown.of(PASSED, save=place) == PROBLEM
    assert text("doctor.usage.save", file=str(place)) in shown.out.getvalue().replace("\n", "")


@pytest.mark.parametrize("learned", [True, False])
async def test_no_file_is_written_with_a_secret_in_it(tmp_path: Path, learned: bool) -> None:
    shown, place = Shown(), tmp_path / "diagnosis.zip"
    secret = Secret("canary-8421-secret")
    if learned:
        shown.recorder.learn(secret)
    telling = msgspec.structs.replace(PASSED, evidence={"host": secret.reveal()})
    await shown.of(telling, save=place, secrets=() if learned else (secret,))
    assert not place.exists() or secret.reveal().encode() not in place.read_bytes()
