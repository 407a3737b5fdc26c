"""The simulated Microsoft as the program asks it, and as a person clicks through its pages."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from tests.unit.oauth.standing_in import Notes
from tests.unit.practice.microsoft.visiting import Person

from sendwright.oauth.account import Account
from sendwright.oauth.callback import read_callback
from sendwright.oauth.entra.registration import ANY_ORGANISATION, Registration
from sendwright.oauth.entra.sign_in import SignedIn, SignInRequest, begin, redeem
from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Tenant

REDIRECT = "http://localhost:50123/"
PERMISSIONS = ("Mail.Send", "Mail.Send.Shared", "User.Read")


@dataclass
class Place:
    """A simulated Microsoft, and whoever uses it."""

    microsoft: SimulatedMicrosoft
    tenant: Tenant
    context: ssl.SSLContext
    recorder: Notes = field(default_factory=Notes)

    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=self.context, trust_env=False, follow_redirects=False)

    def registration(self, **changes: object) -> Registration:
        usual = {"client_id": CLIENT_ID, "tenant": ANY_ORGANISATION, "login": self.microsoft.login}
        return Registration(**(usual | changes))

    async def begun(self, permissions: tuple[str, ...] = PERMISSIONS, **changes: object) -> SignInRequest:
        return await begin(
            self.registration(**changes),
            permissions=permissions,
            redirect_uri=REDIRECT,
            web=self.web,
            recorder=self.recorder,
        )

    async def page(self, url: str, *, username: str = BEN, password: str = PASSWORD) -> Person:
        """Open a page in a browser of one's own and sign in, without deciding anything."""
        async with httpx.AsyncClient(verify=self.context, trust_env=False) as browser:
            person = await Person(browser).open(url)
            if not person.left_to:
                await person.sign_in(username, password)
            return person

    async def page_only(self, url: str) -> Person:
        """Open a page and do nothing on it."""
        async with httpx.AsyncClient(verify=self.context, trust_env=False) as browser:
            return await Person(browser).open(url)

    async def answered(
        self, url: str, *, username: str = BEN, password: str = PASSWORD, button: str = "accept"
    ) -> dict[str, str]:
        """Sign in, decide, and return what the redirect address got."""
        async with httpx.AsyncClient(verify=self.context, trust_env=False) as browser:
            person = await Person(browser).open(url)
            await person.sign_in(username, password)
            if not person.left_to:
                assert button in person.page.ids, person.html
                await person.press(button)
            return dict(read_callback(person.left_to, redirect_uri=REDIRECT))

    async def signed_in(
        self, request: SignInRequest, answer: dict[str, str], expected: Account | None = None, **changes: object
    ) -> SignedIn:
        return await redeem(
            request,
            answer,
            self.registration(**changes),
            web=self.web,
            recorder=self.recorder,
            now=datetime.now(UTC),
            expected=expected,
        )
