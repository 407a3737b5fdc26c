"""Where the browser is, always in sight: a lock, and the host in full."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label, short
from sendwright.texts import text


class Place(QFrame):
    """The lock stands there only while what is shown came over a connection whose certificate is good."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "place")
        tokens = theme.tokens
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        row.setSpacing(tokens.units(1))
        self.lock = Drawing(theme, "waiting", "muted")
        self.host = label("", role="strong")
        self.state = short("", role="muted")
        row.addWidget(self.lock)
        row.addWidget(self.host, 1)
        row.addWidget(self.state)
        self.show_place("", secure=False)

    def show_place(self, host: str, *, secure: bool) -> None:
        """Say where that is; what is not `secure` is only on its way there."""
        self.lock.show_as(*(("lock", "passed") if secure else ("waiting", "muted")))
        self.host.setText(host)
        self.state.setText(text("consent.encrypted" if secure else "consent.loading"))
        self.setAccessibleName(f"{self.host.text()} {self.state.text()}")

    def show_nowhere(self) -> None:
        """Nothing is shown that came from anywhere."""
        self.lock.show_as("not-reached", "muted")
        self.state.setText("")
        self.setAccessibleName(self.host.text())
