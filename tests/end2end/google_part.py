"""What a person does who sets up Gmail at the window and in her browser."""

from tests.end2end.web_page import Rule

from sendwright.practice.google.example import ANNA
from sendwright.practice.mail_server import PASSWORD

ALIAS = "Example Privacy"


def signing_in(email: str, *, boxes: tuple[str, ...] = (), decline: bool = False, other: bool = False) -> list[Rule]:
    """Return what a person does on Google's pages. boxes: what she ticks, by the end of a scope's name.

    other: she is somebody else than the account that the page expects.
    """
    return [
        *([Rule(see="account-other", press="account-other", once=True)] if other else []),
        Rule(see="username", words=email, press="next"),
        Rule(see="password", words=PASSWORD, press="next"),
        Rule(see="approve", press="approve"),
        Rule(see="advanced", press="advanced", once=True),
        Rule(see="go-on", press="go-on"),
        *(Rule(see=f"scope-{box}", press=f"scope-{box}", once=True) for box in boxes),
        Rule(see="accept", press="cancel" if decline else "accept"),
    ]


USUAL: dict[str, list[dict[str, str]]] = {
    "start": [{"choice": "set-up"}],
    "platform": [{"choice": "this-computer"}],
    "provider": [{"choice": "gmail"}],
    "gmail-way": [{"choice": "account", "address": ANNA}],
    "gmail-sender": [{"choice": "own"}],
    "sender": [{"alias": ALIAS}],
    "test": [{"to": ANNA}],
    "arrival": [{"choice": "yes"}],
    "done": [{"action": "send-kinds"}],
}


def answers(**changed: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return the usual answers with others for some steps, `_` standing for `-`."""
    return USUAL | {name.replace("_", "-"): value for name, value in changed.items()}
