"""One combination that can be tried on its own, as a card: how it stands, what was learnt, and its button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.document.marks import told
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis.stage import Verdict
from sendwright.document.seen import seen
from sendwright.problems.explanation import explain
from sendwright.screens import Cell
from sendwright.texts import text

_LOOKS = {
    "passed": ("passed", "passed"),
    "warning": ("warning", "warning"),
    "failed": ("failed", "failed"),
    "not-reached": ("not-reached", "muted"),
    "waiting": ("waiting", "info"),
    "untried": ("to-come", "muted"),
    "trying": ("running", "accent"),
}
_SHARES = (2, 3)


class CellCard(QFrame):
    """acted: the name of its action. changing: a field that the problem's card leads to, and what to put into it."""

    acted = Signal(str)
    changing = Signal(str, str)

    def __init__(self, theme: Theme, cell: Cell, reading: Reading) -> None:
        super().__init__()
        self.cell = cell
        self._theme, self._reading = theme, reading
        self.setObjectName(f"cell-{cell.id}")
        self.setProperty("role", "card")
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
        column.setSpacing(tokens.units(1))
        column.addLayout(self._head())
        if cell.waiting:
            column.addWidget(label(text("sheet.waiting"), role="muted"))
        if cell.facts:
            column.addLayout(self._facts())
        self.why: Fold | None = None
        self.card: ProblemCard | None = None
        if cell.problem is not None:
            self._inner = QWidget()
            inner = QVBoxLayout(self._inner)
            inner.setContentsMargins(0, 0, 0, 0)
            self.why = Fold(theme, text("sheet.why"), self._inner)
            self.why.button.setAccessibleDescription(cell.title)
            self.why.button.setObjectName(f"why-{cell.id}")
            self.why.button.toggled.connect(self._explain)
            column.addWidget(self.why)
        self.button: Button | None = None
        if cell.action is not None:
            calm = "quiet" if cell.action.quiet or cell.verdict is Verdict.PASSED else ""
            self.button = Button(theme, text(cell.action.label, **cell.action.values), role=calm)
            self.button.setObjectName(f"try-{cell.id}")
            self.button.setAccessibleDescription(cell.title)
            self.button.clicked.connect(lambda _=False: self._press())
            column.addLayout(alone(self.button))
        self._show_state(self._state)

    @property
    def words(self) -> str:
        """Title and state, to be read aloud."""
        return text("sheet.cell", title=self.cell.title, state=text(f"sheet.state.{self._state}"))

    def rest(self) -> None:
        """Nothing is being tried any more."""
        self._show_state(self._state)

    def take_focus(self) -> None:
        """Move the keyboard here."""
        part = self.button or (self.why.button if self.why is not None else None)
        if part is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _state(self) -> str:
        if self.cell.waiting:
            return "waiting"
        return str(self.cell.verdict) if self.cell.verdict is not None else "untried"

    def _head(self) -> QHBoxLayout:
        tokens = self._theme.tokens
        row = QHBoxLayout()
        row.setSpacing(tokens.units(1.5))
        self.drawing = Drawing(self._theme, "to-come", "muted")
        row.addWidget(self.drawing, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = label(seen(self.cell.title), role="label")
        words.addWidget(self.title)
        self.state = label("", role="muted")
        words.addWidget(self.state)
        if self.cell.detail:
            words.addWidget(label(seen(self.cell.detail), role="muted"))
        if self.cell.recommended and self.cell.verdict is None:
            words.addWidget(told(self._theme, "chevron-right", "accent", text("sheet.begin-here")))
        row.addLayout(words, 1)
        return row

    def _facts(self) -> QGridLayout:
        tokens = self._theme.tokens
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.units(2))
        grid.setVerticalSpacing(tokens.units(0.5))
        for place, share in enumerate(_SHARES):
            grid.setColumnStretch(place, share)
        for number, (name, value) in enumerate(self.cell.facts):
            words = label(seen(value))
            words.setAccessibleDescription(name)
            grid.addWidget(label(name, role="muted"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, number, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _explain(self) -> None:
        """Make the problem's card when it is asked for: a board has many cells."""
        layout = self._inner.layout()
        if self.card is None and self.cell.problem is not None and layout is not None:
            self.card = ProblemCard(
                self._theme, self.cell.problem, explain(self.cell.problem), self._reading, alone=False
            )
            self.card.changing.connect(self.changing)
            layout.addWidget(self.card)
            self.card.show()

    def _press(self) -> None:
        if self.cell.action is not None:
            self._show_state("trying")
            self.acted.emit(self.cell.action.name)

    def _show_state(self, state: str) -> None:
        self.drawing.show_as(*_LOOKS[state])
        self.state.setText(text("sheet.trying") if state == "trying" else text(f"sheet.state.{state}"))
        self.setAccessibleName(self.words)
