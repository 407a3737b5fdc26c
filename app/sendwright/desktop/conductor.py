"""Stands between the wizard and the window: every press becomes background work, every result a signal."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from sendwright.desktop.engine import Engine, Work
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Rejected, Screen, Working
from sendwright.wizard.draft import Purpose
from sendwright.wizard.wizard import Wizard

ADVICE_AFTER_MS = 400
SHOW_WAITING_AFTER_MS = 300


class Conductor(QObject):
    """Gives answers to the wizard and tells the window what to draw.

    moved: another screen is to be shown. rejected: a screens.Rejected. progressed: a StageResult. advised: an Advice.
    waiting: whether a wait is long enough to be shown. failed: an exception that nobody expected. practise: asked for.
    """

    moved = Signal()
    rejected = Signal(object)
    progressed = Signal(object)
    advised = Signal(object)
    waiting = Signal(bool)
    failed = Signal(object)
    practise = Signal()

    def __init__(self, wizard: Wizard, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wizard = wizard
        self._engine = engine
        self._work: Work | None = None
        self._advice: Work | None = None
        self._typed: Mapping[str, str] = {}
        self._pause = QTimer(self, singleShot=True, interval=ADVICE_AFTER_MS)
        self._pause.timeout.connect(self._ask_advice)
        self._patience = QTimer(self, singleShot=True, interval=SHOW_WAITING_AFTER_MS)
        self._patience.timeout.connect(self._show_waiting)

    @property
    def screen(self) -> Screen:
        """What is to be drawn."""
        return self.wizard.screen

    @property
    def busy(self) -> bool:
        """Whether an answer is being used just now."""
        return self._work is not None

    def begin(self) -> None:
        """Draw the first screen."""
        self._show()

    def submit(self, answer: Mapping[str, str]) -> None:
        """Give the answer of the current screen; nothing happens while another is being used."""
        if self.busy:
            return
        self._stop_advice()
        progress = self._engine.relay(self._report)
        self._patience.start()
        self._work = self._engine.run(
            self.wizard.submit(dict(answer), progress=progress),
            owner=self,
            then=lambda _: self._submitted(),
            failed=self._refused,
        )

    def cancel(self) -> None:
        """Stop what runs; the person is back at the answers that started it."""
        if self._work is None:
            return
        self._work.cancel()
        self._settle()
        if isinstance(self.wizard.screen, Working):
            self.wizard.back()
        self.moved.emit()

    def back(self, typed: Mapping[str, str] | None = None) -> None:
        """Go back; what stands in the form is kept."""
        if self.busy:
            self.cancel()
            return
        if typed is not None:
            self.wizard.remember(dict(typed))
        self.wizard.back()
        self.moved.emit()

    def return_to(self, stop: str, typed: Mapping[str, str] | None = None) -> None:
        """Go back to a stop of the rail."""
        if self.busy:
            return
        if typed is not None:
            self.wizard.remember(dict(typed))
        self.wizard.return_to(stop)
        self.moved.emit()

    def start_over(self) -> None:
        """Begin again with empty answers."""
        if not self.busy:
            self._work = self._engine.run(
                self.wizard.start_over(), owner=self, then=lambda _: self._submitted(), failed=self._refused
            )

    def typing(self, typed: Mapping[str, str]) -> None:
        """Note what stands in the form now; advice follows when the person pauses."""
        self._typed = dict(typed)
        self._pause.start()

    def keep(self, typed: Mapping[str, str]) -> None:
        """Save what stands in the form, as when the window closes."""
        if not self.busy:
            self.wizard.remember(dict(typed))

    def _show(self) -> None:
        self.moved.emit()
        if self.wizard.draft.purpose is Purpose.PRACTISE:
            self.practise.emit()
        elif isinstance(self.wizard.screen, Working):
            self.submit({})

    def _submitted(self) -> None:
        self._settle()
        self._show()

    def _refused(self, error: BaseException) -> None:
        self._settle()
        if isinstance(error, Rejected):
            self.rejected.emit(error)
        else:
            self.failed.emit(error)

    def _settle(self) -> None:
        self._work = None
        self._patience.stop()
        self._is_waiting(waiting=False)

    def _show_waiting(self) -> None:
        self._is_waiting(waiting=True)

    def _is_waiting(self, *, waiting: bool) -> None:
        self.waiting.emit(waiting)

    def _report(self, result: StageResult) -> None:
        if self.busy:
            self.progressed.emit(result)

    def _ask_advice(self) -> None:
        if self.busy:
            return
        self._stop_advice()
        self._advice = self._engine.run(
            self.wizard.advise(dict(self._typed)), owner=self, then=self._advise, failed=lambda _: None
        )

    def _advise(self, advice: Advice) -> None:
        self.advised.emit(advice)

    def _stop_advice(self) -> None:
        self._pause.stop()
        if self._advice is not None:
            self._advice.cancel()
            self._advice = None
