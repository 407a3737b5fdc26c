"""The pages of the simulated sign-in service."""

from collections.abc import Mapping
from html import escape
from typing import Final

from sendwright.practice.frame import Frame
from sendwright.practice.microsoft.aadsts import Refused, stamp
from sendwright.practice.microsoft.tenant import Tenant
from sendwright.texts import text

ON_THE_PAGE: Final = frozenset({50034, 50053, 50055, 50074, 50126})
"""Refusals that a person settles where they are: they stand above the form."""


page = Frame(desk="/practice/it").page


def refusal(refused: Refused, tenant: Tenant, *, device: bool = False, flow: str = "") -> str:
    """Return the page of a refusal that the application never learns of."""
    words = {
        "flow": flow,
        "said": refused.sentence(),
        "correlation": refused.correlation_id,
        "time": stamp(tenant.now()),
        "title": text("practice.pages.device-title" if device else "practice.pages.refused-title"),
    }
    return page("refused", words)


def posting(uri: str, values: Mapping[str, str], *, nonce: str) -> str:
    """Return the page that posts an answer to the application: by itself, or by its button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in values.items()
    )
    return page("posting", {"uri": uri, "nonce": nonce}, {"fields": hidden})


def message(wrong: Refused | None) -> str:
    """Return the message above a form, empty for none: as on Microsoft's pages, without its number."""
    return _alert(text(f"practice.pages.wrong-{wrong.number}"), number=wrong.number) if wrong else ""


def wrong_code() -> str:
    """Return the message that a device's code is not known."""
    return _alert(text("practice.pages.code-wrong"), number=70018)


def _alert(words: str, *, number: int) -> str:
    return f'<p id="error" role="alert" class="error" data-aadsts="{number}">{escape(words)}</p>'


def permission(name: str) -> str:
    """Return what a permission means, with its name."""
    key = f"practice.permissions.{name.lower().replace('.', '-')}"
    return text("practice.pages.permission", meaning=text(key), name=name)


def permission_of_application(name: str) -> str:
    """Return what a permission means for an application, which nobody signs in to: to send as anybody, say."""
    key = "mail-send-everybody" if name == "Mail.Send" else name.lower().replace(".", "-")
    meaning = text("practice.pages.permission", meaning=text(f"practice.permissions.{key}"), name=name)
    return text("practice.pages.without-person", permission=meaning)


def organisation_tick() -> str:
    """Return the tick by which an administrator consents for everybody."""
    label = escape(text("practice.pages.for-organisation"))
    return (
        '<p><input type="checkbox" name="organisation" value="yes" id="consent-for-organisation">'
        f'<label for="consent-for-organisation">{label}</label></p>'
    )


def organisation_note(tenant: Tenant) -> str:
    """Return the words that this consent is for everybody."""
    return f"<p><strong>{escape(text('practice.pages.everybody', organisation=tenant.name))}</strong></p>"
