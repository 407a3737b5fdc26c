"""Google's hosts are asked and no others, and its libraries ask through the program's own clients."""

import asyncio
import subprocess
import sys
import threading

import httpx
import pytest
from oauthlib.oauth2 import InvalidGrantError, MissingTokenError
from tests.unit.oauth.google.fake_google import GMAIL, LOGIN, FakeGoogle, client, refusal

from sendwright.oauth import web as oauth_web
from sendwright.oauth.apart import Asking
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.place import GooglePlace, place_of
from sendwright.oauth.google.web import run_google, server_of
from sendwright.oauth.grant import OAuthFailed

GOOGLES = {
    "accounts.google.com",
    "oauth2.googleapis.com",
    "openidconnect.googleapis.com",
    "www.googleapis.com",
    "iamcredentials.googleapis.com",
    "gmail.googleapis.com",
}


def test_google_itself_answers_at_its_own_hosts_and_nowhere_else() -> None:
    origins = server_of(GoogleClient(client_id="x")).origins
    assert {host for _, host, _ in origins} == GOOGLES
    assert {(scheme, port) for scheme, _, port in origins} == {("https", 443)}


def test_a_practice_answers_at_its_own_hosts_and_google_does_not() -> None:
    origins = server_of(client()).origins
    assert {host for _, host, _ in origins} == {"login.practice.example", "gmail.practice.example"}


def test_a_place_of_its_own_counts_instead_of_the_client_s() -> None:
    assert server_of(client(), place=GooglePlace()).origins == server_of(GoogleClient(client_id="x")).origins


@pytest.mark.parametrize("base", ["http://login.practice.example", "ftp://x", "https://user@x.example", "nonsense"])
def test_a_place_without_tls_is_nowhere(base: str) -> None:
    assert server_of(client(), place=place_of(login=base, gmail=base)).origins == frozenset()


@pytest.mark.parametrize(
    "address",
    [
        "https://login.practice.example.evil.example/token",
        "https://evil.example/login.practice.example",
        "https://login.practice.example:8443/token",
        "https://login.practice.example@evil.example/token",
        "http://login.practice.example/token",
        "https://oauth2.googleapis.com/token",
        "nonsense",
    ],
)
async def test_a_library_that_would_ask_elsewhere_asks_nothing(address: str) -> None:
    fake = FakeGoogle()
    with pytest.raises(OAuthFailed) as failure:
        await run_google(
            lambda asking: asking("POST", address, form={"code": "canary"}), server=server_of(client()), web=fake.web
        )
    assert failure.value.evidence.condition == "sign-in-service-not-recognised"
    assert fake.asked == []
    assert "canary" not in repr(failure.value.evidence)


@pytest.mark.parametrize("base", [LOGIN, GMAIL])
async def test_no_redirect_is_followed(base: str) -> None:
    asked = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": f"{base}/elsewhere"})

    def web() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(serve))

    with pytest.raises(OAuthFailed) as failure:
        await run_google(lambda asking: asking("GET", f"{base}/x"), server=server_of(client()), web=web)
    assert failure.value.evidence.condition == "sign-in-answer-not-understood"
    assert asked == [f"{base}/x"]


@pytest.mark.parametrize("error", [InvalidGrantError("canary"), MissingTokenError("canary"), ValueError("canary")])
async def test_what_a_library_cannot_take_is_told_without_its_words(error: Exception) -> None:
    def stumble(_: Asking) -> None:
        raise error

    with pytest.raises(OAuthFailed) as failure:
        await run_google(stumble, server=server_of(client()), web=FakeGoogle().web)
    assert failure.value.evidence.condition == "sign-in-answer-not-understood"
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


async def test_a_refusal_reaches_whoever_asked_and_not_the_library() -> None:
    fake, seen = FakeGoogle(answers=[refusal("invalid_grant")]), []

    def work(asking: Asking) -> None:
        try:
            asking("POST", f"{LOGIN}/token", form={"grant_type": "refresh_token"})
        except Exception as error:  # what a library might have caught
            seen.append(type(error))
            raise

    with pytest.raises(OAuthFailed) as failure:
        await run_google(work, server=server_of(client()), web=fake.web)
    assert failure.value.evidence.error == "invalid_grant"
    assert seen == [OAuthFailed]


async def test_the_libraries_work_in_a_thread_of_their_own_which_ends() -> None:
    names: list[str] = []
    await run_google(
        lambda _: names.append(threading.current_thread().name), server=server_of(client()), web=FakeGoogle().web
    )
    assert names[0].startswith("google")
    await asyncio.sleep(0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("google")]


async def test_the_client_of_the_web_is_closed_whatever_happens() -> None:
    made: list[httpx.AsyncClient] = []

    def web() -> httpx.AsyncClient:
        made.append(FakeGoogle().web())
        return made[-1]

    def stumble(_: Asking) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_google(stumble, server=server_of(client()), web=web)
    assert [one.is_closed for one in made] == [True]


def test_the_libraries_are_loaded_only_where_somebody_signs_in() -> None:
    names = "client failures library_request person place probe renew revoke scopes shown sign_in web"
    modules = ", ".join(f"sendwright.oauth.google.{name}" for name in names.split())
    check = (
        f"import sys, {modules}\n"
        "heavy = ('google.auth', 'google.oauth2', 'google_auth_oauthlib', 'requests', 'oauthlib')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], check=True, capture_output=True, text=True, env={"PYTHONPATH": "app"}
    )
    assert done.stdout.strip() == "[]"


async def test_a_form_and_what_is_no_form_reach_google_as_they_are() -> None:
    seen: list[tuple[str, bytes]] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append((request.headers["content-type"], request.content))
        return httpx.Response(200, json={})

    async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as http:
        server = server_of(client())
        await oauth_web.ask(http, "POST", f"{LOGIN}/x", server=server, form={"a": "b c"})
        headers = {"Content-Type": "application/json"}
        await oauth_web.ask(http, "POST", f"{LOGIN}/x", server=server, content=b'{"a":1}', headers=headers)
    assert seen == [("application/x-www-form-urlencoded", b"a=b+c"), ("application/json", b'{"a":1}')]
