"""The practice inbox beside the wizard, and the simulated servers behind it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from sendwright.deployment import Deployment
from sendwright.desktop.engine import Engine
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.practice.mail_server import PASSWORD, Received
from sendwright.practice.rehearsal import Rehearsal
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.wizard import Wizard

_SNIPPET = 140


class PracticeInbox(QWidget):
    """Shows every message that the practice mail server takes, newest first."""

    def __init__(self, theme: Theme, engine: Engine, deployment: Deployment) -> None:
        super().__init__()
        self._theme = theme
        self._engine = engine
        self._rehearsal = Rehearsal(deployment, engine.relay(self.add))
        self.setObjectName("beside")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("window.inbox"))
        unit = theme.tokens.units(1)
        self.setFixedWidth(theme.tokens.size("rail") + theme.tokens.units(8))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * unit, 3 * unit, 2 * unit, 2 * unit)
        outer.setSpacing(unit)
        outer.addWidget(label(text("window.inbox"), role="heading"))
        outer.addWidget(label(text("window.inbox-hint", password=PASSWORD), role="muted"))
        self._empty = label(text("window.inbox-empty"), role="muted")
        outer.addWidget(self._empty)
        holder = QWidget()
        self._messages = QVBoxLayout(holder)
        self._messages.setContentsMargins(0, 0, 0, 0)
        self._messages.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder)
        outer.addWidget(scroll, 1)

    async def start(self, scenario: str) -> Wizard:
        """Start the simulated servers and return the wizard that uses them."""
        world = await self._rehearsal.start(scenario)
        return await open_wizard(world, NoDrafts())

    def stop(self) -> None:
        """End the simulated servers; returns when they are gone."""
        self._engine.wait(self._rehearsal.stop())

    def add(self, received: Received) -> None:
        """Show a message."""
        self._empty.hide()
        card = QFrame()
        card.setProperty("role", "card")
        layout = QVBoxLayout(card)
        margin = self._theme.tokens.units(1)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(margin // 4)
        layout.addWidget(label(received.sender, role="strong"))
        layout.addWidget(label(received.subject))
        snippet = " ".join(received.text.split())[:_SNIPPET]
        layout.addWidget(label(snippet, role="small"))
        layout.addWidget(label(f"{received.at.astimezone():%H:%M:%S}", role="small"))
        self._messages.insertWidget(0, card)
