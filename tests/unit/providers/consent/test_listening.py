"""A browser is waited for at the registered address, so long, and nobody listens afterwards."""

import asyncio

import httpx
import pytest
from tests.unit.providers.doubles import make_world

from sendwright.oauth.callback import CallbackRefused
from sendwright.problems.evidence import Failure
from sendwright.providers.consent import listening as module
from sendwright.providers.consent.listening import Listening, end, listening_at, surely_listening

STATE = "an-unguessable-state"


async def knock(listening: Listening, **query: str) -> None:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        await browser.get(listening.redirect_uri, params=query)


@pytest.mark.parametrize(
    ("registered", "path"),
    [
        ("http://localhost", ""),
        ("http://localhost/", "/"),
        ("http://127.0.0.1", ""),
        ("http://127.0.0.1/", "/"),
        ("http://localhost/done", "/done"),
    ],
)
async def test_the_answer_is_awaited_where_it_was_registered(registered: str, path: str) -> None:
    listening = await listening_at(registered, STATE, make_world())
    try:
        address = httpx.URL(listening.redirect_uri)
        assert listening.redirect_uri.startswith(registered.removesuffix(path))
        assert listening.redirect_uri.endswith(path or str(address.port))
        waiting = asyncio.create_task(listening.answer())
        await knock(listening, code="of-another", state="another-state")
        await knock(listening, code="the-code", state=STATE)
        assert dict(await waiting)["code"] == "the-code"
    finally:
        await listening.close()


async def test_each_attempt_listens_on_a_port_of_its_own() -> None:
    one = await listening_at("http://localhost", STATE, make_world())
    two = await listening_at("http://localhost", STATE, make_world())
    assert one.redirect_uri != two.redirect_uri
    await one.close()
    await two.close()


async def test_a_browser_that_stays_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    listening = await listening_at("http://127.0.0.1", STATE, make_world())
    with pytest.raises(TimeoutError):
        await listening.answer()
    await listening.close()


async def test_whoever_waits_learns_that_it_ended() -> None:
    listening = await listening_at("http://127.0.0.1", STATE, make_world())
    await listening.close()
    with pytest.raises(CallbackRefused) as refused:
        await listening.answer()
    assert refused.value.code == "ended"


async def test_nobody_listens_once_the_attempt_ended() -> None:
    world = make_world()
    listening = await listening_at("http://127.0.0.1", STATE, world)
    name = world.attempts.begin(listening)
    await end(name, world)
    assert world.attempts.find(name) is None
    with pytest.raises(httpx.ConnectError):
        await knock(listening, code="late", state=STATE)
    await end(name, world)


async def test_an_attempt_that_holds_nothing_open_is_forgotten_too() -> None:
    world = make_world()
    name = world.attempts.begin("something")
    await end(name, world)
    assert world.attempts.find(name) is None


@pytest.mark.parametrize(("registered", "host"), [("http://localhost", "localhost"), ("http://127.0.0.1", "127.0.0.1")])
async def test_a_computer_that_lets_nobody_listen_is_named(
    monkeypatch: pytest.MonkeyPatch, registered: str, host: str
) -> None:
    async def no_port(*_: object) -> Listening:
        raise OSError("no port")

    monkeypatch.setattr(module, "listening_at", no_port)
    with pytest.raises(Failure) as failed:
        await surely_listening(registered, STATE, make_world())
    assert failed.value.evidence.condition == "loopback-not-possible"
    assert failed.value.evidence.values == {"host": host}


async def test_the_state_and_what_came_are_in_no_repr() -> None:
    listening = await surely_listening("http://127.0.0.1", STATE, make_world())
    assert STATE not in repr(listening)
    await listening.close()
