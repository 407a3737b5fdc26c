"""The card of a problem: what happened, why, who has to act, the buttons to do it, and the other side's own words."""

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.words import drawing, label
from sendwright.problems.explanation import Explanation, RemedyText, explain
from sendwright.problems.problem import Problem, RemedyKind
from sendwright.problems.ticket import ticket
from sendwright.texts import text


class ProblemCard(QFrame):
    """Draws one problem. changing: a field's name is to be changed. retrying: try again now."""

    changing = Signal(str)
    retrying = Signal()

    def __init__(self, theme: Theme, problem: Problem) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "card")
        explanation = explain(problem)
        self.setAccessibleName(explanation.title)
        self.setAccessibleDescription(explanation.what)
        unit = theme.tokens.units(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        layout.setSpacing(int(1.5 * unit))
        head = QHBoxLayout()
        head.setSpacing(unit)
        head.addWidget(drawing(theme.drawing("failed", "failed")))
        head.addWidget(label(explanation.title, role="heading"), 1)
        layout.addLayout(head)
        layout.addWidget(label(explanation.what))
        if explanation.why:
            layout.addWidget(label(text("window.why"), role="label"))
            layout.addWidget(label("\n".join(f"•  {reason}" for reason in explanation.why)))
        layout.addWidget(self._owner(explanation))
        for remedy in explanation.remedies:
            layout.addWidget(self._remedy(remedy))
        layout.addWidget(self._foot(problem, explanation))

    def _owner(self, explanation: Explanation) -> QFrame:
        frame = QFrame()
        frame.setProperty("tone", "info")
        unit = self._theme.tokens.units(1)
        row = QHBoxLayout(frame)
        row.setContentsMargins(int(1.5 * unit), unit, int(1.5 * unit), unit)
        row.setSpacing(unit)
        row.addWidget(drawing(self._theme.drawing("person", "info")))
        words = QVBoxLayout()
        words.setSpacing(0)
        name = text(f"owners.{explanation.owner}.name")
        words.addWidget(label(text("window.who-acts", who=name), role="label"))
        words.addWidget(label(text(f"owners.{explanation.owner}.who")))
        row.addLayout(words, 1)
        return frame

    def _remedy(self, remedy: RemedyText) -> QWidget:
        match remedy.kind:
            case RemedyKind.COPY:
                box = QWidget()
                layout = QVBoxLayout(box)
                layout.setContentsMargins(0, 0, 0, 0)
                layout.setSpacing(self._theme.tokens.units(0.5))
                layout.addWidget(label(remedy.label))
                layout.addWidget(CopyBox(self._theme, remedy.value))
                return box
            case RemedyKind.OPEN:
                return self._button(remedy.label, "open", lambda: _open(remedy.value))
            case RemedyKind.CHANGE:
                return self._button(remedy.label, "edit", lambda: self.changing.emit(remedy.value))
            case RemedyKind.WAIT:
                return Countdown(self._theme, remedy, self.retrying.emit)
            case _:
                return self._button(remedy.label, "retry", self.retrying.emit)

    def _button(self, words: str, icon: str, pressed: object) -> QPushButton:
        button = QPushButton(words)
        button.setIcon(self._theme.icon(icon))
        button.clicked.connect(pressed)
        return button

    def _foot(self, problem: Problem, explanation: Explanation) -> QWidget:
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self._theme.tokens.units(0.5))
        source = explanation.source
        said = " ".join(part for part in (source.code, source.text) if part) or text("window.no-words")
        layout.addWidget(CopyBox(self._theme, said))
        layout.addWidget(label(text("window.code", code=explanation.code), role="small"))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Fold(self._theme, text("window.own-words"), inner))
        column.addWidget(CopyButton(self._theme, ticket(problem), words=text("window.copy-ticket")))
        return whole


class Countdown(QWidget):
    """Waits as long as a remedy says, then tries again by itself."""

    def __init__(self, theme: Theme, remedy: RemedyText, retry: object) -> None:
        super().__init__()
        self._left = int(float(remedy.value or "60"))
        self._retry = retry
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(drawing(theme.drawing("waiting", "info")))
        self._words = label(remedy.label)
        self._clock = label("", role="muted")
        self._clock.setWordWrap(False)
        row.addWidget(self._words, 1)
        row.addWidget(self._clock)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._show()

    def _tick(self) -> None:
        self._left -= 1
        self._show()
        if self._left <= 0:
            self._timer.stop()
            if callable(self._retry):
                self._retry()

    def _show(self) -> None:
        minutes, seconds = divmod(max(self._left, 0), 60)
        self._clock.setText(text("window.again-in", time=f"{minutes}:{seconds:02d}"))


def _open(address: str) -> None:
    """Open a page of the dictionary in the person's browser; nothing but https is ever opened."""
    url = QUrl(address)
    if url.scheme() == "https":
        QDesktopServices.openUrl(url)
