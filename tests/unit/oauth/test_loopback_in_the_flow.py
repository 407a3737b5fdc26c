"""The same thousand while somebody connects Gmail in the wizard: its own steps, its own listener, its own vault."""

import asyncio
import dataclasses
import logging
import random
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.servers.google import listening
from tests.unit.oauth.crowd import REFUSALS, assert_says_nothing, crowd, spellings
from tests.unit.oauth.strangers import Strangers
from tests.unit.practice.google.visiting import Person
from tests.unit.providers.doubles import make_world

from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.google.scopes import USUAL
from sendwright.practice.google.example import ANNA, BEN, CLIENT_ID, CLIENT_SECRET
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sign_in.consent_step import ConsentStep
from sendwright.providers.gmail.sign_in.prepare_step import PrepareStep
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.screens import Consent, ConsentWay
from sendwright.secret import Secret
from sendwright.world import World


@asynccontextmanager
async def place(gate: asyncio.Event) -> AsyncIterator[tuple[SimulatedGoogle, World, WireRecorder]]:
    """Serve the simulated Google, and a world that has nothing but it. gate: lets what asks for tokens go on."""

    async def hold(request: httpx.Request) -> None:
        if request.url.path == "/token":
            await gate.wait()

    async with listening() as found:
        recorder = WireRecorder()
        network = system_network(timeout_s=5, authorities_pem=found.google.authority_pem, recorder=recorder)

        def http() -> httpx.AsyncClient:
            client = web_client(network, trust_env=False)
            client.event_hooks = {"request": [hold]}
            return client

        world = make_world(network=network, http=http)
        deployment = Deployment(google=Google(client_id=CLIENT_ID, client_secret=Secret(CLIENT_SECRET)))
        clock = found.google.workspace.now
        yield found.google, dataclasses.replace(world, clock=clock, recorder=recorder, deployment=deployment), recorder


async def prepared(google: SimulatedGoogle, world: World) -> tuple[GmailAnswers, Consent]:
    """Go as far as the page that waits for the browser."""
    state = GmailAnswers(login=google.login, gmail=google.gmail, smtp_host="localhost", client_id=CLIENT_ID)
    state = await PrepareStep().accept(state, {}, world, lambda _: None)
    page = ConsentStep().show(state, world)
    assert isinstance(page, Consent)
    assert page.way is ConsentWay.BROWSER
    return state, page


async def agreed(google: SimulatedGoogle, url: str, email: str) -> str:
    """Agree in a browser of one's own; return what it then asks the listener for."""
    context = ssl.create_default_context(cadata=google.authority_pem)
    async with httpx.AsyncClient(verify=context, trust_env=False) as browser:
        return f"/?{urlsplit(await Person(browser, email=email).agree(url)).query}"


async def test_the_wizard_connects_her_and_nobody_else(
    held: list[asyncio.StreamWriter], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gate = asyncio.Event()
    async with place(gate) as (google, world, recorder):
        state, page = await prepared(google, world)
        other_state, other_page = await prepared(google, world)
        assert page.redirect_uri != other_page.redirect_uri, "each sign-in has a listener of its own"
        genuine, other = await agreed(google, page.url, ANNA), await agreed(google, other_page.url, BEN)
        caplog.clear()  # what the browsers said of themselves
        port = urlsplit(page.redirect_uri).port
        assert port is not None
        strangers = Strangers(port, genuine, other, ("127.0.0.1",), random.Random(12))  # noqa: S311 - to be repeated, no secret
        connecting = asyncio.ensure_future(ConsentStep().accept(state, {}, world, lambda _: None))

        heard = await crowd([strangers.before() for _ in range(600)], port, held=held)
        assert not connecting.done()
        hers = strangers._again()
        knocks = [*(strangers.after() for _ in range(200)), hers, *(strangers.after() for _ in range(199))]
        heard += await crowd(knocks, port, held=held)
        assert not connecting.done(), "the listener stands as long as Google takes its time"
        gate.set()
        done = await connecting

        assert len(heard) == 1000
        assert len([one for one in heard if one.status == 303]) == 1
        assert {one.status for one in heard} - {303} <= REFUSALS
        assert done.account is not None
        assert (done.account.username, set(USUAL)) == (ANNA, set(done.scopes))
        assert done.grant is not None
        refresh = await world.vault.fetch(done.grant)
        assert refresh is not None
        assert [line for line in google.log if line.startswith("token")] == [
            f"token authorization_code: {' '.join(done.scopes)}"
        ]
        assert ConsentStep().show(other_state, world) == other_page, "the other sign-in still waits"
        await world.attempts.close()

        known = {refresh.reveal()}
        for target in (genuine, other):
            known |= spellings(*(parse_qs(urlsplit(target).query)[name][0] for name in ("code", "state")))
        for one in heard:
            assert_says_nothing(one, known)
        told = caplog.text + repr(recorder.events) + repr(done) + repr(page.redirect_uri)
        assert [word for word in known if word in told] == []
