"""Somebody who clicks through the pages of a simulated Google, and an application that talks to it."""

import base64
import hashlib
import secrets
import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol, Self
from urllib.parse import urlencode

import httpx
from tests.unit.practice.visiting import OWN_BROWSER, Visitor

from sendwright.oauth.google.scopes import USUAL
from sendwright.practice.google.example import ANNA, CLIENT_ID, CLIENT_SECRET
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.mail_server import PASSWORD, Received

REDIRECT = "http://127.0.0.1:5000/"


@dataclass
class Person(Visitor):
    """Somebody who signs in at Google. email, password: hers."""

    email: str = ANNA
    password: str = PASSWORD

    async def sign_in(self, email: str = "", password: str = "") -> Self:
        """Say who it is, up to where Google asks for something else; an offered account is chosen."""
        self.email = email or self.email
        if "account-0" in self.page.ids:
            places = [name for name in self.page.ids if name.startswith("account-") and self.email in self.shown(name)]
            await self.press(places[0] if places else "account-other")
        if "who" in self.page.ids and self.email not in self.shown("who"):
            await self.press("account-other")  # the application hinted at somebody else
        if "username" in self.page.ids:
            await self.press("next", username=self.email)
        if "password" in self.page.ids:
            await self.press("next", password=password or self.password)
        if "approve" in self.page.ids:
            await self.press("approve")
        return self

    async def agree(self, url: str, button: str = "accept", *, boxes: Collection[str] | None = None) -> str:
        """Go through every page to the last, press `button` there, and return where the browser was sent.

        boxes: ids of those to tick, all of them where None. A page that leads nowhere is left open: then it is empty.
        """
        await self.open(url)
        if not self.left_to:
            await self.sign_in()
        if not self.left_to and "go-on" in self.page.ids and button != "back-to-safety":
            await self.press("go-on")
        if not self.left_to and any(button in form.buttons for form in self.page.forms):
            ticked = self.page.boxes if boxes is None else boxes
            await self.press(button, **dict.fromkeys(ticked, "yes"))
        return self.left_to

    def shown(self, name: str) -> str:
        """Return the words of what has an id."""
        return self.page.ids[name]


@dataclass
class World:
    """The simulated Google of a test, with whoever uses it. client_id, client_secret: who asks."""

    google: SimulatedGoogle
    workspace: Workspace
    inbox: list[Received]
    context: ssl.SSLContext
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def http(self, agent: str = OWN_BROWSER, **headers: str) -> httpx.AsyncClient:
        """Return a client that believes the authority of this Google only."""
        client = httpx.AsyncClient(verify=self.context, headers={"user-agent": agent} | headers, trust_env=False)
        self.clients.append(client)
        return client

    def browser(self, email: str = ANNA, *, agent: str = OWN_BROWSER) -> Person:
        """Return somebody in front of a browser of her own."""
        return Person(self.http(agent), email=email)

    def address(self, scopes: tuple[str, ...] = USUAL, **query: str) -> str:
        """Return the address of an authorisation request, as the product makes it; an empty value leaves one out."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        usual = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": REDIRECT,
            "scope": " ".join(scopes),
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "select_account consent",
        }
        asked = {name: value for name, value in (usual | query).items() if value}
        return f"{self.google.login}/o/oauth2/v2/auth?{urlencode(asked)}"

    async def post(self, path: str = "token", **form: str) -> httpx.Response:
        """Ask the sign-in host as the application."""
        return await self.http().post(f"{self.google.login}/{path}", data=form)

    async def redeem(self, person: Person, **form: str) -> httpx.Response:
        """Redeem the code that `person` was sent away with."""
        usual = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "code": person.answer.get("code", ""),
            "redirect_uri": REDIRECT,
            "code_verifier": self.verifier,
        }
        return await self.post(**{name: value for name, value in (usual | form).items() if value})

    async def refresh(self, token: str, **form: str) -> httpx.Response:
        """Renew."""
        usual = {"client_id": self.client_id, "client_secret": self.client_secret, "refresh_token": token}
        return await self.post(**({"grant_type": "refresh_token"} | usual | form))

    async def tokens(self, email: str = ANNA, scopes: tuple[str, ...] = USUAL, **query: str) -> dict[str, Any]:
        """Sign in, agree to everything, and return the token response."""
        person = self.browser(email)
        await person.agree(self.address(scopes, **query))
        response = await self.redeem(person)
        assert response.status_code == 200, response.text
        return dict(response.json())


class Start(Protocol):
    """Starts a simulated Google; without a workspace it is the example."""

    async def __call__(self, workspace: Workspace | None = None) -> World: ...
