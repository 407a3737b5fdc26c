"""Answers that are none: each ends the sign-in with a name, nothing hangs, and nothing secret is repeated."""

import json
import logging
import ssl
import warnings
from collections.abc import Callable

import httpx
import pytest
from tests.unit.oauth.google.fake_google import CLIENT_SECRET, FakeGoogle, client
from tests.unit.oauth.google.signing_in import ended, refused, started
from tests.unit.oauth.standing_in import Notes

from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import LARGEST_ANSWER
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.secret import Secret

CANARY = "canary-in-the-answer-0123456789"
REFRESH = Secret("1//canary-of-the-refresh-token-0123456789")


def good(**changed: object) -> dict[str, object]:
    answer = {"access_token": CANARY, "token_type": "Bearer", "expires_in": 3599, "scope": SEND} | changed
    return {name: value for name, value in answer.items() if value is not None}


NONSENSE: list[tuple[str, Callable[[], httpx.Response]]] = [
    ("a page", lambda: httpx.Response(200, html=f"<h1>Welcome to the hotel {CANARY}</h1>")),
    ("nothing", lambda: httpx.Response(200)),
    ("a list", lambda: httpx.Response(200, json=[CANARY])),
    ("a number", lambda: httpx.Response(200, json=7)),
    ("half an object", lambda: httpx.Response(200, text='{"access_token": "canary')),
    ("no text", lambda: httpx.Response(200, content=b"\xff\xfe\x00")),
    ("deep", lambda: httpx.Response(200, content=b"[" * 100_000)),
    ("deep in an object", lambda: httpx.Response(200, content=b'{"a":' * 100_000)),
    ("huge", lambda: httpx.Response(200, content=b"{" + b" " * LARGEST_ANSWER + b"}")),
    ("a form", lambda: httpx.Response(200, text=f"access_token={CANARY}&token_type=Bearer")),
    ("an empty object", lambda: httpx.Response(200, json={})),
    ("no token", lambda: httpx.Response(200, json=good(access_token=None))),
    ("an empty token", lambda: httpx.Response(200, json=good(access_token=""))),
    ("a token that is a number", lambda: httpx.Response(200, json=good(access_token=7))),
    ("a token that is a list", lambda: httpx.Response(200, json=good(access_token=[CANARY]))),
    ("no type", lambda: httpx.Response(200, json=good(token_type=None))),
    ("another type", lambda: httpx.Response(200, json=good(token_type="mac"))),
    ("a type that is an object", lambda: httpx.Response(200, json=good(token_type={}))),
    ("a redirect", lambda: httpx.Response(302, headers={"Location": "https://portal.example/"})),
    ("a redirect that keeps the form", lambda: httpx.Response(307, headers={"Location": "https://portal.example/"})),
    ("a block page", lambda: httpx.Response(403, text=f"blocked {CANARY}")),
]


@pytest.mark.parametrize("answer", [answer for _, answer in NONSENSE], ids=[name for name, _ in NONSENSE])
async def test_an_answer_that_is_none_is_not_understood_at_the_sign_in(answer: Callable[[], httpx.Response]) -> None:
    fake = FakeGoogle(answers=[answer()])
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert seen.condition == "sign-in-answer-not-understood"
    assert classify(seen).code == "google-answer-not-understood"
    assert CANARY not in repr(seen), "words of strangers are not shown"
    assert len(fake.forms()) == 1


@pytest.mark.parametrize("answer", [answer for _, answer in NONSENSE], ids=[name for name, _ in NONSENSE])
async def test_an_answer_that_is_none_is_not_understood_at_a_renewal(answer: Callable[[], httpx.Response]) -> None:
    fake = FakeGoogle(answers=[answer()])
    with pytest.raises(OAuthFailed) as failure:
        await renewing(client(), web=fake.web, recorder=Notes())(REFRESH, SEND)
    assert failure.value.evidence.condition == "sign-in-answer-not-understood"
    assert failure.value.__cause__ is None
    assert not [told for told in (CANARY, REFRESH.reveal()) if told in f"{failure.value!r}{failure.value.evidence!r}"]
    assert len(fake.forms()) == 1


@pytest.mark.parametrize("name", ["expires_in", "scope", "refresh_token", "refresh_token_expires_in", "expires_at"])
@pytest.mark.parametrize("value", [None, True, 7, -7, 1.5, 1e308, 10**40, "soon", "", [], [7], {}, [["a"]], {"a": 1}])
async def test_a_field_of_another_type_yields_a_person_or_a_name(name: str, value: object) -> None:
    fake = FakeGoogle(answer={name: value})
    request = await started(fake)
    parameters = fake.sign_in(request.url)
    found, failure = None, None
    try:
        found = await ended(fake, request, parameters)
    except OAuthFailed as failed:
        failure = failed
    if failure is not None:
        assert failure.evidence.condition in {"sign-in-answer-not-understood", "no-refresh-token"}
        assert failure.__cause__ is None
        return
    assert found is not None
    assert found.account.username == "alice@example.org"
    assert found.refresh_token.reveal()
    assert all(isinstance(scope, str) for scope in found.scopes)


def untrusted() -> httpx.ConnectError:
    inner = ssl.SSLCertVerificationError(1, "certificate verify failed")
    inner.verify_code = 19
    outer = httpx.ConnectError("x")
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "system", "condition"),
    [
        (httpx.ReadTimeout("x"), System.SOCKET, "connection-timed-out"),
        (httpx.RemoteProtocolError("x"), System.SOCKET, "connection-dropped"),
        (httpx.ReadError("x"), System.SOCKET, "connection-dropped"),
        (untrusted(), System.TLS, "tls-certificate-refused"),
        (httpx.ProxyError("407 Proxy Authentication Required"), System.HTTP, "proxy-refused-tunnel"),
    ],
)
async def test_a_connection_that_breaks_is_told_as_such(error: Exception, system: System, condition: str) -> None:
    fake = FakeGoogle(answers=[error, error])
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert (seen.stage, seen.system, seen.condition) == ("reach", system, condition)
    assert seen.values["host"] == "login.practice.example"
    with pytest.raises(OAuthFailed) as failure:
        await renewing(client(), web=fake.web, recorder=Notes())(REFRESH, SEND)
    assert failure.value.evidence.condition == condition
    assert failure.value.__context__ is None, "a request holds what was sent"
    assert len(fake.forms()) == 2, "nothing is tried again behind anybody's back"


async def test_what_was_sent_never_comes_back_in_the_words() -> None:
    fake = FakeGoogle()
    request = await started(fake)
    parameters = fake.sign_in(request.url)
    said = f"code {parameters['code']} verifier {request.verifier.reveal()} secret {CLIENT_SECRET} end"
    fake.answers = [httpx.Response(400, json={"error": "invalid_grant", "error_description": said})]
    seen = await refused(fake, request, parameters)
    assert seen.error == "invalid_grant"
    assert seen.text.startswith("code ")
    assert seen.text.endswith(" end")


@pytest.mark.parametrize("error", [7, None, [], {"message": "no"}, {}, "x" * 10_000, "\u202ereversed", "a\nb"])
async def test_an_error_of_any_type_is_evidence(error: object) -> None:
    words = {"error": error, "error_description": error, "error_subtype": error}
    fake = FakeGoogle(answers=[httpx.Response(400, content=json.dumps(words).encode())])
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert seen.http == 400
    assert len(repr(seen)) < 5_000
    assert "\u202e" not in repr(seen).encode().decode()


async def test_nothing_secret_is_logged_and_no_warning_is_raised(caplog: pytest.LogCaptureFixture) -> None:
    fake, recorder = FakeGoogle(granted=()), Notes()  # other scopes than were asked for: oauthlib's bare Warning
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings():
        warnings.simplefilter("error")
        logging.getLogger("requests_oauthlib.oauth2_session").setLevel(logging.DEBUG)
        request = await started(fake, recorder)
        parameters = fake.sign_in(request.url)
        found = await ended(fake, request, parameters, recorder=recorder)
        renewed = await renewing(client(), web=fake.web, recorder=recorder)(found.refresh_token, SEND)
    secrets = {
        CLIENT_SECRET,
        parameters["code"],
        request.verifier.reveal(),
        found.access.secret.reveal(),
        found.refresh_token.reveal(),
        renewed.access.secret.reveal(),
    }
    assert secrets <= recorder.learned
    assert not [secret for secret in secrets if secret in caplog.text]
    assert fake.id_token("x")[:40] not in caplog.text
