"""A listener that a browser comes back to: where it listens, what it takes, what it shows."""

import asyncio
from urllib.parse import urlencode

import httpx
import pytest
from tests.unit.oauth.wire import STATE, WHOLE_WINDOW, answer_query, ask, come_back, port_of

from sendwright.oauth.callback import CallbackRefused
from sendwright.oauth.loopback import Loopback, listen, page_words, place_of
from sendwright.texts import LANGUAGES, speaking, text

LOGIN = "https://login.microsoftonline.com"
FORM = {"content-type": "application/x-www-form-urlencoded", "origin": LOGIN, **WHOLE_WINDOW}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize(("path", "shown"), [("/", ""), ("/back", "/back"), ("/a/b/", "/a/b/")])
async def test_the_redirect_uri_names_host_and_path_as_registered_and_its_own_port(
    host: str, path: str, shown: str
) -> None:
    async with listen(state=STATE, path=path, host=host) as loopback:
        port = port_of(loopback)
        assert loopback.redirect_uri == f"http://{host}:{port}{shown}"
        assert loopback.redirect_uris == {
            "localhost": f"http://localhost:{port}{shown}",
            "127.0.0.1": f"http://127.0.0.1:{port}{shown}",
        }
        assert (await ask(loopback, f"{path}?{answer_query()}")).status == 303
        assert await loopback.answer() == {"code": "0.AXkA-code", "state": STATE}
        assert (await ask(loopback, f"{path.rstrip('/')}/received")).status == 200


@pytest.mark.parametrize("how", [{"host": "192.0.2.1"}, {"host": "example.org"}, {"path": "back"}, {"state": ""}])
async def test_what_is_no_place_of_this_computer_is_not_listened_on(how: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no loopback address"):
        await Loopback.open(**{"state": STATE, **how})


async def test_it_answers_on_both_addresses_that_localhost_may_mean_and_on_no_other() -> None:
    async with listen(state=STATE) as loopback:
        port = port_of(loopback)
        served = {sock.getsockname()[0] for server in loopback._servers for sock in server.sockets}
        assert {"127.0.0.1"} <= served <= {"127.0.0.1", "::1"}
        for address in served:
            reader, writer = await asyncio.open_connection(address, port)
            writer.write(f"GET / HTTP/1.1\r\nhost: localhost:{port}\r\n\r\n".encode())
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()


async def test_a_code_is_taken_and_leaves_the_address_bar() -> None:
    async with listen(state=STATE) as loopback:
        waiting = asyncio.ensure_future(loopback.answer())
        first = await ask(loopback, f"/?{answer_query(session_state='x', unknown='y')}")
        assert (first.status, first.headers["location"]) == (303, "/received")
        assert await waiting == {"code": "0.AXkA-code", "state": STATE, "session_state": "x"}
        page = await ask(loopback, "/received")
        assert page.status == 200
        assert text("oauth.page.received.title", product="Sendwright") in page.body
        assert (await loopback.answer())["code"] == "0.AXkA-code"


async def test_a_real_client_that_follows_redirects_ends_on_a_page_without_the_code() -> None:
    async with listen(state=STATE) as loopback, httpx.AsyncClient(follow_redirects=True, trust_env=False) as client:
        page = await client.get(f"{loopback.redirect_uris['127.0.0.1']}/?{answer_query()}")
        assert page.status_code == 200
        assert "code" not in str(page.url)
        assert page.history[0].status_code == 303
        assert await loopback.answer() == {"code": "0.AXkA-code", "state": STATE}


@pytest.mark.parametrize("origin", [LOGIN, "null"])
async def test_a_posted_answer_is_taken_from_the_pages_that_may_post_it(origin: str) -> None:
    async with listen(state=STATE, origins=[LOGIN], linger_s=0) as loopback:
        body = answer_query().encode()
        posted = await ask(loopback, "/", method="POST", headers={**FORM, "origin": origin}, body=body)
        assert posted.status == 303
        assert await loopback.answer() == {"code": "0.AXkA-code", "state": STATE}


async def test_a_posted_answer_may_come_in_drops_and_in_chunks() -> None:
    async with listen(state=STATE, origins=[LOGIN], linger_s=0) as loopback:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(loopback))
        head = f"POST / HTTP/1.1\r\nhost: 127.0.0.1:{port_of(loopback)}\r\ntransfer-encoding: chunked\r\n"
        writer.write(f"{head}content-type: {FORM['content-type']}\r\norigin: {LOGIN}\r\n\r\n".encode())
        for letter in answer_query():
            writer.write(f"1\r\n{letter}\r\n".encode())
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 303")
        writer.close()
        assert (await loopback.answer())["state"] == STATE


@pytest.mark.parametrize(
    "said",
    [
        {"error": "access_denied", "error_description": "AADSTS65004: declined"},
        {"error": "access_denied", "admin_consent": "True", "error_subcode": "cancel"},
    ],
)
async def test_an_error_is_an_answer_too_and_the_page_does_not_call_it_a_success(said: dict[str, str]) -> None:
    async with listen(state=STATE) as loopback:
        first = await ask(loopback, f"/?{urlencode({**said, 'state': STATE})}")
        page = await ask(loopback, first.headers["location"])
        assert text("oauth.page.problem.title", product="Sendwright") in page.body
        assert await loopback.answer() == {**said, "state": STATE}


async def test_an_admin_consent_is_an_answer() -> None:
    async with listen(state=STATE, linger_s=0) as loopback:
        first = await ask(loopback, f"/?admin_consent=True&tenant=contoso&state={STATE}")
        assert first.status == 303
        assert await loopback.answer() == {"admin_consent": "True", "tenant": "contoso", "state": STATE}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_pages_speak_the_language_of_whoever_waits(language: str) -> None:
    with speaking(language):
        loopback = await Loopback.open(state=STATE, words=page_words(product="A & <B>", notice="Only a practice"))
        expected = text("oauth.page.waiting.title")
    page = await ask(loopback, "/", headers={"accept-language": "de"})
    assert f'<html lang="{language}">' in page.body
    assert expected in page.body
    assert "A &amp; &lt;B&gt;" in page.body
    assert "<aside>Only a practice</aside>" in page.body
    await loopback.close()


async def test_until_an_answer_comes_the_page_says_so() -> None:
    async with listen(state=STATE) as loopback:
        for target in ("/", "/?", "/received", "/received?code=1&state=2"):
            page = await ask(loopback, target)
            assert page.status == 200
            assert text("oauth.page.waiting.title") in page.body
        assert loopback.strays == 0


async def test_closing_waits_for_the_browser_that_was_just_led_on() -> None:
    loopback = await Loopback.open(state=STATE, linger_s=60)
    first = await ask(loopback, f"/?{answer_query()}")
    await loopback.answer()
    closing_ = asyncio.ensure_future(loopback.close())
    await asyncio.sleep(0)
    assert not closing_.done()
    assert (await ask(loopback, first.headers["location"])).status == 200
    await closing_
    with pytest.raises(OSError, match=r".*"):
        await ask(loopback, "/")


async def test_a_browser_that_never_follows_does_not_hold_the_listener() -> None:
    async with asyncio.timeout(60):
        async with listen(state=STATE, linger_s=0.01) as loopback:
            await ask(loopback, f"/?{answer_query()}")
            assert (await loopback.answer())["state"] == STATE
    await loopback.close()


async def test_who_waits_for_an_answer_of_a_closed_listener_is_told_that_it_was_given_up() -> None:
    loopback = await Loopback.open(state=STATE)
    waiting = asyncio.ensure_future(loopback.answer())
    await asyncio.sleep(0)
    await loopback.close()
    with pytest.raises(CallbackRefused) as refused:
        await waiting
    assert refused.value.code == "ended"


async def test_who_stops_waiting_leaves_the_listener_open() -> None:
    async with listen(state=STATE) as loopback:
        waiting = asyncio.ensure_future(loopback.answer())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (await come_back(loopback)).status == 200
        assert (await loopback.answer())["state"] == STATE


async def test_a_cancelled_sign_in_ends_the_listener_at_once() -> None:
    opened: asyncio.Future[Loopback] = asyncio.get_running_loop().create_future()

    async def sign_in() -> None:
        async with listen(state=STATE, linger_s=3600) as loopback:
            await ask(loopback, f"/?{answer_query()}")
            opened.set_result(loopback)
            await asyncio.Event().wait()

    task = asyncio.ensure_future(sign_in())
    loopback = await opened
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not loopback._tasks


async def test_listeners_do_not_disturb_each_other() -> None:
    async with listen(state="one") as first, listen(state="two") as second:
        assert (await come_back(first, "two")).status == 400
        assert (await come_back(second, "two")).status == 200
        assert (await come_back(first, "one")).status == 200
        assert (first.strays, second.strays) == (1, 0)


async def test_no_room_for_a_listener_is_an_error_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "too many open files")

    monkeypatch.setattr(asyncio, "start_server", refuse)
    with pytest.raises(OSError, match="too many open files"):
        await Loopback.open(state=STATE)


@pytest.mark.parametrize(
    ("redirect_uri", "place"),
    [
        ("http://localhost", ("localhost", "/")),
        ("http://localhost/", ("localhost", "/")),
        ("http://localhost:8400/back", ("localhost", "/back")),
        ("http://127.0.0.1/a/b", ("127.0.0.1", "/a/b")),
    ],
)
def test_a_registered_redirect_uri_says_where_to_listen(redirect_uri: str, place: tuple[str, str]) -> None:
    assert place_of(redirect_uri) == place


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://localhost",
        "http://example.org",
        "http://localhost.example.org",
        "http://[::1]",
        "http://localhost/?a=b",
        "http://localhost/#a",
        "urn:ietf:wg:oauth:2.0:oob",
        "",
    ],
)
def test_another_redirect_uri_is_not_listened_for(redirect_uri: str) -> None:
    with pytest.raises(ValueError, match="no loopback redirect URI"):
        place_of(redirect_uri)
