"""How each provider is walked by a test: its world, and what a person answers there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Script, Security
from tests.unit.providers.doubles import FakeResolver, make_world
from tests.wizard import google_surroundings
from tests.wizard.microsoft_surroundings import agree, stage

from sendwright.practice.google.example import ANNA
from sendwright.practice.microsoft.contoso import BEN
from sendwright.screens import Consent
from sendwright.world import World

CANARY = "canary-e07c-secret"
ADDRESS = "anna@example.org"
RECIPIENT = "recipient@example.net"


@dataclass(frozen=True, kw_only=True)
class Kit:
    """The test servers a case may use, and what it may begin: the test ends it. folder: is its own."""

    scripted_smtp: StartSmtp
    certificates: Certificates
    begun: AsyncExitStack
    folder: Path


async def no_page(page: Consent) -> Mapping[str, str]:
    """Fail: there is no sign-in page of somebody else here."""
    raise AssertionError(page.step)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One walk.

    answers: by step id, for forms. delivered: how many messages arrived so far. attempts: how often somebody tried to
    sign in. consent: what a sign-in page leads to. address: whose messages are sent.
    """

    world: World
    answers: Mapping[str, Mapping[str, str]]
    delivered: Callable[[], int]
    attempts: Callable[[], int] = field(default=lambda: 0)
    consent: Callable[[Consent], Awaitable[Mapping[str, str]]] = no_page
    address: str = ADDRESS


async def custom_smtp(kit: Kit, *, right: bool) -> Case:
    """A scripted submission server; the wrong password where `right` is false."""
    password = CANARY if right else f"{CANARY}-wrong"
    server = kit.scripted_smtp(
        Script(
            security=Security.STARTTLS,
            certificate=kit.certificates.good,
            accounts={ADDRESS: CANARY},
            auth_required=True,
        )
    )
    return Case(
        world=make_world(resolver=FakeResolver(hosts={"localhost": ("127.0.0.1",)})),
        answers={
            "smtp-address": {"address": ADDRESS, "ask_mozilla": "false"},
            "smtp-connect": {
                "host": "localhost",
                "port": str(server.port),
                "security": "starttls",
                "username": ADDRESS,
                "password": password,
                "ca_file": str(kit.certificates.ca_file),
                "keep_password": "false",
            },
        },
        delivered=lambda: len(server.record.messages),
        attempts=lambda: len(server.record.sign_ins),
    )


async def microsoft365(kit: Kit, *, right: bool) -> Case:
    """A simulated Microsoft, as a signed-in account; the person does not agree where `right` is false."""
    play = await kit.begun.enter_async_context(stage(kit.folder))
    play.tenant.people[BEN].password = CANARY
    pages: list[str] = []

    async def consent(page: Consent) -> Mapping[str, str]:
        pages.append(page.url)
        button = "accept" if right else "cancel"
        person = await agree(play, page.url, button=button, password=CANARY)
        return {"callback": person.left_to}

    return Case(
        world=play.world,
        answers={
            "ms-way": {"choice": "account", "address": BEN},
            "ms-plan": {"sends_from": "unknown"},
            "ms-connected": {},
            "ms-mailbox": {"choice": "own"},
            "ms-board": {},
        },
        delivered=lambda: len(play.inbox),
        attempts=lambda: len(pages),
        consent=consent,
        address=BEN,
    )


async def gmail(kit: Kit, *, right: bool) -> Case:
    """A simulated Google, as an account that signs in with a browser of her own; she does not agree else."""
    play = await kit.begun.enter_async_context(google_surroundings.stage(kit.folder))
    play.workspace.people[ANNA].password = CANARY
    pages: list[str] = []
    visits: list[asyncio.Task[None]] = []

    async def visit(url: str) -> None:
        person = play.person()
        person.password = CANARY
        back = await person.agree(url, "accept" if right else "cancel")
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            await browser.get(back)

    async def consent(page: Consent) -> Mapping[str, str]:
        pages.append(page.url)
        visits.append(asyncio.ensure_future(visit(page.url)))  # while the step waits for it
        return {}

    async def seen() -> None:
        await asyncio.gather(*visits)

    kit.begun.push_async_callback(seen)
    return Case(
        world=play.world,
        answers={
            "gmail-way": {"choice": "account", "address": ANNA},
            "gmail-plan": {},
            "gmail-connected": {},
            "gmail-sender": {"choice": "own"},
        },
        delivered=lambda: len(play.inbox),
        attempts=lambda: len(pages),
        consent=consent,
        address=ANNA,
    )


CASES: Mapping[str, Callable[..., Awaitable[Case]]] = {
    "custom_smtp": custom_smtp,
    "microsoft365": microsoft365,
    "gmail": gmail,
}
"""By provider id; a provider without a case fails the suite."""
