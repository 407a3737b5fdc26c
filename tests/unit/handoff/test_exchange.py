"""What the client really sends: headers, bodies, entity tags, keys; and to whom."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey
from tests.unit.handoff.served import NETWORK, no_pause, plain
from tests.unit.service.backend_kit import PROFILE

from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.exchange import Exchange, failed, refused
from sendwright.handoff.sealing import new_sealing_key, open_sealed, published
from sendwright.handoff.wire import NotificationRequest
from sendwright.problems.evidence import System
from sendwright.secret import Secret

TOKEN = "canary-token"
KEY = new_sealing_key()
STATE = {
    "version": 4,
    "state": "staged",
    "profile": json.loads(msgspec.json.encode(PROFILE)),
    "credential": None,
    "created_at": "2026-03-01T12:00:00Z",
    "created_by": "a",
}
ORGANISATION = {
    "name": "Example",
    "workspaces": [],
    "default_sender": {"address": "a@example.org", "alias": "A"},
    "in_force": None,
    "api_version": 1,
}


@dataclass
class Request:
    """One request as it arrived; header names in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Recorder:
    """A server that answers by path and remembers everything."""

    answers: dict[str, bytes]
    url: str = ""
    requests: list[Request] = field(default_factory=list)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.splitlines()
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest) if name}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append(Request(line, headers, body))
        path = line.split()[1]
        writer.write(self.answers.get(path, plain("{}", status="404 Gone")))
        await writer.drain()
        writer.close()

    def last(self, method: str) -> Request:
        return next(request for request in reversed(self.requests) if request.line.startswith(method))


@asynccontextmanager
async def recorder(**answers: bytes) -> AsyncIterator[Recorder]:
    usual = {
        "/v1/organisation": plain(json.dumps(ORGANISATION), headers='ETag: "4-9"\r\n'),
        "/v1/keys": plain(json.dumps(published([KEY]))),
        "/v1/profiles": plain(json.dumps(STATE), status="201 Created"),
        "/v1/profiles/4/activate": plain(json.dumps(STATE), headers='ETag: "4-10"\r\n'),
        "/v1/profiles/4/restore": plain(json.dumps(STATE), headers='ETag: "4-11"\r\n'),
        "/v1/profiles/active": plain("", status="204 No Content", headers='ETag: "0-12"\r\n'),
        "/v1/enrolments": plain(json.dumps({"token": "t", "organisation": "o"}), status="201 Created"),
    }
    found = Recorder({**usual, **answers})
    server = await asyncio.start_server(found.connected, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()


@asynccontextmanager
async def client(of: Recorder, token: str | None = TOKEN) -> AsyncIterator[HttpBackend]:
    secret = None if token is None else Secret(token)
    backend = HttpBackend(BackendAddress(url=of.url), token=secret, network=NETWORK, pause=no_pause)
    try:
        yield backend
    finally:
        await backend.close()


async def test_a_staging_carries_state_key_and_sealed_credentials() -> None:
    async with recorder() as of, client(of) as backend:
        await backend.stage(PROFILE, {"password": Secret("canary-password")}, key="draft-1")
        sent = of.last("POST")
    assert sent.line == "POST /v1/profiles HTTP/1.1"
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["if-match"] == '"4-9"'
    assert sent.headers["idempotency-key"].startswith("draft-1-")
    assert b"canary" not in sent.body
    body = json.loads(sent.body)
    assert set(body) == {"profile", "credentials", "note", "credentials_from", "contact", "expires_at"}
    assert (body["credentials_from"], body["contact"]) == (None, "")
    assert open_sealed(body["credentials"], (KEY,), profile=PROFILE) == {"password": Secret("canary-password")}


async def test_a_profile_without_secrets_asks_for_no_keys() -> None:
    async with recorder() as of, client(of) as backend:
        await backend.stage(PROFILE, {}, key="k")
    assert json.loads(of.last("POST").body)["credentials"] is None
    assert not any("/v1/keys" in request.line for request in of.requests)


async def test_a_staging_may_take_over_credentials_and_name_whom_to_tell() -> None:
    async with recorder() as of, client(of) as backend:
        await backend.stage(PROFILE, {}, key="k", credentials_from=3, contact="it@example.org")
    body = json.loads(of.last("POST").body)
    assert (body["credentials"], body["credentials_from"], body["contact"]) == (None, 3, "it@example.org")


async def test_a_staging_that_takes_over_something_else_is_another_request() -> None:
    async with recorder() as of, client(of) as backend:
        for source, contact in ((3, ""), (3, ""), (4, ""), (3, "it@example.org"), (None, "")):
            await backend.stage(PROFILE, {}, key="k", credentials_from=source, contact=contact)
    keys = [each.headers["idempotency-key"] for each in of.requests if each.line.startswith("POST")]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


async def test_the_key_tells_credentials_apart_without_telling_what_they_are() -> None:
    keys = []
    async with recorder() as of:
        for token, password in ((TOKEN, "a"), (TOKEN, "a"), (TOKEN, "b"), ("another", "a")):
            async with client(of, token) as backend:
                await backend.stage(PROFILE, {"password": Secret(password)}, key="k")
                keys.append(of.last("POST").headers["idempotency-key"])
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3  # who does not know the token cannot compute it from the password either


@pytest.mark.parametrize(
    ("write", "line"),
    [
        (lambda backend: backend.activate(4), "POST /v1/profiles/4/activate HTTP/1.1"),
        (lambda backend: backend.restore(4), "POST /v1/profiles/4/restore HTTP/1.1"),
        (lambda backend: backend.use_default(), "DELETE /v1/profiles/active HTTP/1.1"),
    ],
)
async def test_each_call_is_a_write_of_its_own(write: Callable[[HttpBackend], Awaitable[object]], line: str) -> None:
    async with recorder() as of, client(of) as backend:
        await write(backend)
        await write(backend)
    writes = [request for request in of.requests if not request.line.startswith("GET")]
    assert [request.line for request in writes] == [line, line]
    assert len({request.headers["idempotency-key"] for request in writes}) == 2
    assert all(len(request.headers["idempotency-key"]) >= 32 for request in writes)


async def test_the_state_that_was_seen_last_is_the_one_that_is_named() -> None:
    async with recorder() as of, client(of) as backend:
        await backend.activate(4)
        await backend.restore(4)
        await backend.use_default()
        await backend.activate(4)
    writes = [request for request in of.requests if not request.line.startswith("GET")]
    assert [request.headers["if-match"] for request in writes] == ['"4-9"', '"4-10"', '"4-11"', '"0-12"']
    assert sum("/v1/organisation" in request.line for request in of.requests) == 1


async def test_an_enrolment_needs_no_token_and_says_no_more_than_code_and_device() -> None:
    async with recorder() as of, client(of, None) as backend:
        await backend.enrol(Secret("c"), device="Ann's laptop")
        sent = of.last("POST")
    assert "authorization" not in sent.headers
    assert json.loads(sent.body) == {"code": "c", "device": "Ann's laptop"}
    assert len(sent.headers["idempotency-key"]) >= 32


async def test_a_notification_carries_the_callers_key() -> None:
    request = NotificationRequest(kind="comment", to="ann@example.com", subject="Hello", text="Hi")
    async with recorder() as of, client(of) as backend:
        with pytest.raises(HandoffFailed):
            await backend.notify(request, key="comment-17")
        sent = of.last("POST")
    assert sent.headers["idempotency-key"] == "comment-17"
    assert json.loads(sent.body)["to"] == "ann@example.com"
    assert "if-match" not in sent.headers


async def test_this_computer_is_not_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with recorder() as proxy, recorder() as of:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with client(of) as backend:
            assert (await backend.organisation()).name == "Example"
    assert proxy.requests == []


async def test_another_computer_is_reached_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with recorder() as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        backend = HttpBackend(
            BackendAddress(url="https://notify.example.org"), token=Secret(TOKEN), network=NETWORK, pause=no_pause
        )
        with pytest.raises(HandoffFailed):
            await backend.organisation()
        await backend.close()
    assert proxy.requests
    assert all(request.line.startswith("CONNECT notify.example.org:443") for request in proxy.requests)
    assert all(TOKEN not in repr(request) for request in proxy.requests)


async def test_a_path_in_the_address_stays_in_front() -> None:
    answer = plain(json.dumps(ORGANISATION), headers='ETag: "4-9"\r\n')
    async with recorder(**{"/sendwright/v1/organisation": answer}) as of:
        of.url += "/sendwright"
        async with client(of) as backend:
            assert (await backend.organisation()).name == "Example"
    assert of.requests[0].line == "GET /sendwright/v1/organisation HTTP/1.1"


async def test_closing_twice_or_before_anything_is_fine() -> None:
    exchange = Exchange(BackendAddress(url="http://127.0.0.1:1"), token=None, network=NETWORK)
    await exchange.close()
    await exchange.close()


@pytest.mark.parametrize("wait", ["17", "0", "", "soon", "-5", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
async def test_only_whole_seconds_are_believed(wait: str) -> None:
    document = json.dumps({"status": 429, "code": "backend-too-many-attempts"})
    answer = plain(
        document.encode(),
        status="429 Slow",
        media="application/problem+json",
        headers=f"Retry-After: {wait.encode().decode('latin-1')}\r\n",
    )
    async with recorder(**{"/v1/audit": answer}) as of, client(of) as backend:
        with pytest.raises(HandoffFailed) as caught:
            await backend.audit()
    assert caught.value.evidence.retry_after_s == (float(wait) if wait in {"17", "0"} else None)


@given(text=st.text(max_size=4_000))
def test_the_words_of_a_failure_are_kept_as_they_are(text: str) -> None:
    evidence = failed("backend-not-started", text=text).evidence
    assert (evidence.stage, evidence.system, evidence.text) == ("backend", System.BACKEND, text)
    assert refused("x").evidence.reason == "x"


def test_a_key_for_sealing_is_made_for_sealing() -> None:
    assert isinstance(KEY, ECKey)
    assert KEY.as_dict(private=False)["use"] == "enc"
