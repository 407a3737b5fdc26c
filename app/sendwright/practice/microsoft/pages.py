"""The pages of the simulated sign-in service: plain HTML forms, each of which says that this is a practice."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from string import Template
from typing import Final
from urllib.parse import quote

from sendwright import resources
from sendwright.practice.microsoft.aadsts import Refused, stamp
from sendwright.practice.microsoft.tenant import Tenant
from sendwright.texts import language, text

ON_THE_PAGE: Final = frozenset({50034, 50053, 50055, 50074, 50126})
"""Refusals that a person settles where they are: they stand above the form."""


def page(name: str, words: Mapping[str, str] | None = None, markup: Mapping[str, str] | None = None) -> str:
    """Return the page `templates/practice/<name>.html` in its frame.

    words: escaped here. markup: HTML made by this program. Whatever else the template names is a text
    `practice.pages.<name>`. Its `title` is `practice.pages.<page>-title` where words have none.
    """
    given = {"title": text(f"practice.pages.{name}-title")} if "title" not in (words or {}) else {}
    body = _fill(name, given | dict(words or {}), markup or {})
    known = given | dict(words or {})
    frame = {"title": known["title"], "language": language(), "back": way_back(known.get("flow", ""))}
    return _fill("page", frame, {"body": body})


def way_back(flow: str) -> str:
    """Return the query by which the IT department's page knows which sign-in to lead back to."""
    return f"?back={quote(flow, safe='')}" if flow else ""


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


def items(of: Iterable[str]) -> str:
    """Return a list."""
    return "".join(f"<li>{escape(one)}</li>" for one in of)


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


def _fill(name: str, words: Mapping[str, str], markup: Mapping[str, str]) -> str:
    template = _template(name)
    values = {key: escape(value) for key, value in words.items()} | dict(markup)
    missing = [key for key in template.get_identifiers() if key not in values]
    values |= {key: escape(text(f"practice.pages.{key.replace('_', '-')}")) for key in missing}
    return template.substitute(values)


@cache
def _template(name: str) -> Template:
    return Template(resources.path(f"templates/practice/{name}.html").read_text(encoding="utf-8"))
