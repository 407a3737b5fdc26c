"""The frame of the pages of a simulated service: plain HTML forms, each of which says that this is a practice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from string import Template
from urllib.parse import quote

from sendwright import resources
from sendwright.errors import ResourceMissing
from sendwright.texts import has, language, text

SHARED = "pages"
"""The texts `practice.pages.…`, which stand in where a service has no words of its own."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The pages of one service.

    desk: path of the page on which its administrators are played. texts: its words are `practice.<texts>.…`. folder: of
    its templates, below `templates/practice/` and with a slash at its end; what is not there is taken from above.
    """

    desk: str
    texts: str = SHARED
    folder: str = ""

    def page(self, name: str, words: Mapping[str, str] | None = None, markup: Mapping[str, str] | None = None) -> str:
        """Return the page of the template `<name>.html` in its frame.

        words: escaped here. markup: HTML made by this program. Whatever else the template names is one of the
        service's texts. Its `title` is `<page>-title` where words have none.
        """
        given = {"title": self.words(f"{name}-title")} if "title" not in (words or {}) else {}
        known = given | dict(words or {})
        body = self._fill(name, known, markup or {})
        frame = {
            "title": known["title"],
            "language": language(),
            "desk": self.desk,
            "back": way_back(known.get("flow", "")),
        }
        return self._fill("page", frame, {"body": body})

    def words(self, key: str) -> str:
        """Return a text of the service, or the shared one."""
        own = f"practice.{self.texts}.{key}"
        return text(own) if has(own) else text(f"practice.pages.{key}")

    def _fill(self, name: str, words: Mapping[str, str], markup: Mapping[str, str]) -> str:
        template = _template(self.folder, name)
        values = {key: escape(value) for key, value in words.items()} | dict(markup)
        missing = [key for key in template.get_identifiers() if key not in values]
        values |= {key: escape(self.words(key.replace("_", "-"))) for key in missing}
        return template.substitute(values)


def way_back(flow: str) -> str:
    """Return the query by which the administrators' page knows which sign-in to lead back to."""
    return f"?back={quote(flow, safe='')}" if flow else ""


def link_back(flow: str) -> str:
    """Return the link from the administrators' page back to the sign-in, empty for none."""
    if not flow:
        return ""
    target = escape(f"/sign-in/{quote(flow, safe='')}")
    return f'<p><a id="back" href="{target}">{escape(text("practice.pages.it-back"))}</a></p>'


def items(of: Iterable[str]) -> str:
    """Return a list."""
    return "".join(f"<li>{escape(one)}</li>" for one in of)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A box to tick. group: of those of which one is chosen, empty for none."""

    id: str
    label: str
    on: bool
    group: str = ""

    def html(self) -> str:
        """Return the box with its label."""
        kind, name, value = ("radio", self.group, self.id) if self.group else ("checkbox", self.id, "yes")
        checked = " checked" if self.on else ""
        box = f'<input type="{kind}" name="{escape(name)}" value="{escape(value)}" id="{escape(self.id)}"{checked}>'
        return f'<p>{box}<label for="{escape(self.id)}">{escape(self.label)}</label></p>'


@cache
def _template(folder: str, name: str) -> Template:
    try:
        file = resources.path(f"templates/practice/{folder}{name}.html")
    except ResourceMissing:
        file = resources.path(f"templates/practice/{name}.html")
    return Template(file.read_text(encoding="utf-8"))
