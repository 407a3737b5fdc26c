"""What the tests of the conductor stand on: a wizard of hand-made screens, and an ear for every signal."""

import asyncio
from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.hand_made import ShownStep, hand_made_wizard, hand_made_world

from sendwright.desktop.conductor import Conductor
from sendwright.desktop.engine import Engine
from sendwright.desktop.scene import Scene
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Halted, Rejected
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import Progress


class Ear:
    """Remembers what a conductor says."""

    def __init__(self, conductor: Conductor) -> None:
        self.conductor = conductor
        self.scenes: list[Scene] = []
        self.rejections: list[Rejected] = []
        self.stages: list[StageResult] = []
        self.advice: list[Advice] = []
        self.faults: list[BaseException] = []
        self.practising = 0
        conductor.moved.connect(self.scenes.append)
        conductor.rejected.connect(self.rejections.append)
        conductor.progressed.connect(self.stages.append)
        conductor.advised.connect(self.advice.append)
        conductor.failed.connect(self.faults.append)
        conductor.practise.connect(self._practise)

    def _practise(self) -> None:
        self.practising += 1

    @property
    def steps(self) -> list[str]:
        return [scene.screen.step for scene in self.scenes]


class Shelf:
    """A store that remembers every position."""

    def __init__(self) -> None:
        self.positions: list[Position] = []

    def save(self, position: Position) -> None:
        self.positions.append(position)

    def discard(self) -> None:
        self.positions.clear()


class Stand:
    """A conductor over hand-made steps."""

    def __init__(self, engine: Engine, qtbot: QtBot, folder: Path) -> None:
        self.engine, self.qtbot, self.folder = engine, qtbot, folder
        self.shelf = Shelf()
        self.conductor: Conductor
        self.wizard: Wizard
        self.ear: Ear

    def begin(self, *steps: ShownStep, at: int = 0) -> None:
        self.wizard = hand_made_wizard(hand_made_world(self.folder), *steps, at=at, store=self.shelf)
        self.conductor = Conductor(self.wizard, self.engine)
        self.ear = Ear(self.conductor)
        self.conductor.begin()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.conductor.busy)


async def forever(answer: Answer, progress: Progress) -> None:
    for result in samples.RESULTS:
        progress(result)
    await asyncio.sleep(60)


async def reject(answer: Answer, progress: Progress) -> None:
    raise Rejected({"address": "address.spaces"})


async def halt(answer: Answer, progress: Progress) -> None:
    raise Halted(samples.WRONG_PASSWORD.problem)


async def break_down(answer: Answer, progress: Progress) -> None:
    raise RuntimeError("a fault of ours")


SENDER = ShownStep(samples.SENDER)
ADDRESS = ShownStep(samples.ADDRESS)
REVIEW = ShownStep(samples.REVIEW)
RUNNING = ShownStep(samples.RUNNING, act=forever)


def values(scene: Scene) -> dict[str, str]:
    assert isinstance(scene.screen, Form)
    return {field.name: field.value for field in scene.screen.fields}
