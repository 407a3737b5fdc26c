"""Somebody who clicks through the pages of a simulated Microsoft, and MSAL that talks to it."""

import asyncio
import ssl
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import msal
import requests

from sendwright.practice.mail_server import PASSWORD, Received
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Tenant

REDIRECT = "http://localhost:5000/"
GRAPH = "https://graph.microsoft.com"
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
        if tag == "input" and values.get("type") != "checkbox":
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
class Person:
    """Somebody in front of a browser."""

    client: httpx.AsyncClient
    page: Parsed = field(default_factory=lambda: Parsed(""))
    html: str = ""
    status: int = 0
    url: str = ""
    left_to: str = ""

    async def open(self, url: str) -> "Person":
        await self._follow(await self.client.get(url))
        return self

    async def press(self, button: str, **typed: str) -> "Person":
        form = next(form for form in self.page.forms if button in form.buttons)
        name, value = form.buttons[button]
        fields = {**form.fields, **typed} | ({name: value} if name else {})
        target = urljoin(self.url, form.action)
        if urlsplit(target).netloc != urlsplit(self.url).netloc:
            self.left_to = f"{target}?{urlencode(fields)}"
            return self
        await self._follow(await self.client.post(target, data=fields))
        return self

    async def sign_in(self, username: str = BEN, password: str = PASSWORD) -> "Person":
        if "username" in self.page.ids:
            await self.press("next", username=username)
        await self.press("next", password=password)
        if "approve" in self.page.ids:
            await self.press("approve")
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


@dataclass
class World:
    """The simulated Microsoft of a test, with whoever uses it."""

    microsoft: SimulatedMicrosoft
    tenant: Tenant
    inbox: list[Received]
    context: ssl.SSLContext
    authority_file: str
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def http(self, agent: str = OWN_BROWSER) -> httpx.AsyncClient:
        client = httpx.AsyncClient(verify=self.context, headers={"user-agent": agent}, trust_env=False)
        self.clients.append(client)
        return client

    def browser(self, agent: str = OWN_BROWSER) -> Person:
        return Person(self.http(agent))

    def address(self, path: str, segment: str = "organizations", **query: str) -> str:
        return f"{self.microsoft.login}/{segment}/{path}?{urlencode(query)}"

    async def ask(self, form: dict[str, str], *, segment: str = "organizations", path: str = "token") -> httpx.Response:
        url = f"{self.microsoft.login}/{segment}/oauth2/v2.0/{path}"
        return await self.http().post(url, data={"client_id": CLIENT_ID} | form)

    def session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.verify = self.authority_file
        return session

    def msal(self, segment: str = "organizations") -> msal.PublicClientApplication:
        return msal.PublicClientApplication(
            CLIENT_ID,
            authority=f"{self.microsoft.login}/{segment}",
            instance_discovery=False,
            http_client=self.session(),
        )

    async def tokens(
        self, username: str = BEN, scopes: tuple[str, ...] = ("Mail.Send", "Mail.Send.Shared", "User.Read")
    ) -> dict[str, Any]:
        """Sign in by MSAL's code flow, consenting where asked."""
        application = await asyncio.to_thread(self.msal)
        wanted = [f"{GRAPH}/{scope}" if "://" not in scope else scope for scope in scopes]
        flow = await asyncio.to_thread(
            application.initiate_auth_code_flow, wanted, redirect_uri=REDIRECT, response_mode="form_post"
        )
        person = await self.browser().open(flow["auth_uri"])
        await person.sign_in(username)
        if "accept" in person.page.ids and not person.left_to:
            await person.press("accept")
        await person.press("continue")
        found = await asyncio.to_thread(application.acquire_token_by_auth_code_flow, flow, person.answer)
        assert "access_token" in found, found
        return dict(found)


class Start(Protocol):
    """Starts a simulated Microsoft; without a tenant it is Contoso."""

    async def __call__(self, tenant: Tenant | None = None, *others: Tenant) -> World: ...
