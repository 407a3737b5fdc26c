"""A list of stages that tick off as they end, each with its time."""

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label, line
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.texts import has, language, text

LOOKS = {
    "running": ("running", "accent"),
    Verdict.PASSED: ("passed", "passed"),
    Verdict.WARNING: ("warning", "warning"),
    Verdict.FAILED: ("failed", "failed"),
    Verdict.NOT_REACHED: ("not-reached", "muted"),
    "waiting": ("to-come", "muted"),
}
_TIMED = {"running", Verdict.PASSED, Verdict.WARNING, Verdict.FAILED}
_COUNTED_AFTER_S = 2


class StageList(QFrame):
    """One row per stage; once begun, the first one without a result is running, and a line says what it does."""

    def __init__(self, theme: Theme, stages: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(1), tokens.units(2), tokens.units(1))
        layout.setSpacing(0)
        self.rows = {stage: StageRow(theme, stage) for stage in stages}
        self._ended: set[str] = set()
        for row in self.rows.values():
            layout.addWidget(row)
        self._line = line()
        self._detail = label("", role="muted")
        self._detail.setContentsMargins(0, tokens.units(1), 0, tokens.units(1))
        layout.addSpacing(tokens.units(1))
        layout.addWidget(self._line)
        layout.addWidget(self._detail)
        self._since = 0.0
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._count)
        self._explain("")

    def begin(self) -> None:
        """The first stage runs."""
        self._mark_running()
        self._clock.start()

    def show_result(self, result: StageResult) -> str:
        """Tick a stage; return that in words. One that is not in the list is passed over."""
        row = self.rows.get(result.id)
        if row is None:
            return ""
        self._ended.add(result.id)
        row.show_state(str(result.verdict), took_ms=result.took_ms)
        if self._clock.isActive() and result.verdict is not Verdict.FAILED:
            self._mark_running()
        return row.words

    def settle(self) -> None:
        """Nothing runs any more: what has no result was not reached."""
        self._clock.stop()
        self._explain("")
        for stage, row in self.rows.items():
            if stage not in self._ended:
                row.show_state("not-reached")

    def _mark_running(self) -> None:
        running = self._running
        if running is not None:
            self._since = monotonic()
            self.rows[running].show_state("running")
            detail = f"stages.{running}.detail"
            self._explain(text(detail) if has(detail) else "")

    @property
    def _running(self) -> str | None:
        return next((stage for stage in self.rows if stage not in self._ended), None)

    def _count(self) -> None:
        """Show how long the running stage takes, once that is worth a look."""
        running = self._running
        seconds = int(monotonic() - self._since)
        if running is not None and seconds >= _COUNTED_AFTER_S:
            self.rows[running].show_state("running", took_ms=seconds * 1000)

    def _explain(self, words: str) -> None:
        self._detail.setText(words)
        self._line.setVisible(bool(words))
        self._detail.setVisible(bool(words))


class StageRow(QWidget):
    """Drawing, name, time; the state also as a word."""

    def __init__(self, theme: Theme, stage: str) -> None:
        super().__init__()
        self._name = text(f"stages.{stage}.label")
        tokens = theme.tokens
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, tokens.units(0.5), 0, tokens.units(0.5))
        layout.setSpacing(tokens.units(1.5))
        self.drawing = Drawing(theme, "not-reached", "muted")
        self.state = label("", role="muted")
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.drawing)
        layout.addWidget(label(self._name), 1)
        layout.addWidget(self.state, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_state("waiting")

    @property
    def words(self) -> str:
        """Name and state, to be read aloud."""
        state = self.state.text()
        return text("window.stage-state", stage=self._name, state=state) if state else self._name

    def show_state(self, state: str, *, took_ms: float | None = None) -> None:
        """Draw the state."""
        self.drawing.show_as(*LOOKS[state])
        word = text(f"window.state.{state}")
        if took_ms is not None and state in _TIMED:
            word = text("window.state-took", state=word, took=duration(took_ms))
        self.state.setText(word)
        self.setAccessibleName(self.words)


def duration(milliseconds: float) -> str:
    """Return a time as people read it in the language in use: `45 ms`, `1.2 s` or `1,2 s`, `12 s`."""
    second = 1000
    if milliseconds < second:
        return text("window.milliseconds", count=max(1, round(milliseconds)))
    seconds = round(milliseconds / second, 1)
    exact = seconds < 10 and not seconds.is_integer()  # noqa: PLR2004 - from ten seconds on nobody reads tenths
    return text("window.seconds", count=QLocale(language()).toString(seconds, "f", 1 if exact else 0))
