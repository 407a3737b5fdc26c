"""What browsers ask a simulated service, and how it answers them over HTTP."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from litestar import HttpMethod, Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from sendwright.practice.answers import Answer, Redirect

COOKIE: Final = "practice-session"

AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")


class Browsers(Generic[T]):
    """The sessions of browsers, told apart by a cookie. made: what is kept of a new one."""

    def __init__(self, made: Callable[[], T]) -> None:
        self._made = made
        self._known: dict[str, T] = {}

    def of(self, request: AnyRequest) -> tuple[str, T]:
        """Return the session's name, which goes into the cookie, and what is kept of it."""
        name = request.cookies.get(COOKIE, "")
        if name not in self._known:
            name = secrets.token_urlsafe(18)
            self._known[name] = self._made()
        return name, self._known[name]


async def form(request: AnyRequest) -> dict[str, str]:
    """Return the fields of a form that was posted."""
    if request.method != HttpMethod.POST:
        return {}
    fields: Mapping[str, Any] = await request.form()
    return {name: str(value) for name, value in fields.items()}


def agent(request: AnyRequest) -> str:
    """Return what the browser calls itself."""
    return str(request.headers.get("user-agent", ""))


def as_json(body: object, *, status: int = 200) -> Response[Any]:
    """Answer a program."""
    return Response(body, status_code=status, headers={"cache-control": "no-store"}, media_type="application/json")


def plain(_: AnyRequest, error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses: an unknown address, say."""
    return Response(error.detail, status_code=error.status_code, media_type="text/plain")


def answered(answer: Answer, browser: str = "") -> Response[Any]:
    """Answer a browser. browser: name of its session, empty for none."""
    cookies = [Cookie(key=COOKIE, value=browser, secure=True, httponly=True, samesite="lax")] if browser else []
    headers = {"cache-control": "no-store"}
    if isinstance(answer, Redirect):
        return Response(b"", status_code=302, headers=headers | {"location": answer.url}, cookies=cookies)
    script = f" script-src 'nonce-{answer.script}';" if answer.script else ""
    headers["content-security-policy"] = f"default-src 'none'; style-src 'unsafe-inline';{script} base-uri 'none'"
    return Response(answer.html, status_code=answer.status, headers=headers, cookies=cookies, media_type="text/html")
