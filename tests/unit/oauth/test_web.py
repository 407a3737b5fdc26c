"""Whichever server is asked: only where it answers, only over TLS, never a word too much of what was sent."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import LARGEST_ANSWER, SECRET_FIELDS, Server, ask, fetch, origin, read, require_origin
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor

BASE = "https://login.example.org"


def evidence_of(
    answer: Mapping[str, object],
    *,
    http: int | None = None,
    retry_after_s: float | None = None,
    values: Mapping[str, str] | None = None,
    redactor: Redactor | None = None,
) -> Evidence:
    said = (redactor or Redactor()).clean(str(answer.get("error_description", "")))
    error = str(answer["error"]) if "error" in answer else None
    return Evidence(
        stage="sign-in",
        system=System.OAUTH,
        error=error,
        http=http,
        text=said,
        values=dict(values or {}),
        retry_after_s=retry_after_s,
    )


def failed(condition: str, *, http: int | None = None, values: Mapping[str, str] | None = None) -> OAuthFailed:
    return OAuthFailed(
        Evidence(stage="sign-in", system=System.OAUTH, condition=condition, http=http, values=dict(values or {}))
    )


SERVER = Server(
    origins=frozenset({("https", "login.example.org", 443)}),
    evidence_of=evidence_of,
    failed=failed,
    identifiers=lambda response: {"request_id": response.headers.get("x-request-id", ""), "empty": ""},
)


def serving(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


async def asked(answer: httpx.Response, **how: Any) -> Any:  # noqa: ANN401 - as ask has it
    async with serving(lambda _: answer) as client:
        return await ask(client, how.pop("method", "POST"), f"{BASE}/token", server=SERVER, **how)


async def refused(answer: httpx.Response, **how: Any) -> Evidence:  # noqa: ANN401 - as ask has it
    with pytest.raises(OAuthFailed) as failure:
        await asked(answer, **how)
    return failure.value.evidence


async def test_an_answer_is_handed_on_whole() -> None:
    heard = await asked(httpx.Response(200, json={"a": [1, "ä"]}, headers={"X-One": "1"}), form={"x": "y"})
    assert (heard.status, heard.content, heard.headers["x-one"]) == (200, {"a": [1, "ä"]}, "1")
    assert heard.text.startswith("{")


@pytest.mark.parametrize(
    ("how", "body", "kind"),
    [
        ({"form": {"a": "b c", "d": "é"}}, b"a=b+c&d=%C3%A9", "application/x-www-form-urlencoded"),
        ({"content": b"{}", "headers": {"Content-Type": "application/json"}}, b"{}", "application/json"),
        ({"method": "GET", "form": {"a": "b"}}, b"", None),
    ],
)
async def test_what_is_asked_goes_as_it_is(how: dict[str, Any], body: bytes, kind: str | None) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    async with serving(answer) as client:
        await ask(client, how.pop("method", "POST"), f"{BASE}/token", server=SERVER, **how)
    assert (seen[0].content, seen[0].headers.get("content-type")) == (body, kind)


@pytest.mark.parametrize("name", SECRET_FIELDS)
async def test_no_field_that_signs_in_comes_back_in_the_words(name: str) -> None:
    secret = f"canary-of-{name}-0123456789"
    answer = httpx.Response(400, json={"error": "x", "error_description": f"not {secret} this"})
    seen = await refused(answer, form={name: secret})
    assert "canary" not in repr(seen)
    assert seen.text.startswith("not ")


async def test_the_identifiers_of_the_event_are_told_where_there_are_any() -> None:
    headers = {"X-Request-Id": "r" * 500, "Retry-After": "9"}
    seen = await refused(httpx.Response(503, headers=headers))
    assert seen.values == {"request_id": "r" * 100}
    assert (seen.http, seen.retry_after_s) == (503, 9.0)


async def test_an_error_inside_of_a_success_is_one() -> None:
    seen = await refused(httpx.Response(200, json={"error": "server_error"}))
    assert (seen.error, seen.http) == ("server_error", None)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text=""),
        httpx.Response(200, json=[]),
        httpx.Response(302, headers={"Location": f"{BASE}/x"}),
        httpx.Response(404, text="<html>"),
        httpx.Response(200, content=b"x" * (LARGEST_ANSWER + 1)),
    ],
)
async def test_what_is_no_answer_is_not_understood(answer: httpx.Response) -> None:
    seen = await refused(answer)
    assert (seen.condition, seen.http) == ("sign-in-answer-not-understood", answer.status_code)


async def test_a_connection_that_breaks_leaves_nothing_of_the_request_behind() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("canary", request=request)

    async with serving(answer) as client:
        with pytest.raises(OAuthFailed) as failure:
            await ask(client, "POST", f"{BASE}/token", server=SERVER, form={"code": "canary"})
    assert (failure.value.evidence.stage, failure.value.evidence.values) == (
        "reach",
        {"host": "login.example.org", "port": "443"},
    )
    assert (failure.value.__cause__, failure.value.__context__) == (None, None)


@pytest.mark.parametrize(
    "address", ["http://login.example.org/x", "https://login.example.org:444/x", "https://a@login.example.org", "x", ""]
)
async def test_another_place_is_never_asked(address: str) -> None:
    with pytest.raises(OAuthFailed) as failure:
        require_origin(address, SERVER)
    assert failure.value.evidence.condition == "sign-in-service-not-recognised"

    def answer(_: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    async with serving(answer) as client:
        with pytest.raises(OAuthFailed):
            await fetch(client, "GET", address, server=SERVER)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (f"{BASE}/a?b#c", ("https", "login.example.org", 443)),
        ("https://LOGIN.example.org:443", ("https", "login.example.org", 443)),
        ("https://[::1]:8443/", ("https", "::1", 8443)),
        ("http://login.example.org", None),
        ("https://", None),
        ("https://\x00/", None),
    ],
)
def test_a_place_is_scheme_host_and_port(address: str, place: tuple[str, str, int] | None) -> None:
    assert origin(address) == place


async def test_whatever_was_fetched_can_be_read_afterwards() -> None:
    async with serving(lambda _: httpx.Response(400, json={"error": "invalid_token"})) as client:
        response, body = await fetch(client, "POST", f"{BASE}/revoke", server=SERVER, form={"token": "t"})
    with pytest.raises(OAuthFailed) as failure:
        read(response, body, server=SERVER, form={"token": "t"})
    assert (failure.value.evidence.error, failure.value.evidence.http) == ("invalid_token", 400)
