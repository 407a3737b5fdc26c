"""One person signs in among a thousand others: before her, beside her and after her."""

import asyncio
import logging
import random
import secrets
import socket
import ssl
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import httpx
import pytest
from tests.servers.google import listening
from tests.unit.oauth.crowd import REFUSALS, addresses_of, assert_says_nothing, crowd, knock, spellings
from tests.unit.oauth.strangers import Knock, Strangers
from tests.unit.oauth.wire import port_of
from tests.unit.practice.google.visiting import Person

from sendwright.oauth.callback import CallbackRefused
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.scopes import SEND, USUAL
from sendwright.oauth.google.sign_in import SignInRequest, begin, redeem
from sendwright.oauth.loopback import Loopback, listen
from sendwright.practice.google.example import ANNA, BEN, CLIENT_ID, CLIENT_SECRET
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.recording.web import RecordingTransport
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.texts import text

BEFORE, BESIDE, AFTER = 400, 200, 400


class Place:
    """The simulated Google, and what the program has of it."""

    def __init__(self, google: SimulatedGoogle) -> None:
        self.google = google
        self.recorder = WireRecorder()
        self.context = ssl.create_default_context(cadata=google.authority_pem)
        self.client = GoogleClient(
            client_id=CLIENT_ID, secret=Secret(CLIENT_SECRET), login=google.login, gmail=google.gmail
        )

    def web(self) -> httpx.AsyncClient:
        inner = httpx.AsyncHTTPTransport(verify=self.context, trust_env=False)
        return httpx.AsyncClient(transport=RecordingTransport(inner, self.recorder), trust_env=False)

    async def begun(self, redirect_uri: str, state: str) -> SignInRequest:
        return await begin(
            self.client, scopes=USUAL, redirect_uri=redirect_uri, web=self.web, recorder=self.recorder, state=state
        )

    async def agreed(self, request: SignInRequest, email: str) -> str:
        """Sign in and agree in a browser of one's own; return what it then asks the listener for."""
        async with httpx.AsyncClient(verify=self.context, trust_env=False) as browser:
            left_to = await Person(browser, email=email).agree(request.url)
        assert left_to.startswith(request.redirect_uri), left_to
        return f"/?{urlsplit(left_to).query}"


@pytest.mark.parametrize("seed", [5, 2026])
async def test_one_sign_in_of_the_right_person_among_a_thousand_requests_and_nothing_leaks(
    seed: int, held: list[asyncio.StreamWriter], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    broken: list[Mapping[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    async with listening() as found:
        place = Place(found.google)
        state = secrets.token_urlsafe(32)
        async with listen(state=state, host="127.0.0.1", linger_s=0) as loopback:
            request = await place.begun(loopback.redirect_uri, state)
            others = await place.begun(loopback.redirect_uri, secrets.token_urlsafe(32))
            genuine, other = await place.agreed(request, ANNA), await place.agreed(others, BEN)
            port = port_of(loopback)
            caplog.clear()  # what her browser said of itself
            strangers = Strangers(
                port=port,
                genuine=genuine,
                other=other,
                addresses=addresses_of(loopback),
                chance=random.Random(seed),  # noqa: S311 - a test that can be repeated, no secret
            )
            waiting = asyncio.ensure_future(loopback.answer())

            earlier = await crowd([strangers.before() for _ in range(BEFORE)], port, held=held)
            assert [heard.knock for heard in earlier if heard.status == 303] == []
            assert not waiting.done()
            hers = strangers._again()
            beside = [strangers.before() for _ in range(BESIDE)]
            mixed = await crowd([*beside[: BESIDE // 2], hers, *beside[BESIDE // 2 :]], port, held=held)
            answer = await waiting
            shown = await crowd([Knock("shown", strangers._request("/received"))], port, held=held)
            later = await crowd([strangers.after() for _ in range(AFTER)], port, held=held)
            assert await loopback.answer() is answer
            strays = loopback.strays
        signed_in = await redeem(
            request, answer, place.client, web=place.web, recorder=place.recorder, now=datetime.now(UTC)
        )

        all_heard = [*earlier, *mixed, *shown, *later]
        assert len(all_heard) == BEFORE + BESIDE + AFTER + 2
        taken = [heard for heard in all_heard if heard.status == 303]
        assert [heard.knock for heard in taken] == [hers]
        assert {heard.status for heard in all_heard} - {303} <= REFUSALS
        assert text("oauth.page.received.title") in shown[0].octets.decode()
        names = Counter(heard.knock.name for heard in all_heard)
        assert len(names) >= 15, "everybody came"
        assert strays > 100

        assert signed_in.account.username == ANNA
        assert SEND in signed_in.scopes
        asked = [line for line in found.google.log if line.startswith(("token", "revoke"))]
        assert [line.split(":")[0] for line in asked] == ["token authorization_code"]
        exchanged = [event for event in place.recorder.events if "/token" in event.text and event.name == "said"]
        assert len(exchanged) == 1

    known = spellings(answer["code"], state, others.state, request.verifier.reveal(), request.nonce.reveal())
    known |= spellings(httpx.QueryParams(urlsplit(other).query)["code"])
    known |= {signed_in.access.secret.reveal(), signed_in.refresh_token.reveal()}
    for heard in all_heard:
        assert_says_nothing(heard, known)
    told = caplog.text + "".join(f"{event!r}" for event in place.recorder.events) + repr(answer) + repr(signed_in)
    assert [word for word in known if word in told] == []
    assert broken == []


async def test_nothing_listens_any_more_once_she_is_signed_in() -> None:
    async with listen(state="a-state", linger_s=0) as loopback:
        port, addresses = port_of(loopback), addresses_of(loopback)
    for address in addresses:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knocking:
            assert knocking.connect_ex((address, port)) != 0
    with pytest.raises(CallbackRefused):
        await loopback.answer()


async def test_who_is_cancelled_while_a_page_is_waited_for_leaves_no_port_open() -> None:
    loopback = await Loopback.open(state="a-state", linger_s=3600)
    port, addresses = port_of(loopback), addresses_of(loopback)
    genuine = f"GET /?code=c&state=a-state HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode()
    assert (await knock(Knock("genuine", genuine), port, held=[])).status == 303
    closing = asyncio.ensure_future(loopback.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    for address in addresses:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knocking:
            assert knocking.connect_ex((address, port)) != 0


@pytest.mark.parametrize("turns", range(6))
async def test_nobody_who_knocks_while_it_closes_is_left_hanging(turns: int) -> None:
    loopback = await Loopback.open(state="a-state")
    port = port_of(loopback)
    knocking = []
    for _ in range(20):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
        knocking.append(one)
    for _ in range(turns):
        await asyncio.sleep(0)
    await loopback.close()
    loop = asyncio.get_running_loop()
    for one in knocking:
        with one, suppress(ConnectionError):
            assert await asyncio.wait_for(loop.sock_recv(one, 100), timeout=60) == b""


async def test_many_who_never_go_away_cost_no_more_than_a_few_connections(held: list[asyncio.StreamWriter]) -> None:
    async with listen(state="a-state", patience_s=3600, linger_s=0) as loopback:
        port = port_of(loopback)
        whole = f"GET /favicon.ico HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode()
        for _ in range(400):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(whole)
            assert (await reader.read(12)) == b"HTTP/1.1 404"
            held.append(writer)
        assert len(loopback._tasks) <= 260
        genuine = f"GET /?code=c&state=a-state HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode()
        assert (await knock(Knock("genuine", genuine), port, held=[])).status == 303


async def test_even_asyncio_s_own_debugging_shows_nothing(
    held: list[asyncio.StreamWriter], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0
    code, state = "4/0A-code-that-nobody-sees", "state-that-nobody-sees"
    async with listen(state=state, linger_s=0) as loopback:
        waiting = asyncio.ensure_future(loopback.answer())
        genuine = f"/?code={quote(code, safe='')}&state={state}"
        strangers = Strangers(port_of(loopback), genuine, "/?code=x&state=y", ("127.0.0.1",), random.Random(1))  # noqa: S311 - as above
        for name in ("_again", "_again_but", "_rebound", "_malformed", "_posted", "_pipelined", "_half_said"):
            await knock(getattr(strangers, name)(), port_of(loopback), held=held)
        answer = await waiting
        assert answer == {"code": code, "state": state}
        shown = f"{waiting!r} {loopback._answer!r} {answer!r} {answer}"
    loop.set_debug(False)
    assert "Executing" in caplog.text, "it was shown what ran"
    for word in ("nobody-sees", quote(code, safe="")):
        assert word not in caplog.text
        assert word not in shown
