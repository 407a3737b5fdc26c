"""What the steps of Gmail have in common."""

from typing import Final

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.provider import Advice
from sendwright.screens import Answer
from sendwright.world import World

PLAN: Final = "plan"
CONNECT: Final = "connect"
SENDER: Final = "sender"
"""Stops of the rail."""

CLIENT: Final = "gmail-client"
HANDOVER: Final = "gmail-handover"
PREPARE: Final = "gmail-prepare"
SHOWN: Final = "gmail-shown"
CONSENT: Final = "gmail-consent"
ALIAS: Final = "gmail-alias"
"""Steps that others lead to."""


class GmailStep:
    """Defaults of a step: it gives no advice."""

    id = ""
    stop = CONNECT

    async def advise(self, state: GmailAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()
