"""Fills the HTML templates: whatever is put in stands there as words, never as markup."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from string import Template

from sendwright import resources

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")


def fill(name: str, *, words: Mapping[str, str], markup: Mapping[str, str]) -> str:
    """Return `templates/<name>` filled in.

    words: escaped here. markup: HTML made by this program. A name that the template wants and nobody gave is a
    KeyError.
    """
    escaped = {key: escape(value) for key, value in words.items()}
    return _template(name).substitute(escaped, **markup)


def row(name: str, value: str) -> str:
    """Return a row of the table of facts."""
    cell = "vertical-align:top; padding:8px 0; border-top:1px solid #d3d9e0;"
    return (
        f'<tr><td class="name" width="140" style="{cell} width:140px; padding-right:16px; color:#57606a;">'
        f'{escape(name)}</td><td class="value" style="{cell} color:#1c2128; overflow-wrap:anywhere;">'
        f"{escape(value)}</td></tr>"
    )


def item(words: str) -> str:
    """Return an item of a list."""
    return f'<li style="margin:0 0 4px 0; padding-left:4px;">{escape(words)}</li>'


def paragraphs(text: str, *, style: str) -> str:
    """Return plain text as HTML paragraphs with the inline `style`; addresses of pages become links."""
    parts = (part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip())
    return "\n".join(f'<p style="{style}">{_linked(part)}</p>' for part in parts)


def _linked(text: str) -> str:
    pieces = []
    end = 0
    for found in _LINK.finditer(text):
        target = escape(found[0])
        pieces += [escape(text[end : found.start()]), f'<a class="link" href="{target}">{target}</a>']
        end = found.end()
    pieces.append(escape(text[end:]))
    return "".join(pieces).replace("\n", "<br>\n")


@cache
def _template(name: str) -> Template:
    return Template(resources.path(f"templates/{name}").read_text(encoding="utf-8"))
