"""Browsers at a simulated service: told apart by a cookie, answered so that nothing foreign runs."""

from typing import Any, cast

import httpx
import pytest
from litestar import HttpMethod, Litestar, Response, route
from litestar.exceptions import HTTPException

from sendwright.practice.answers import Page, Redirect
from sendwright.practice.browsing import COOKIE, AnyRequest, Browsers, agent, answered, as_json, form, plain


def application() -> Litestar:
    browsers: Browsers[list[str]] = Browsers(list)

    async def page(request: AnyRequest) -> Response[Any]:
        name, seen = browsers.of(request)
        seen.append(request.method)
        said = await form(request)
        return answered(Page(html=f"{len(seen)} {sorted(said.items())} {agent(request)}"), name)

    async def away(request: AnyRequest) -> Response[Any]:
        return answered(Redirect(url=f"http://127.0.0.1:5000/?{request.url.query}"))

    async def scripted(request: AnyRequest) -> Response[Any]:
        del request
        return answered(Page(html="x", script="a-nonce", status=403))

    both, get = [HttpMethod.GET, HttpMethod.POST], HttpMethod.GET
    routes = [
        route("/", http_method=both)(page),
        route("/away", http_method=get)(away),
        route("/scripted", http_method=get)(scripted),
    ]
    return Litestar(routes, exception_handlers={HTTPException: plain}, logging_config=None, openapi_config=None)


@pytest.fixture
def served() -> Litestar:
    return application()


def browser(served: Litestar) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(cast("Any", served))
    return httpx.AsyncClient(transport=transport, base_url="https://localhost", headers={"user-agent": "A"})


async def test_each_browser_has_a_session_of_its_own(served: Litestar) -> None:
    async with browser(served) as one, browser(served) as other:
        assert [(await one.get("/")).text[0] for _ in range(2)] == ["1", "2"]
        assert (await other.get("/")).text[0] == "1"
        assert one.cookies[COOKIE] != other.cookies[COOKIE]


async def test_a_made_up_session_is_none(served: Litestar) -> None:
    async with browser(served) as one:
        response = await one.get("/", headers={"cookie": f"{COOKIE}=made-up"})
        assert response.text[0] == "1"
        cookie = response.headers["set-cookie"].lower()
        assert "made-up" not in cookie
        assert all(word in cookie for word in ("secure", "httponly", "samesite=lax"))


async def test_a_form_is_read_where_it_was_posted_only(served: Litestar) -> None:
    async with browser(served) as one:
        assert "[('a', '1'), ('b', 'é')] A" in (await one.post("/", data={"a": "1", "b": "é"})).text
        assert "[] A" in (await one.get("/?a=1")).text


async def test_a_page_may_run_its_one_script_and_load_nothing(served: Litestar) -> None:
    async with browser(served) as one:
        usual, scripted = await one.get("/"), await one.get("/scripted")
        assert usual.headers["content-security-policy"].startswith("default-src 'none';")
        assert "script-src" not in usual.headers["content-security-policy"]
        assert "script-src 'nonce-a-nonce'" in scripted.headers["content-security-policy"]
        assert scripted.status_code == 403
        assert {one.headers["cache-control"] for one in (usual, scripted)} == {"no-store"}


async def test_whoever_is_sent_away_gets_no_cookie_without_a_session(served: Litestar) -> None:
    async with browser(served) as one:
        response = await one.get("/away?state=s")
        assert (response.status_code, response.headers["location"]) == (302, "http://127.0.0.1:5000/?state=s")
        assert "set-cookie" not in response.headers


async def test_an_unknown_address_is_answered_in_plain_words(served: Litestar) -> None:
    async with browser(served) as one:
        response = await one.get("/nowhere")
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (404, "text/plain")


def test_a_program_is_answered_what_nobody_keeps() -> None:
    response = as_json({"error": "x"}, status=400)
    assert (response.status_code, response.headers["cache-control"]) == (400, "no-store")
