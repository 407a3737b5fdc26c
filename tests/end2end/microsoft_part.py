"""What a person does who sets up Microsoft 365 at the window."""

from tests.end2end.web_page import Rule

from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import ANNA, BEN


def signing_in(username: str, *, decline: bool = False) -> list[Rule]:
    """Return what a person does on Microsoft's pages."""
    return [
        Rule(see="username", words=username, press="next"),
        Rule(see="password", words=PASSWORD, press="next"),
        Rule(see="approve", press="approve"),
        Rule(see="accept", press="cancel" if decline else "accept"),
        Rule(see="continue", press="continue"),
    ]


def account_of(username: str) -> str:
    """Return the button of the account picker."""
    return f"account-{username}"


USUAL: dict[str, list[dict[str, str]]] = {
    "start": [{"choice": "set-up"}],
    "platform": [{"choice": "this-computer"}],
    "provider": [{"choice": "microsoft365"}],
    "ms-way": [{"choice": "account", "address": BEN}],
    "ms-mailbox": [{"choice": "own"}],
    "sender": [{"alias": "Contoso Privacy"}],
    "test": [{"to": ANNA}],
    "arrival": [{"choice": "yes"}],
    "done": [{"action": "send-kinds"}],
}
