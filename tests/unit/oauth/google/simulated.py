"""The simulated Google as the program asks it, and as a person clicks through its pages."""

import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from tests.unit.oauth.standing_in import Notes
from tests.unit.practice.google.visiting import Person
from tests.unit.practice.visiting import OWN_BROWSER

from sendwright.oauth.account import Account
from sendwright.oauth.callback import read_callback
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.scopes import USUAL
from sendwright.oauth.google.sign_in import SignedIn, SignInRequest, begin, redeem
from sendwright.practice.google.example import ANNA, CLIENT_ID, CLIENT_SECRET, OWN_CLIENT_ID, OWN_CLIENT_SECRET
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.google.workspace import Workspace
from sendwright.secret import Secret

REDIRECT = "http://127.0.0.1:50123"


@dataclass
class Place:
    """A simulated Google, and whoever uses it."""

    google: SimulatedGoogle
    context: ssl.SSLContext
    recorder: Notes = field(default_factory=Notes)

    @property
    def workspace(self) -> Workspace:
        return self.google.workspace

    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=self.context, trust_env=False, follow_redirects=False)

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=self.context, trust_env=False, headers={"user-agent": OWN_BROWSER})

    def client(self, *, own: bool = False, **changes: object) -> GoogleClient:
        ident, secret = (OWN_CLIENT_ID, OWN_CLIENT_SECRET) if own else (CLIENT_ID, CLIENT_SECRET)
        usual = {
            "client_id": ident,
            "secret": Secret(secret),
            "login": self.google.login,
            "gmail": self.google.gmail,
            "own": own,
        }
        return GoogleClient(**(usual | changes))

    async def begun(
        self, scopes: tuple[str, ...] = USUAL, *, client: GoogleClient | None = None, **more: str
    ) -> SignInRequest:
        return await begin(
            client or self.client(),
            scopes=scopes,
            redirect_uri=REDIRECT,
            web=self.web,
            recorder=self.recorder,
            **more,
        )

    async def at_page(
        self, url: str, *, email: str = ANNA, button: str = "accept", boxes: Collection[str] | None = None
    ) -> Person:
        """Sign in in a browser of one's own and decide; return where that ended."""
        async with self.browser() as browser:
            person = Person(browser, email=email)
            await person.agree(url, button, boxes=boxes)
            return person

    async def opened(self, url: str) -> Person:
        """Open a page in a browser of one's own and do nothing on it."""
        async with self.browser() as browser:
            return await Person(browser).open(url)

    async def answered(self, url: str, **how: object) -> dict[str, str]:
        """Sign in, decide, and return what the redirect address got."""
        person = await self.at_page(url, **how)
        assert person.left_to, person.html
        return dict(read_callback(person.left_to, redirect_uri=REDIRECT))

    async def redeemed(
        self,
        request: SignInRequest,
        answer: dict[str, str],
        *,
        client: GoogleClient | None = None,
        expected: Account | None = None,
    ) -> SignedIn:
        return await redeem(
            request,
            answer,
            client or self.client(),
            web=self.web,
            recorder=self.recorder,
            now=datetime.now(UTC),
            expected=expected,
        )

    async def signed_in(
        self,
        scopes: tuple[str, ...] = USUAL,
        *,
        client: GoogleClient | None = None,
        expected: Account | None = None,
        **how: object,
    ) -> SignedIn:
        request = await self.begun(scopes, client=client)
        answer = await self.answered(request.url, **how)
        return await self.redeemed(request, answer, client=client, expected=expected)
