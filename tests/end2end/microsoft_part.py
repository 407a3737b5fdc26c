"""What a person does who sets up Microsoft 365 at the window, as data."""

import msgspec
from tests.end2end.web_page import Rule

from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import ANNA, BEN


class MicrosoftPart(msgspec.Struct, frozen=True, kw_only=True):
    """scenario: of the practice. answers: by step, one for each time it is shown; the last one counts from then on.

    An answer has fields, `choice`, and `action`; `cell` presses the button of a cell. web: what she does on sign-in
    pages in the window; own_web: in a browser of her own. colleagues: what IT does while a step is shown for the
    `grants_at`th time; between: what IT does while she is away. sittings: the
    step at which she closes the window, for each time that she sits down; the last one ends. pictures: a folder, empty
    for none.
    """

    scenario: str
    answers: dict[str, list[dict[str, str]]]
    web: list[Rule] = []
    own_web: list[Rule] = []
    colleagues: dict[str, str] = {}
    grants_at: int = 1
    between: str = ""
    sittings: tuple[str, ...] = ("done",)
    pictures: str = ""


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
