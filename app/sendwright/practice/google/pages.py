"""The pages of the simulated Google."""

from collections.abc import Sequence
from html import escape
from typing import Final

from sendwright.practice.frame import Frame, Tick, items
from sendwright.practice.google import permissions
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import Person
from sendwright.texts import has, text

FRAME: Final = Frame(desk="/practice/admin", texts="google", folder="google/")
page = FRAME.page


def refusal(refused: Refused, *, flow: str = "", application: str = "", email: str = "") -> str:
    """Return the page of a refusal that the application never learns of."""
    reason = f"practice.google.blocked-{refused.error.replace('_', '-')}"
    words = {
        "flow": flow,
        "who": email,
        "line": refused.line,
        "said": refused.said,
        "reason": text(reason, application=application) if has(reason) else "",
        "title": text("practice.google.blocked-title"),
    }
    return page("blocked", words)


def wrong(name: str) -> str:
    """Return the message above a form: `practice.google.wrong-<name>`; empty for no name."""
    if not name:
        return ""
    words = escape(text(f"practice.google.wrong-{name}"))
    return f'<p id="error" role="alert" class="error" data-wrong="{name}">{words}</p>'


def accounts(known: Sequence[Person]) -> str:
    """Return the list of accounts that signed in with this browser."""
    return "".join(
        f'<li><button type="submit" name="action" value="account-{place}" id="account-{place}">'
        f"{escape(person.name)}<br><small>{escape(person.email)}</small></button></li>"
        for place, person in enumerate(known)
    )


def meaning(scope: str) -> str:
    """Return what a scope allows."""
    return text(f"practice.google.scope-{permissions.short(scope)}")


def boxes(scopes: Sequence[str]) -> str:
    """Return a box for each scope, none of them ticked."""
    return "".join(Tick(id=f"scope-{permissions.short(one)}", label=meaning(one), on=False).html() for one in scopes)


def permitted(scopes: Sequence[str]) -> str:
    """Return a list of scopes, nothing for none."""
    return f'<ul id="permissions">{items(meaning(one) for one in scopes)}</ul>' if scopes else ""


def already(scopes: Sequence[str]) -> str:
    """Return what was agreed to before, nothing for nothing."""
    title = escape(text("practice.google.already-title"))
    return f'<p>{title}</p><ul id="already">{items(meaning(one) for one in scopes)}</ul>' if scopes else ""
