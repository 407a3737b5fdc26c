"""Canaries through HTTP: in every place of a request, repeated in every place of an answer."""

import gzip
import json
from collections.abc import Callable
from urllib.parse import quote

import httpx
import msgspec
import pytest
from tests.unit.recording.canaries import FORMS, KINDS, leaks
from tests.unit.recording.everything_shown import of_recorder

from sendwright.recording.redactor import Redactor
from sendwright.recording.web import RecordingTransport
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret

URL = "https://login.example.org/token"
REPEATED = (
    "in words",
    "URL",
    "JSON",
    "HTML",
    "base64",
    "SASL PLAIN",
    "hex",
    "base64 of UTF-16 little-endian",
    "Python",
)

WRITABLE = {kind: secret for kind, secret in KINDS.items() if secret.isascii() and secret.isprintable()}
"""What can stand in a header field as it is."""

Ask = Callable[[httpx.AsyncClient, str], httpx.Request]


def _octets(secret: str) -> str:
    return quote(secret.encode("utf-8", "surrogatepass"), safe="")


REQUESTS: dict[str, Ask] = {
    "bearer": lambda client, s: client.build_request("GET", URL, headers={"Authorization": f"Bearer {s}"}),
    "basic": lambda client, s: client.build_request("GET", URL, headers={"Authorization": FORMS["Basic"](s)}),
    "proxy": lambda client, s: client.build_request("GET", URL, headers={"Proxy-Authorization": FORMS["Basic"](s)}),
    "cookie": lambda client, s: client.build_request("GET", URL, headers={"Cookie": f"lang=en; session={s}"}),
    "key": lambda client, s: client.build_request("GET", URL, headers={"X-Api-Key": s}),
    "query": lambda client, s: client.build_request("GET", f"{URL}?lang=en&code={_octets(s)}&state={_octets(s)}"),
    "signature": lambda client, s: client.build_request("GET", f"{URL}?sv=1&sig={_octets(s)}"),
    "address": lambda client, s: client.build_request("GET", f"https://anna:{_octets(s)}@example.org/"),
    "form": lambda client, s: client.build_request(
        "POST",
        URL,
        content=f"grant_type=password&password={_octets(s)}&client_secret={_octets(s)}",
        headers={"content-type": "application/x-www-form-urlencoded"},
    ),
    "json": lambda client, s: client.build_request("POST", URL, json={"a": [{"password": s, "refresh_token": s}]}),
}


def server(secret: str, *, status: int = 400, packed: bool = False) -> httpx.MockTransport:
    """A server that puts what it was told wherever it can."""
    safe = quote(secret.encode("utf-8", "surrogatepass"), safe="~.-_/!*")

    def answer(_: httpx.Request) -> httpx.Response:
        body = {
            "error": "invalid_grant",
            "error_description": "AADSTS50126: wrong password. Trace ID: 5e1c",
            **{form: FORMS[form](secret) for form in REPEATED},
        }
        content = json.dumps(body).encode()
        headers = {
            "content-type": "application/json",
            "location": f"https://example.org/cb?code={safe}&error=access_denied",
            "set-cookie": f"session={safe}; Path=/",
            "www-authenticate": f'Bearer realm="x", error_description="{safe}"',
            "request-id": "11112222-3333-4444-5555-666677778888",
            "server": f"example {safe}",
        }
        if packed:
            content, headers["content-encoding"] = gzip.compress(content), "gzip"
        return httpx.Response(status, headers=headers, content=content)

    return httpx.MockTransport(answer)


async def exchange(recorder: WireRecorder, ask: Ask, secret: str, answers: httpx.AsyncBaseTransport) -> httpx.Response:
    async with httpx.AsyncClient(transport=RecordingTransport(answers, recorder)) as client:
        return await client.send(ask(client, secret))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["query", "signature", "address", "form"])
async def test_a_known_secret_is_cut_out_of_the_request_and_of_every_answer(place: str, kind: str) -> None:
    secret, recorder = KINDS[kind], WireRecorder()
    recorder.learn(Secret(secret))
    response = await exchange(recorder, REQUESTS[place], secret, server(secret, packed=place == "query"))
    seen = of_recorder(recorder)
    assert not leaks(seen, secret)
    assert "AADSTS50126" in seen
    assert "11112222-3333-4444-5555-666677778888" in seen
    assert [event.name for event in recorder.events] == ["said", "heard", "body"]
    assert response.json()["error"] == "invalid_grant"  # what the program itself reads is whole


@pytest.mark.parametrize("place", REQUESTS)
@pytest.mark.parametrize(
    "kind", [kind for kind, secret in WRITABLE.items() if len(secret) >= 16 and not set(secret) & set(" ;<")]
)
async def test_what_signs_a_request_in_is_learned_from_its_place(place: str, kind: str) -> None:
    secret, recorder = WRITABLE[kind], WireRecorder()
    if place in {"cookie", "bearer", "key", "query"} and not any(map(str.isdigit, secret)):
        recorder.learn(Secret(secret))  # a word is not learned from a place where words stand too
    await exchange(recorder, REQUESTS[place], secret, server(secret))
    assert not leaks(of_recorder(recorder), secret)
    assert recorder.secrets


@pytest.mark.parametrize("kind", KINDS)
async def test_the_words_of_an_exception_are_cut(kind: str) -> None:
    secret, recorder = KINDS[kind], WireRecorder()
    recorder.learn(Secret(secret))

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"cannot reach {request.url}: {FORMS['SASL PLAIN'](secret)} {secret}")

    with pytest.raises(httpx.ConnectError):
        await exchange(recorder, REQUESTS["query"], secret, httpx.MockTransport(fail))
    assert not leaks(of_recorder(recorder), secret)
    assert [event.name for event in recorder.events] == ["said", "failed"]


@pytest.mark.parametrize("status", [200, 204, 302])
async def test_no_body_of_an_answer_that_is_no_error_is_kept(status: int) -> None:
    recorder = WireRecorder()
    body = json.dumps({"access_token": "unknown canary", "note": "plain words"}).encode()
    answers = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    await exchange(recorder, REQUESTS["form"], KINDS["password"], answers)
    assert "canary" not in of_recorder(recorder)
    assert "plain words" not in of_recorder(recorder)


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_backend_that_repeats_its_token_are_cut(kind: str) -> None:
    redactor = Redactor()
    redactor.learn(secret=KINDS[kind])
    for form in FORMS.values():
        said = redactor.clean(
            msgspec.json.encode({"detail": form(KINDS[kind]).encode("utf-8", "replace").decode()}).decode()
        )
        assert not leaks(said, KINDS[kind])
