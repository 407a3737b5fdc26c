"""Connections that break: only what had left as a whole may have been taken."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
import trustme
from tests.unit.senders.doubles import Tokens
from tests.unit.senders.graph.doubles import Graph, accepted, asking_of, outgoing, sender_of, settings

from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.graph.sender import GraphSender
from sendwright.senders.interface.asking import Request
from sendwright.senders.sender import SendFailed

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Behaviour = Callable[[Reader, Writer], Awaitable[None]]

BIG = "a line of some words\n" * 100_000


async def head(reader: Reader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def hang_up_at_once(reader: Reader, writer: Writer) -> None:
    writer.transport.abort()


async def hang_up_after_the_head(reader: Reader, writer: Writer) -> None:
    await head(reader)
    writer.transport.abort()


async def hang_up_after_the_message(reader: Reader, writer: Writer) -> None:
    await body(reader)
    writer.transport.abort()


async def say_nothing(reader: Reader, writer: Writer) -> None:
    await body(reader)
    await asyncio.sleep(60)


async def answer_nonsense(reader: Reader, writer: Writer) -> None:
    await body(reader)
    writer.write(b"220 mail.example.org ESMTP\r\n")
    await writer.drain()
    writer.transport.abort()


async def break_off_the_answer(reader: Reader, writer: Writer) -> None:
    await body(reader)
    writer.write(b"HTTP/1.1 202 Accep")
    await writer.drain()
    writer.transport.abort()


async def accept_and_break_off(reader: Reader, writer: Writer) -> None:
    await body(reader)
    writer.write(b"HTTP/1.1 202 Accepted\r\nrequest-id: theirs\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.transport.abort()


async def body(reader: Reader) -> bytes:
    said = await head(reader)
    length = next(line for line in said.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


@asynccontextmanager
async def listening(behave: Behaviour) -> AsyncIterator[tuple[str, ssl.SSLContext, list[int]]]:
    """Serve TLS on this computer; yield the address, whom to trust, and how many connections there were."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    counted: list[int] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: Reader, writer: Writer) -> None:
        counted.append(1)
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"https://127.0.0.1:{port}", client_context(authority.cert_pem.bytes().decode()), counted
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def lost(behave: Behaviour, *, text: str = "Hello.", timeout_s: float = 20.0) -> tuple[Evidence, int]:
    async with listening(behave) as (graph, context, counted):
        network = Network(resolver=None, tls=lambda _: context, timeout_s=timeout_s)  # type: ignore[arg-type]  # httpx asks by itself
        sender = GraphSender(settings(graph=graph), Tokens(), network)
        with pytest.raises(SendFailed) as caught:
            await sender.submit(outgoing(text=text))
        await sender.close()
        return caught.value.evidence, len(counted)


@pytest.mark.parametrize(
    ("behave", "text"), [(hang_up_after_the_head, BIG), (hang_up_at_once, BIG)], ids=["after-the-head", "at-once"]
)
async def test_a_message_whose_end_never_left_was_certainly_not_sent(behave: Behaviour, text: str) -> None:
    evidence, connections = await lost(behave, text=text)
    assert (evidence.stage, evidence.perhaps_sent, connections) == ("reach", False, 1)
    assert classify(evidence).code == "connection-dropped"


@pytest.mark.parametrize("behave", [hang_up_after_the_message, answer_nonsense, break_off_the_answer])
@pytest.mark.parametrize("text", ["Hello.", BIG], ids=["small", "big"])
async def test_a_message_that_had_left_may_have_been_sent_and_is_not_repeated(behave: Behaviour, text: str) -> None:
    evidence, connections = await lost(behave, text=text)
    assert (evidence.stage, evidence.system, evidence.perhaps_sent) == ("submit", System.GRAPH, True)
    assert connections == 1
    assert classify(evidence).code == "message-perhaps-sent"


async def test_silence_after_the_message_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendwright.senders.interface.asking.ANSWER_S", 0.3)
    evidence, _ = await lost(say_nothing, timeout_s=0.3)
    assert evidence.perhaps_sent
    assert classify(evidence).code == "message-perhaps-sent"


async def test_an_acceptance_whose_rest_is_lost_stays_one() -> None:
    async with listening(accept_and_break_off) as (graph, context, _):
        network = Network(resolver=None, tls=lambda _: context)  # type: ignore[arg-type]  # as above
        sender = GraphSender(settings(graph=graph), Tokens(), network)
        receipt = await sender.submit(outgoing())
        await sender.close()
    assert receipt.provider_id == "theirs"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectTimeout("x"), "connection-timed-out"),
        (httpx.PoolTimeout("x"), "connection-timed-out"),
        (httpx.ProxyError("407 Proxy Authentication Required"), "proxy-authentication-required"),
        (httpx.ProxyError("proxy-unreachable"), "proxy-unreachable"),
        (httpx.ProxyError("403 Forbidden"), "proxy-refused-tunnel"),
        (httpx.ConnectError("x"), "connection-dropped"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_what_never_got_through_names_who_stood_in_the_way(error: httpx.HTTPError, code: str) -> None:
    client = httpx.AsyncClient(transport=_Unread(error))
    sender = sender_of(Graph([accepted()]))
    sender._asking._client = client
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing())
    await sender.close()
    evidence = caught.value.evidence
    assert (classify(evidence).code, evidence.stage, evidence.perhaps_sent) == (code, "reach", False)


class _Unread(httpx.AsyncBaseTransport):
    """A way that ends before the body is asked for."""

    def __init__(self, error: httpx.HTTPError) -> None:
        self._error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self._error


async def test_a_question_that_sends_nothing_is_never_perhaps_sent() -> None:
    asking = asking_of(Graph([httpx.ReadTimeout("x")]))
    with pytest.raises(SendFailed) as caught:
        await asking.ask(Request(method="GET", path="/me", stage="mailbox"))
    assert (caught.value.evidence.perhaps_sent, caught.value.evidence.stage) == (False, "reach")


async def test_no_exception_that_holds_the_token_stays_attached() -> None:
    with pytest.raises(SendFailed) as caught:
        await sender_of(Graph([httpx.ReadError("x")])).submit(outgoing())
    seen: BaseException | None = caught.value
    while seen is not None:
        assert not isinstance(seen, httpx.HTTPError)
        seen = seen.__cause__ or seen.__context__
