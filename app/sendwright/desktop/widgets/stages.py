"""A list of stages that tick off as they end, each with its time."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.texts import text

_LOOKS = {
    "running": ("running", "accent"),
    Verdict.PASSED: ("passed", "passed"),
    Verdict.WARNING: ("warning", "warning"),
    Verdict.FAILED: ("failed", "failed"),
    Verdict.NOT_REACHED: ("not-reached", "muted"),
    "waiting": ("not-reached", "muted"),
}


class StageList(QFrame):
    """One row per stage; the first one without a result is running."""

    def __init__(self, theme: Theme, stages: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        unit = theme.tokens.units(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * unit, unit, 2 * unit, unit)
        layout.setSpacing(unit // 2)
        self._rows = {stage: StageRow(theme, stage) for stage in stages}
        self._ended: set[str] = set()
        for row in self._rows.values():
            layout.addWidget(row)
        self._mark_running()

    def show_result(self, result: StageResult) -> None:
        """Tick a stage; one that is not in the list is passed over."""
        row = self._rows.get(result.id)
        if row is None:
            return
        self._ended.add(result.id)
        row.show_state(str(result.verdict), took_ms=result.took_ms)
        if result.verdict is not Verdict.FAILED:
            self._mark_running()

    def settle(self) -> None:
        """Nothing runs any more: what has no result was not reached."""
        for stage, row in self._rows.items():
            if stage not in self._ended:
                row.show_state("not-reached")

    def _mark_running(self) -> None:
        running = next((stage for stage in self._rows if stage not in self._ended), None)
        if running is not None:
            self._rows[running].show_state("running")


class StageRow(QWidget):
    """Drawing, name, time; the state also as a word."""

    def __init__(self, theme: Theme, stage: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = text(f"stages.{stage}.label")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.tokens.units(0.5), 0, theme.tokens.units(0.5))
        layout.setSpacing(theme.tokens.units(1.5))
        self._drawing = QLabel()
        self._state = label("", role="small")
        self._state.setWordWrap(False)
        layout.addWidget(self._drawing)
        layout.addWidget(label(self._name), 1)
        layout.addWidget(self._state)
        self.show_state("waiting")

    def show_state(self, state: str, *, took_ms: float | None = None) -> None:
        """Draw the state."""
        drawing, colour = _LOOKS[state]
        self._drawing.setPixmap(self._theme.drawing(drawing, colour))
        word = text(f"window.state.{state}")
        if took_ms is not None and state in {Verdict.PASSED, Verdict.WARNING, Verdict.FAILED}:
            word = text("window.state-took", state=word, took=duration(took_ms))
        self._state.setText(word)
        self.setAccessibleName(f"{self._name}: {word}")


def duration(milliseconds: float) -> str:
    """Return a time as people read it: `45 ms`, `1.2 s`."""
    second = 1000
    if milliseconds < second:
        return text("window.milliseconds", count=max(1, round(milliseconds)))
    return text("window.seconds", count=f"{milliseconds / second:.1f}")
