"""The client before whatever else may listen at the address: portals, other versions, silence, floods."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from tests.servers.ports import Address
from tests.unit.handoff.served import Strange, always, client_of, plain, strange_server
from tests.unit.service.backend_kit import PROFILE

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.exchange import LARGEST_ANSWER
from sendwright.handoff.wire import NotificationRequest
from sendwright.network.system import system_network
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret

PROBLEM = "application/problem+json"
ORGANISATION = {
    "name": "Example",
    "workspaces": ["a"],
    "default_sender": {"address": "a@example.org", "alias": "A"},
    "in_force": None,
    "api_version": 1,
}
NOTIFICATION = NotificationRequest(kind="comment", to="ann@example.com", subject="Hello", text="Hello")


async def evidence_of(url: str, ask: Callable[[HttpBackend], Awaitable[object]] | None = None) -> Evidence:
    client = client_of(url, "canary-token")
    try:
        with pytest.raises(HandoffFailed) as caught:
            await (ask or HttpBackend.organisation)(client)
    finally:
        await client.close()
    assert "canary" not in repr(caught.value.evidence)
    return caught.value.evidence


def problem(status: int, code: str, **more: str) -> bytes:
    document = json.dumps({"status": status, "code": code, "title": "Title", "detail": "$.x"})
    headers = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
    return plain(document, status=f"{status} X", media=PROBLEM, headers=headers)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (plain("<html>Sign in to the hotel</html>", media="text/html"), "backend-not-recognised"),
        (plain("<html>gone</html>", status="404 Not Found", media="text/html"), "backend-not-recognised"),
        (
            plain("", status="302 Found", media="text/html", headers="Location: https://portal.example.com/\r\n"),
            "backend-not-recognised",
        ),
        (plain("<html>", status="401 Unauthorized", media="text/html"), "backend-not-recognised"),
        (plain("hello", media="text/plain"), "backend-not-recognised"),
        (plain("not json", status="400 Bad", media=PROBLEM), "backend-not-recognised"),
        (plain("<html>", status="502 Bad Gateway", media="text/html"), "backend-fault"),
        (plain("<html>", status="503 Unavailable", media="text/html"), "backend-busy"),
        (plain("not json"), "backend-version-unsupported"),
        (plain("[]"), "backend-version-unsupported"),
        (plain(json.dumps({"api_version": 2})), "backend-version-unsupported"),
        (plain(json.dumps({**ORGANISATION, "api_version": 2})), "backend-version-unsupported"),
        (plain(json.dumps({**ORGANISATION, "in_force": "yes"})), "backend-version-unsupported"),
        (plain(json.dumps({"version": "1"})), "backend-version-unsupported"),
        (problem(404, "backend-not-found"), "backend-version-unsupported"),
        (problem(401, "backend-not-signed-in"), "backend-refused-token"),
        (problem(507, "storage-full"), "backend-storage-full"),
        (problem(500, "backend-fault"), "backend-fault"),
        (problem(418, "never-heard-of"), "unrecognised"),
        (b"220 mail.example.org ESMTP\r\n", "backend-unreachable"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "backend-unreachable"),
        (b"", "backend-unreachable"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{", "backend-unreachable"),
        (plain("x" * (LARGEST_ANSWER + 1)), "backend-not-recognised"),
    ],
    ids=range(24),
)
async def test_whatever_answers_is_explained(answer: bytes, code: str) -> None:
    async with strange_server(always(answer)) as strange:
        evidence = await evidence_of(strange.url)
    assert evidence.stage == "backend"
    assert classify(evidence).code == code
    assert "html" not in evidence.text


async def test_a_redirect_is_not_followed() -> None:
    async with strange_server(always(plain(json.dumps(ORGANISATION)))) as other:
        moved = plain("", status="307 Moved", headers=f"Location: {other.url}/v1/organisation\r\n")
        async with strange_server(always(moved)) as strange:
            await evidence_of(strange.url)
    assert other.requests == []


async def test_nobody_listening_is_unreachable(closed_port: Address) -> None:
    evidence = await evidence_of(f"http://127.0.0.1:{closed_port.port}")
    assert (evidence.condition, evidence.errno) == ("connection-refused", "ECONNREFUSED")
    assert evidence.values == {"host": "127.0.0.1", "port": str(closed_port.port)}
    assert classify(evidence).code == "backend-unreachable"


async def test_where_nobody_listens_no_test_message_was_sent(closed_port: Address) -> None:
    evidence = await evidence_of(
        f"http://127.0.0.1:{closed_port.port}", lambda client: anext(client.test(1, to="ann@example.com"))
    )
    assert not evidence.perhaps_sent


async def test_a_name_that_does_not_exist_is_unreachable() -> None:
    evidence = await evidence_of("https://backend.invalid")
    assert evidence.system == "dns"
    assert classify(evidence).code == "backend-unreachable"


async def test_silence_ends_in_time() -> None:
    async def silent(writer: asyncio.StreamWriter, number: int) -> None:
        await asyncio.sleep(30)

    async with strange_server(silent) as strange:
        client = client_of(strange.url, "t", network=system_network(timeout_s=0.2))
        began = asyncio.get_running_loop().time()
        with pytest.raises(HandoffFailed) as caught:
            await client.organisation()
        await client.close()
        assert asyncio.get_running_loop().time() - began < 3
    assert caught.value.evidence.condition == "connection-timed-out"
    assert classify(caught.value.evidence).code == "backend-unreachable"


async def test_a_problem_document_is_carried_whole() -> None:
    async with strange_server(always(problem(429, "backend-too-many-attempts", Retry_After="17"))) as strange:
        evidence = await evidence_of(strange.url)
    assert (evidence.http, evidence.reason, evidence.retry_after_s) == (429, "backend-too-many-attempts", 17.0)
    assert evidence.text == "Title $.x"


ASKS: list[tuple[str, Callable[[HttpBackend], Awaitable[object]], bool]] = [
    ("GET /v1/organisation", lambda client: client.organisation(), True),
    ("GET /v1/profiles", lambda client: client.profiles(), True),
    ("GET /v1/audit", lambda client: client.audit(), True),
    ("GET /v1/notifications/a%2Fb", lambda client: client.notification("a/b"), True),
    ("GET /v1/notifications?state=failed", lambda client: client.notifications(state="failed"), True),
    ("POST /v1/notifications", lambda client: client.notify(NOTIFICATION, key="k"), True),
    ("POST /v1/enrolments", lambda client: client.enrol(Secret("code"), device="d"), True),
    ("POST /v1/profiles/1/test", lambda client: anext(client.test(1, to=None)), False),
]


@pytest.mark.parametrize(("line", "ask", "repeated"), ASKS, ids=[ask[0] for ask in ASKS])
async def test_only_what_is_harmless_is_asked_again(
    line: str, ask: Callable[[HttpBackend], Awaitable[object]], *, repeated: bool
) -> None:
    async with strange_server(always(plain("", status="503 Busy", media="text/html"))) as strange:
        await evidence_of(strange.url, ask)
    assert strange.requests == [f"{line} HTTP/1.1"] * (3 if repeated else 1)


@pytest.mark.parametrize("first", [b"", plain("", status="503 Busy"), plain("", status="502 Bad")])
async def test_a_passing_trouble_is_not_noticed(first: bytes) -> None:
    async def second_time(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(first if number == 0 else plain(json.dumps(ORGANISATION), headers='ETag: "0-0"\r\n'))

    async with strange_server(second_time) as strange:
        client = client_of(strange.url, "t")
        assert (await client.organisation()).name == "Example"
        await client.close()
    assert len(strange.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 409, 412, 422, 429, 500, 507])
async def test_a_refusal_is_not_asked_again(status: int) -> None:
    async with strange_server(always(problem(status, "backend-fault"))) as strange:
        await evidence_of(strange.url)
    assert len(strange.requests) == 1


def stream(*lines: str) -> bytes:
    return plain("".join(line + "\n" for line in lines), media="application/x-ndjson")


STAGE = '{"id":"resolve","verdict":"passed","took_ms":1.0}'


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        (stream(STAGE), "connection-dropped"),
        (stream(), "connection-dropped"),
        (stream(STAGE, '{"verdict":"splendid"}'), "backend-version-unsupported"),
        (stream(STAGE, "nonsense"), "backend-version-unsupported"),
        (stream('{"id":"resolve","verdict":7}'), "backend-version-unsupported"),
        (plain("{}"), "backend-not-recognised"),
        (stream("x" * (LARGEST_ANSWER + 1)), "backend-not-recognised"),
    ],
)
async def test_a_strange_stream_of_stages_is_explained(answer: bytes, condition: str) -> None:
    async def ask(client: HttpBackend) -> None:
        async for _ in client.test(1, to=None):
            pass

    async with strange_server(always(answer)) as strange:
        assert (await evidence_of(strange.url, ask)).condition == condition


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}])
async def test_nothing_is_staged_without_a_key_to_seal_for(keys: object) -> None:
    async with strange_server(always(plain(json.dumps(keys)))) as strange:
        evidence = await evidence_of(
            strange.url, lambda client: client.stage(PROFILE, {"password": Secret("canary")}, key="k")
        )
        only_keys(strange)
    assert evidence.condition == "backend-key-unsuitable"


def only_keys(strange: Strange) -> None:
    assert strange.requests == ["GET /v1/keys HTTP/1.1"]
