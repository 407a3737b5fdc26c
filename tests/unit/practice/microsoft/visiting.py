"""Somebody who clicks through the pages of a simulated Microsoft, and MSAL that talks to it."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
import msal
import requests
from tests.unit.practice.visiting import EMBEDDED, OWN_BROWSER, Parsed, Visitor

from sendwright.practice.mail_server import PASSWORD, Received
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Tenant

REDIRECT = "http://localhost:5000/"
GRAPH = "https://graph.microsoft.com"

__all__ = ["EMBEDDED", "OWN_BROWSER", "Parsed", "Person", "Start", "World"]


@dataclass
class Person(Visitor):
    """Somebody who signs in at Microsoft."""

    async def sign_in(self, username: str = BEN, password: str = PASSWORD) -> "Person":
        if "username" in self.page.ids:
            await self.press("next", username=username)
        await self.press("next", password=password)
        if "approve" in self.page.ids:
            await self.press("approve")
        return self


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
