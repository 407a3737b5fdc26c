"""Stands between the wizard and the window: every press becomes background work, every result a signal."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from sendwright.desktop.backstage import Backstage, Typed
from sendwright.desktop.engine import Engine, Work
from sendwright.desktop.running import runs
from sendwright.desktop.saving import Saving
from sendwright.desktop.scene import Scene, look_at
from sendwright.desktop.ways import Ways
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Consent, Rejected, Stopped, Working
from sendwright.wizard.wizard import Wizard

ADVICE_AFTER_MS = 400
SHOW_WAITING_AFTER_MS = 300
OFFER_CANCEL_AFTER_MS = 1500


class Waiting(Enum):
    """What is to be shown of a wait: nothing yet, that there is one, that it can be cancelled, that it is ending."""

    NO = 0
    SHOWN = 1
    CANCELLABLE = 2
    ENDING = 3


class Conductor(QObject):
    """Gives answers to the wizard and tells the window what to draw.

    The wizard lives on the engine's thread: whatever asks or changes it is work, one piece after another; the window
    sees snapshots only. moved: another scene is to be drawn. rejected: a screens.Rejected. progressed: a StageResult.
    advised: an Advice. waiting: a Waiting. failed: an exception that nobody expected. practise: a practice is wanted.
    outside: is asked first about every answer, with the step's id; True: it was carried out, the wizard need not know.
    """

    moved = Signal(object)
    rejected = Signal(object)
    progressed = Signal(object)
    advised = Signal(object)
    waiting = Signal(object)
    failed = Signal(object)
    practise = Signal()

    def __init__(self, wizard: Wizard, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.outside: Callable[[str, Mapping[str, str]], bool] = lambda _step, _answer: False
        self.world = wizard.world
        self._backstage = Backstage(wizard)
        self._engine = engine
        self._scene = look_at(wizard)
        self._work: Work | None = None
        self._advice: Work | None = None
        self._cancelling = False
        self._leaving: Callable[[], None] | None = None
        self._instead: Mapping[str, str] | None = None
        self._typed = Typed()
        self._pause = QTimer(self, singleShot=True, interval=ADVICE_AFTER_MS)
        self._pause.timeout.connect(self._ask_advice)
        self._patience = QTimer(self, singleShot=True, interval=SHOW_WAITING_AFTER_MS)
        self._patience.timeout.connect(lambda: self.waiting.emit(Waiting.SHOWN))
        self._impatience = QTimer(self, singleShot=True, interval=OFFER_CANCEL_AFTER_MS)
        self._impatience.timeout.connect(lambda: self.waiting.emit(Waiting.CANCELLABLE))

    @property
    def scene(self) -> Scene:
        """What is drawn now."""
        return self._scene

    @property
    def busy(self) -> bool:
        """Whether something is being done just now."""
        return self._work is not None

    def begin(self) -> None:
        """Draw the first scene."""
        self._show()

    def submit(self, answer: Mapping[str, str]) -> None:
        """Give the answer of the current screen; nothing happens while something else is being done.

        An action of a screen that only waits for a sign-in elsewhere ends that wait first.
        """
        if self.busy and answer and isinstance(self._scene.screen, Consent) and not self._cancelling:
            self._instead = dict(answer)
            self.cancel()
        if self.busy or self._leaving is not None:
            return
        if self.outside(self._scene.screen.step, answer):
            return
        if isinstance(self._scene.screen, Stopped) and self._scene.screen.stages:
            self._scene = replace(self._scene, screen=_again(self._scene.screen))
            self.moved.emit(self._scene)
        self._run(self._backstage.submit(dict(answer), self._engine.relay(self._report)))

    def back(self, typed: Mapping[str, str] | None = None) -> None:
        """Go back; `typed` is what stands in the form, and is kept."""
        self._run(self._backstage.back(self._note(typed)))

    def return_to(self, stop: str, typed: Mapping[str, str] | None = None) -> None:
        """Go back to a stop of the rail."""
        self._run(self._backstage.return_to(stop, self._note(typed)))

    def change(self, field: str) -> None:
        """Go back from a problem to the form that has `field`."""
        self._run(self._backstage.return_to_field(field))

    def start_over(self) -> None:
        """Begin again with empty answers."""
        self._run(self._backstage.start_over())

    def cancel(self) -> None:
        """Stop what runs; the person comes back to the answers that started it."""
        if self._work is not None and not self._cancelling:
            self._cancelling = True
            self._patience.stop()
            self._impatience.stop()
            self.waiting.emit(Waiting.ENDING)
            self._work.cancel()

    def typing(self, typed: Mapping[str, str]) -> None:
        """Note what stands in the form now; it is kept, and advice follows, when the person pauses."""
        self._typed = self._note(typed)
        self._pause.start()

    def saving(self, results: Sequence[StageResult]) -> Saving:
        """Return what makes and saves a diagnosis file of where the wizard stands, with those stages of its step."""
        screen = self._scene.screen
        stages = screen.stages if isinstance(screen, Stopped) else ()
        shown = [result for result in results if result.id in stages]
        return Saving(self._engine, self._backstage, self.world.recorder, results=shown, fault=self.failed.emit)

    def ways(self) -> Ways | None:
        """Return what looks which ways out are open; None in a practice, where nothing leaves the computer."""
        return None if self.world.practice else Ways(self._engine, self.world.network)

    def leave(self, typed: Mapping[str, str] | None, *, then: Callable[[], None]) -> None:
        """End what runs, keep what stands in the form, and call `then`, whatever happens."""
        self._stop_advice()
        self._typed = self._note(typed)
        self._leaving = then
        if self.busy:
            self.cancel()
        else:
            self._keep_and_leave()

    def _run(self, act: Coroutine[object, object, Scene]) -> None:
        if self.busy or self._leaving is not None:
            act.close()
            return
        self._stop_advice()
        self._patience.start()
        self._impatience.start()
        self._work = self._engine.run(act, owner=self, then=self._acted, failed=self._refused)

    def _note(self, typed: Mapping[str, str] | None) -> Typed:
        return Typed(self._scene.screen.step, None if typed is None else dict(typed))

    def _acted(self, scene: Scene) -> None:
        """Show where the wizard stands; a cancelled walk rests before the next thing that would run."""
        cancelled = self._settle()
        self._instead = None  # what it was to take the place of was faster
        self._scene = scene
        if self._leaving is not None:
            self._keep_and_leave()
        elif cancelled and runs(scene.screen):
            self.back()
        else:
            self._show()

    def _refused(self, error: BaseException) -> None:
        self._settle()
        if self._leaving is not None:
            self._keep_and_leave()
        elif isinstance(error, Rejected):
            self.rejected.emit(error)
        elif (instead := self._instead) is not None:
            self._instead = None
            self.submit(instead)
        elif runs(self._scene.screen) or isinstance(self._scene.screen, Consent):
            self.back()  # nothing runs any more behind this screen
        if not isinstance(error, Rejected | asyncio.CancelledError):
            self.failed.emit(error)

    def _settle(self) -> bool:
        """Nothing runs any more; return whether it had been asked to stop."""
        cancelled = self._cancelling
        self._work, self._cancelling = None, False
        self._patience.stop()
        self._impatience.stop()
        self.waiting.emit(Waiting.NO)
        return cancelled

    def _show(self) -> None:
        self.moved.emit(self._scene)
        if self._scene.practise:
            self.practise.emit()
        elif runs(self._scene.screen):
            self.submit({})

    def _report(self, result: StageResult) -> None:
        if self.busy and not self._cancelling:
            self.progressed.emit(result)

    def _keep_and_leave(self) -> None:
        then, self._leaving = self._leaving, None
        if then is None:
            return

        def failed(error: BaseException) -> None:
            self._work = None
            self.failed.emit(error)
            then()

        def kept(_: None) -> None:
            self._work = None
            then()

        keeping = self._backstage.keep(self._typed)
        self._work = self._engine.run(keeping, owner=self, then=kept, failed=failed)

    def _ask_advice(self) -> None:
        if not self.busy and self._typed.values is not None:
            self._stop_advice()
            asking = self._backstage.advise(self._typed)
            self._advice = self._engine.run(asking, owner=self, then=self._advised, failed=self.failed.emit)

    def _advised(self, advice: Advice) -> None:
        self._advice = None
        self.advised.emit(advice)

    def _stop_advice(self) -> None:
        self._pause.stop()
        if self._advice is not None:
            self._advice.abandon()
            self._advice = None


def _again(stopped: Stopped) -> Working:
    """Return the screen of the stages that run once more."""
    return Working(step=stopped.step, title=stopped.title, values=stopped.values, stages=stopped.stages)
