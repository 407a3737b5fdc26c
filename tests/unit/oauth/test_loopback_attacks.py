"""What else reaches an open port of a computer, and what somebody sends there on purpose."""

import asyncio
import logging
import random
from collections.abc import Iterator

import pytest
from tests.unit.oauth.wire import (
    PROTECTIVE,
    STATE,
    WHOLE_WINDOW,
    Answer,
    answer_query,
    ask,
    come_back,
    port_of,
    read_answer,
    request,
    send,
)

from sendwright.oauth import loopback as loopback_module
from sendwright.oauth.loopback import Loopback, listen
from sendwright.oauth.loopback_connection import LONGEST_BODY, LONGEST_HEAD
from sendwright.texts import text

LOGIN = "https://login.microsoftonline.com"
TLS_HELLO = bytes.fromhex("16030100a5010000a10303") + bytes(range(160))
MARK = "<script>reflected</script>"


def guarded(answer: Answer) -> Answer:
    """Every answer protects the page, and lets no other page read it."""
    assert PROTECTIVE.items() <= answer.headers.items()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert not any(name.startswith("access-control") or name in {"set-cookie", "server"} for name in answer.headers)
    return answer


@pytest.fixture(autouse=True)
def _nothing_breaks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No task ends with what nobody expected: asyncio would only log that."""
    yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def still_waits(loopback: Loopback) -> None:
    """The genuine answer is taken after all of it."""
    assert not loopback._answer.done()
    page = await come_back(loopback)
    assert text("oauth.page.received.title") in page.body
    assert await loopback.answer() == {"code": "0.AXkA-code", "state": STATE}


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (b"", {0}),
        (b"\r\n", {0, 400}),
        (b"\0" * 64, {400}),
        (TLS_HELLO, {0, 400}),
        (b"SSH-2.0-scanner\r\n", {400}),
        (b"EHLO scanner\r\n\r\n", {400}),
        (b"GET /\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\n\r\n", {400}),
        (b"GET / HTTP/1.0\r\n\r\n", {421}),
        (b"GET / HTTP/2.0\r\nhost: x\r\n\r\n", {400, 505, 421}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 405, 421, 505}),
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nhost : a\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx", {400}),
        (b"GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n", {400, 501}),
        (b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", {400}),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\nshort", {0, 400}),
        (b"GET /" + b"a" * LONGEST_HEAD, {0, 400, 431}),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"a" * LONGEST_HEAD, {0, 400, 431}),
        (b"\xff\xfe GET / HTTP/1.1\r\n\r\n", {400}),
        (b"GET /\xff HTTP/1.1\r\nhost: a\r\n\r\n", {400, 421}),
        (b"CONNECT localhost:25 HTTP/1.1\r\nhost: localhost:25\r\n\r\n", {0, 421}),
        (b"GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n", {421}),
        (b"POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n", {0, 400}),
    ],
)
async def test_what_is_no_request_gets_a_short_answer_or_none(raw: bytes, statuses: set[int]) -> None:
    async with listen(state=STATE) as loopback:
        answer = await send(loopback, raw, end=True)
        assert answer.status in statuses
        if answer.status:
            guarded(answer)
        assert loopback.strays == 0
        await still_waits(loopback)


@pytest.mark.parametrize(
    ("target", "how", "status", "strays"),
    [
        ("/favicon.ico", {}, 404, 0),
        ("/apple-touch-icon.png", {}, 404, 0),
        ("/.well-known/appspecific/com.chrome.devtools.json", {}, 404, 0),
        ("/", {}, 200, 0),
        ("/received", {}, 200, 0),
        (f"/?{MARK}", {}, 400, 1),
        (f"/{MARK}", {}, 404, 0),
        (f"/?code={MARK}&state={MARK}", {}, 400, 1),
        (f"/?{answer_query('forged')}", {}, 400, 1),
        (f"/?{answer_query()}&state=forged", {}, 400, 1),
        (f"/?{answer_query()}&error=access_denied", {}, 400, 1),
        (f"/?{answer_query()}", {"host": "rebound.example.org:{port}"}, 421, 0),
        (f"/?{answer_query()}", {"host": "localhost"}, 421, 0),
        (f"http://localhost/?{answer_query()}", {}, 404, 0),
        (f"/?{answer_query()}", {"method": "HEAD"}, 405, 0),
        (f"/?{answer_query()}", {"method": "OPTIONS"}, 405, 0),
        (f"/?{answer_query()}", {"method": "TRACE"}, 405, 0),
        (f"/?{answer_query()}", {"headers": {**WHOLE_WINDOW, "sec-fetch-dest": "image"}}, 403, 1),
        (f"/?{answer_query()}", {"headers": {**WHOLE_WINDOW, "sec-fetch-dest": "iframe"}}, 403, 1),
        (f"/?{answer_query()}", {"headers": {**WHOLE_WINDOW, "sec-purpose": "prefetch"}}, 403, 1),
        ("/", {"method": "POST", "headers": {"origin": "https://example.org"}, "body": b"x"}, 403, 1),
        ("/", {"method": "POST", "headers": {"origin": LOGIN}, "body": answer_query().encode()}, 403, 1),
        ("/", {"method": "POST", "headers": {}, "body": answer_query().encode()}, 403, 1),
        ("/", {"method": "POST", "headers": {}, "body": b"a" * (LONGEST_BODY + 1)}, 413, 0),
    ],
)
async def test_a_stray_request_gets_a_true_answer_that_repeats_nothing_of_it(
    target: str, how: dict[str, object], status: int, strays: int
) -> None:
    async with listen(state=STATE) as loopback:
        if "host" in how:
            how = {**how, "host": str(how["host"]).format(port=port_of(loopback))}
        answer = guarded(await ask(loopback, target, **how))  # type: ignore[arg-type]
        assert answer.status == status
        assert loopback.strays == strays
        for word in ("script>", "forged", "example.org", STATE, "0.AXkA"):
            assert word not in answer.body
        assert "location" not in answer.headers
        assert answer.headers.get("allow", "GET, POST") == "GET, POST"
        await still_waits(loopback)


async def test_who_asks_before_may_read_across_pages_learns_nothing() -> None:
    async with listen(state=STATE) as loopback:
        asked = {
            "origin": "https://example.org",
            "access-control-request-method": "POST",
            "access-control-request-private-network": "true",
        }
        assert guarded(await ask(loopback, "/", method="OPTIONS", headers=asked)).status == 405
        assert guarded(await ask(loopback, "/", headers={"origin": "https://example.org"})).status == 200
        await still_waits(loopback)


async def test_a_form_of_another_page_is_refused_even_where_forms_are_taken() -> None:
    async with listen(state=STATE, origins=[LOGIN]) as loopback:
        form = {"content-type": "application/x-www-form-urlencoded", "origin": "https://example.org"}
        body = answer_query().encode()
        assert (await ask(loopback, "/", method="POST", headers=form, body=body)).status == 403
        assert (
            await ask(loopback, "/", method="POST", headers=form | {"origin": "null"}, body=b"code=a")
        ).status == 400
        assert loopback.strays == 2
        await still_waits(loopback)


async def test_an_answer_counts_once() -> None:
    async with listen(state=STATE) as loopback:
        await still_waits(loopback)
        for query in (answer_query(), answer_query(session_state="again"), f"error=access_denied&state={STATE}"):
            again = guarded(await ask(loopback, f"/?{query}"))
            assert again.status == 409
            assert text("oauth.page.already.title") in again.body
            assert "location" not in again.headers
        assert await loopback.answer() == {"code": "0.AXkA-code", "state": STATE}


async def test_of_many_answers_at_once_one_is_taken() -> None:
    async with listen(state=STATE) as loopback:
        queries = [answer_query(session_state=str(number)) for number in range(40)]
        answers = await asyncio.gather(*(ask(loopback, f"/?{query}") for query in queries))
        assert sorted(answer.status for answer in answers) == [303] + [409] * 39
        taken = next(query for query, answer in zip(queries, answers, strict=True) if answer.status == 303)
        assert taken.endswith(f"session_state={(await loopback.answer())['session_state']}")
        await ask(loopback, "/received")


async def test_a_second_request_on_the_same_connection_is_not_read() -> None:
    async with listen(state=STATE) as loopback:
        smuggled = request(loopback, "/favicon.ico") + request(loopback, f"/?{answer_query()}")
        assert (await send(loopback, smuggled)).status == 404
        await still_waits(loopback)


async def test_who_says_half_a_word_is_let_go() -> None:
    async with listen(state=STATE, patience_s=0.05) as loopback:
        assert (await send(loopback, b"GET / HTTP/1.1\r\nhost: localhost\r\n")).status == 0
        assert not loopback._standing
    async with listen(state=STATE) as loopback:
        await still_waits(loopback)


async def test_many_who_say_half_a_word_do_not_keep_the_genuine_answer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback_module, "AT_ONCE", 16)
    async with listen(state=STATE, patience_s=3600) as loopback:
        slow = [await asyncio.open_connection("127.0.0.1", port_of(loopback)) for _ in range(80)]
        for _, writer in slow:
            writer.write(b"GET /?code=")
        await still_waits(loopback)
        assert len(loopback._standing) <= 16
        assert [await reader.read() for reader, _ in slow[:32]] == [b""] * 32
        for _, writer in slow:
            writer.transport.abort()


async def hostile(loopback: Loopback, chance: random.Random) -> int:
    """Do one of the things that strangers do; return the status that they got."""
    kinds = [
        lambda: send(loopback, chance.randbytes(200), end=True),
        lambda: send(loopback, TLS_HELLO, end=True),
        lambda: send(loopback, b"", end=True),
        lambda: ask(loopback, "/favicon.ico"),
        lambda: ask(loopback, f"/?{answer_query(chance.randbytes(8).hex())}"),
        lambda: ask(loopback, f"/?{answer_query()}", host="rebound.example.org"),
        lambda: ask(loopback, f"/?{answer_query()}", headers={"sec-fetch-dest": "image"}),
        lambda: ask(loopback, "/", method="POST", headers={"origin": "https://example.org"}, body=b"code=a"),
        lambda: ask(loopback, f"/?error=access_denied&state={chance.random()}"),
        lambda: send(loopback, b"GET /" + b"a" * chance.randrange(LONGEST_HEAD), end=True),
    ]
    return (await chance.choice(kinds)()).status


async def test_one_genuine_answer_is_found_among_a_thousand_others() -> None:
    chance = random.Random(4)  # noqa: S311 - a test that can be repeated, no secret
    async with listen(state=STATE) as loopback:
        turns = asyncio.Semaphore(50)

        async def turn(number: int) -> int:
            async with turns:
                if number == 500:
                    return (await come_back(loopback)).status
                return await hostile(loopback, chance)

        statuses = await asyncio.gather(*(turn(number) for number in range(1_001)))
        assert statuses[500] == 200
        assert set(statuses[:500] + statuses[501:]) <= {0, 400, 403, 404, 421, 431}
        assert loopback.strays > 100
        assert await loopback.answer() == {"code": "0.AXkA-code", "state": STATE}


async def test_who_goes_away_in_the_middle_does_no_harm() -> None:
    async with listen(state=STATE) as loopback:
        for raw in (b"GET", request(loopback, "/"), request(loopback, f"/?{answer_query('forged')}")):
            for _ in range(20):
                _, writer = await asyncio.open_connection("127.0.0.1", port_of(loopback))
                writer.write(raw)
                writer.transport.abort()
        await still_waits(loopback)


def test_an_answer_is_read_by_these_tests_as_it_is() -> None:
    assert read_answer(b"HTTP/1.1 200 OK\r\na: b\r\n\r\nbody") == Answer(200, {"a": "b"}, "body")
