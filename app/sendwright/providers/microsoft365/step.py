"""What the steps of Microsoft 365 have in common."""

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.provider import Advice
from sendwright.screens import Answer
from sendwright.world import World

PLAN = "plan"
CONNECT = "connect"
"""Stops of the rail."""

PREPARE = "ms-prepare"
CONSENT = "ms-consent"
HANDOVER = "ms-handover"
SHOWN = "ms-shown"
"""Steps that others lead to."""


class MicrosoftStep:
    """Defaults of a step: it gives no advice."""

    id = ""
    stop = CONNECT

    async def advise(self, state: MicrosoftAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()
