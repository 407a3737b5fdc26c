"""The backend's own test: one at a time, to its end, recorded whoever listens."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.unit.service.backend_kit import Backend, code_of, running

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.trials import worst
from sendwright.service.trouble import Trouble


class Gate:
    """A diagnosis that waits in its middle until it is let through."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, *_: object, **__: object) -> AsyncIterator[StageResult]:
        yield StageResult(id="resolve", verdict=Verdict.PASSED)
        self.reached.set()
        await self.open.wait()
        yield StageResult(id="submit", verdict=Verdict.PASSED)


def gate(backend: Backend) -> Gate:
    found = Gate()
    backend.assembly.services.trials._diagnose = found
    return found


async def test_a_version_is_tested_once_at_a_time(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        first, second = await backend.wizard.stage(), await backend.wizard.stage()
        waiting = gate(backend)
        trials = backend.assembly.services.trials
        lines = await trials.begin(first, to=None, who="a")
        await waiting.reached.wait()
        answer = await backend.wizard.ask("POST", f"/v1/profiles/{first}/test", json={"to": None})
        assert (answer.status_code, code_of(answer)) == (409, "profile-test-running")
        other = await trials.begin(second, to=None, who="a")
        waiting.open.set()
        assert len([line async for line in lines]) == len([line async for line in other]) == 3
        assert len(await backend.wizard.test(first)) == 3


async def test_a_test_nobody_listens_to_is_recorded(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        waiting = gate(backend)
        lines = await backend.assembly.services.trials.begin(version, to=None, who="a")
        assert await anext(lines)
        await waiting.reached.wait()
        del lines
        waiting.open.set()
        await backend.assembly.services.trials.close(within_s=5)
        state = (await backend.wizard.ask("GET", f"/v1/profiles/{version}")).json()
        assert state["test_verdict"] == "passed"


async def test_a_test_that_does_not_end_is_cut_off_and_says_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        gate(backend)
        lines = await backend.assembly.services.trials.begin(version, to=None, who="a")
        await backend.assembly.services.trials.close(within_s=0.05)
        assert len([line async for line in lines]) == 1
        state = (await backend.wizard.ask("GET", f"/v1/profiles/{version}")).json()
        assert state["tested_at"] is None


async def test_a_version_that_does_not_exist_is_not_tested(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        with pytest.raises(Trouble) as caught:
            await backend.assembly.services.trials.begin(9, to=None, who="a")
        assert caught.value.code == "backend-not-found"


async def test_a_profile_of_another_program_version_fails_by_name(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        backend.diagnosis.fault = ProfileUnusable("unknown kind of sender")
        assert (await backend.wizard.test(version))[-1] == {"verdict": "failed", "code": "profile-invalid"}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], Verdict.FAILED),
        ([Verdict.NOT_REACHED], Verdict.FAILED),
        ([Verdict.PASSED], Verdict.PASSED),
        ([Verdict.PASSED, Verdict.NOT_REACHED], Verdict.PASSED),
        ([Verdict.PASSED, Verdict.WARNING, Verdict.PASSED], Verdict.WARNING),
        ([Verdict.WARNING, Verdict.FAILED, Verdict.NOT_REACHED], Verdict.FAILED),
    ],
)
def test_the_verdict_is_that_of_the_worst_stage(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst([StageResult(id="x", verdict=verdict) for verdict in verdicts]) is expected
