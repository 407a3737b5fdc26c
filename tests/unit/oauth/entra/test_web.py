"""What the sign-in host answers, and what it means when it does not."""

import socket
import ssl

import httpx
import pytest
from tests.unit.oauth.entra.fake_entra import CLIENT, LOGIN, registration

from sendwright.oauth.entra.web import ask, require_login
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import LARGEST_ANSWER, origin
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System

URL = f"{LOGIN}/organizations/v2.0/.well-known/openid-configuration"


async def failure_of(answer: httpx.Response | Exception, *, form: dict[str, str] | None = None) -> Evidence:
    def serve(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as client:
        with pytest.raises(OAuthFailed) as failure:
            await ask(client, "POST" if form else "GET", URL, registration=registration(), form=form or {})
    assert (failure.value.__cause__, failure.value.__context__) == (None, None)  # a request holds what was sent
    return failure.value.evidence


def below(outer: httpx.HTTPError, inner: BaseException) -> httpx.HTTPError:
    outer.__cause__ = inner
    return outer


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = 19
    return error


UNANSWERED = [
    (below(httpx.ConnectError("x"), OSError(-2, "name")), System.SOCKET, "connection-failed"),
    (below(httpx.ConnectError("x"), ConnectionRefusedError(111, "refused")), System.SOCKET, "connection-refused"),
    (httpx.ConnectTimeout("x"), System.SOCKET, "connection-timed-out"),
    (httpx.ReadTimeout("x"), System.SOCKET, "connection-timed-out"),
    (httpx.RemoteProtocolError("x"), System.SOCKET, "connection-dropped"),
    (below(httpx.ConnectError("x"), untrusted()), System.TLS, "tls-certificate-refused"),
    (httpx.ProxyError("407 Proxy Authentication Required"), System.HTTP, "proxy-refused-tunnel"),
    (httpx.ProxyError("proxy-unreachable"), System.SOCKET, "proxy-unreachable"),
]


@pytest.mark.parametrize(("error", "system", "condition"), UNANSWERED)
async def test_no_answer_is_named_by_what_failed_below(error: Exception, system: System, condition: str) -> None:
    seen = await failure_of(error)
    assert (seen.stage, seen.system, seen.condition) == ("reach", system, condition)
    assert (seen.values["host"], seen.values["port"]) == ("login.practice.example", "443")
    assert classify(seen).code != "unrecognised"


async def test_a_name_that_does_not_resolve_is_told_as_such() -> None:
    seen = await failure_of(below(httpx.ConnectError("x"), socket.gaierror(-2, "Name or service not known")))
    assert (seen.system, seen.condition) == (System.DNS, "dns-resolver-failed")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<h1>Sign in to the hotel's network</h1>"),
        httpx.Response(200, json=["no", "object"]),
        httpx.Response(200, content=b"\xff\xfe{}"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(302, headers={"Location": "https://portal.example/"}),
        httpx.Response(403, text="blocked by policy"),
        httpx.Response(200, content=b"{" + b" " * LARGEST_ANSWER + b"}"),
    ],
)
async def test_what_is_no_answer_of_microsoft_is_not_understood(answer: httpx.Response) -> None:
    seen = await failure_of(answer)
    assert seen.condition == "sign-in-answer-not-understood"
    assert seen.http == answer.status_code
    assert not seen.text, "words of strangers are not shown"
    assert classify(seen).code == "sign-in-answer-not-understood"


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "sign-in-service-throttled"), (500, "sign-in-service-unavailable"), (503, "sign-in-service-unavailable")],
)
@pytest.mark.parametrize("body", ["", "<html>", "{}"])
async def test_an_answer_without_a_cause_is_told_by_its_status(status: int, code: str, body: str) -> None:
    headers = {"Retry-After": "17", "x-ms-request-id": "r-1"}
    seen = await failure_of(httpx.Response(status, text=body, headers=headers))
    assert (seen.http, seen.retry_after_s, seen.values["request_id"]) == (status, 17.0, "r-1")
    problem = classify(seen)
    assert problem.code == code
    assert problem.values["wait_s"] == "17"


@pytest.mark.parametrize("after", ["", "soon", "-5", "1.5", "²"])
async def test_a_time_to_wait_that_is_none_is_left_out(after: str) -> None:
    seen = await failure_of(httpx.Response(429, headers=[(b"Retry-After", after.encode())]))
    assert seen.retry_after_s is None


async def test_a_time_to_wait_may_be_a_date() -> None:
    headers = {"Retry-After": "Fri, 20 Nov 2026 10:01:30 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}
    seen = await failure_of(httpx.Response(429, headers=headers))
    assert seen.retry_after_s == 90.0


async def test_what_was_sent_never_comes_back_in_the_words() -> None:
    secrets = {name: f"secret-{name}-of-some-length" for name in ("code", "refresh_token", "client_secret")}
    said = " ".join(secrets.values())
    answer = httpx.Response(400, json={"error": "invalid_grant", "error_description": f"AADSTS70000: {said}"})
    seen = await failure_of(answer, form=secrets | {"client_id": CLIENT})
    assert seen.number == 70000
    assert not [secret for secret in secrets.values() if secret in repr(seen)]


@pytest.mark.parametrize(
    "address",
    [
        "http://login.practice.example/x",
        "https://login.practice.example.evil.example/",
        "https://evil/",
        "",
        "x",
        "//a",
    ],
)
async def test_nothing_is_asked_of_another_place(address: str) -> None:
    with pytest.raises(OAuthFailed) as failure:
        require_login(address, registration())
    assert failure.value.evidence.condition == "sign-in-service-not-recognised"


@pytest.mark.parametrize("login", ["http://localhost:8080", "ftp://x", "localhost"])
def test_a_sign_in_host_without_tls_is_none(login: str) -> None:
    with pytest.raises(OAuthFailed):
        require_login(f"{login}/organizations", registration(login=login))


def test_without_another_login_only_the_cloud_s_own_host_is_asked() -> None:
    place = registration(login="", cloud="china")
    require_login("https://login.partner.microsoftonline.cn/x", place)
    with pytest.raises(OAuthFailed):
        require_login("https://login.microsoftonline.com/x", place)


def test_an_older_name_of_the_host_is_the_same_host_and_only_for_its_own_cloud() -> None:
    older = "https://login.chinacloudapi.cn/x"
    require_login(older, registration(login="", cloud="china"))
    for other in (registration(login="", cloud="global"), registration(cloud="china")):
        with pytest.raises(OAuthFailed):
            require_login(older, other)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://a.example/x", ("https", "a.example", 443)),
        ("https://A.example:443", ("https", "a.example", 443)),
        ("https://a.example:8443/", ("https", "a.example", 8443)),
        ("http://a.example", None),
        ("https://user:pw@a.example", None),
        ("https://", None),
        ("https://a.example:x/", None),
        ("", None),
    ],
)
def test_an_origin_is_https_or_none(address: str, found: object) -> None:
    assert origin(address) == found
