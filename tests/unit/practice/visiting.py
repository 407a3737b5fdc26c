"""Somebody who clicks through the pages of a simulated service."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx

OWN_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
EMBEDDED = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 QtWebEngine/6.11 Chrome/140.0 Safari/537.36"


@dataclass
class Form:
    action: str
    fields: dict[str, str]
    buttons: dict[str, tuple[str, str]]


class Parsed(HTMLParser):
    """The forms, ids and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: dict[str, str] = {}
        self.boxes: list[str] = []
        self.tags: dict[str, dict[str, str]] = {}
        self._open: list[str] = []
        self.words = ""
        self.foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.foreign += [values[name] for name in ("src", "href") if name in values]
        if tag == "form":
            self.forms.append(Form(values["action"], {}, {}))
        if values.get("type") == "checkbox":
            self.boxes.append(values["name"])
        elif tag == "input" and (values.get("type") != "radio" or "checked" in values):
            self.forms[-1].fields[values["name"]] = values.get("value", "")
        if tag == "button" and self.forms:
            self.forms[-1].buttons[values["id"]] = (values.get("name", ""), values.get("value", ""))
        if "id" in values:
            self.ids[values["id"]] = ""
            self.tags[values["id"]] = values
        self._open.append(values.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.words += data
        for name in self._open[-1:]:
            if name:
                self.ids[name] += data


@dataclass
class Visitor:
    """Somebody in front of a browser."""

    client: httpx.AsyncClient
    page: Parsed = field(default_factory=lambda: Parsed(""))
    html: str = ""
    status: int = 0
    url: str = ""
    left_to: str = ""

    async def open(self, url: str) -> Self:
        await self._follow(await self.client.get(url))
        return self

    async def press(self, button: str, **typed: str) -> Self:
        form = next(form for form in self.page.forms if button in form.buttons)
        name, value = form.buttons[button]
        fields = {**form.fields, **typed} | ({name: value} if name else {})
        target = urljoin(self.url, form.action)
        if urlsplit(target).netloc != urlsplit(self.url).netloc:
            self.left_to = f"{target}?{urlencode(fields)}"
            return self
        await self._follow(await self.client.post(target, data=fields))
        return self

    @property
    def answer(self) -> dict[str, str]:
        """What the application was sent: query or fragment."""
        parts = urlsplit(self.left_to)
        return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}

    async def _follow(self, response: httpx.Response) -> None:
        if response.is_redirect:
            self.left_to = response.headers["location"]
            return
        self.html, self.status, self.url = response.text, response.status_code, str(response.url)
        self.page = Parsed(response.text)
