"""The session of google-auth-oauthlib asks by what it is given, and by nothing else."""

import logging

import pytest
import requests
from oauthlib.oauth2 import InsecureTransportError
from tests.unit.oauth.google.fake_google import CLIENT_ID, LOGIN, REDIRECT

from sendwright.oauth.google.transport import Adapter, Flow, through
from sendwright.oauth.web import Heard

CONFIG = {
    "installed": {
        "client_id": CLIENT_ID,
        "client_secret": "",
        "auth_uri": f"{LOGIN}/o/oauth2/v2/auth",
        "token_uri": f"{LOGIN}/token",
    }
}


class Asked:
    """In the place of an Asking: keeps what it was asked, and answers always the same."""

    def __init__(self, text: str = '{"access_token": "t", "token_type": "Bearer"}') -> None:
        self.text = text
        self.asked: list[tuple[str, str, dict[str, str], dict[str, str], bytes]] = []

    def __call__(
        self, method: str, url: str, *, headers: dict[str, str], form: dict[str, str], content: bytes
    ) -> Heard:
        self.asked.append((method, url, dict(headers), dict(form), content))
        return Heard(status=200, headers={"X-Of-The-Test": "1"}, text=self.text, content={})


def flow(asked: Asked) -> Flow:
    made = Flow.from_client_config(CONFIG, scopes=["a"], redirect_uri=REDIRECT, code_verifier="v" * 64)
    return through(made, asked)


def test_a_code_is_exchanged_by_one_form() -> None:
    asked = Asked()
    assert flow(asked).fetch_token(code="4/0A", client_secret="s", include_client_id=True)["access_token"] == "t"
    ((method, url, headers, form, content),) = asked.asked
    assert (method, url, content) == ("POST", f"{LOGIN}/token", b"")
    assert form == {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": "s",
        "code": "4/0A",
        "code_verifier": "v" * 64,
        "redirect_uri": REDIRECT,
    }
    names = {name.lower() for name in headers}
    assert "authorization" not in names
    assert not names & {"content-length", "host", "connection", "accept-encoding", "transfer-encoding"}


def test_nothing_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NETRC", "/nowhere")
    session = flow(Asked()).oauth2session
    assert session.trust_env is False
    assert list(session.adapters) == ["https://"]
    assert isinstance(session.adapters["https://"], Adapter)
    assert session.proxies == {}


def test_an_address_without_tls_is_not_asked() -> None:
    asked = Asked()
    session = flow(asked).oauth2session
    with pytest.raises(InsecureTransportError):
        session.get("http://login.practice.example/x")
    plain = requests.Session()
    plain.adapters = session.adapters
    with pytest.raises(requests.exceptions.InvalidSchema):
        plain.get("http://login.practice.example/x")
    assert asked.asked == []


def test_an_answer_has_the_shape_that_requests_gives() -> None:
    asked = Asked(text='{"ä": "日本"}')
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Adapter(asked))
    with session:
        answer = session.post(f"{LOGIN}/x?y=1", data=b"\x00\x01", headers={"Content-Type": "application/octet-stream"})
    assert (answer.status_code, answer.json(), answer.headers["x-of-the-test"]) == (200, {"ä": "日本"}, "1")
    assert answer.url == f"{LOGIN}/x?y=1"
    ((_, _, _, form, content),) = asked.asked
    assert (form, content) == ({}, b"\x00\x01")


def test_a_body_of_another_kind_is_left_out_and_never_read() -> None:
    asked = Asked()
    session = requests.Session()
    session.mount("https://", Adapter(asked))
    session.post(f"{LOGIN}/x", data=iter([b"a"]))
    assert asked.asked[0][4] == b""


def test_the_logger_that_would_be_told_every_token_is_told_none(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("requests_oauthlib").setLevel(logging.DEBUG)
        logging.getLogger("requests_oauthlib.oauth2_session").setLevel(logging.DEBUG)
        asked = Asked(text='{"access_token": "canary-token", "token_type": "Bearer", "refresh_token": "canary-two"}')
        flow(asked).fetch_token(code="canary-code", client_secret="canary-secret", include_client_id=True)
    assert "canary" not in caplog.text


def test_other_scopes_than_were_asked_for_raise_a_bare_warning_with_the_token_inside() -> None:
    asked = Asked(text='{"access_token": "t", "token_type": "Bearer", "scope": "b"}')
    with pytest.raises(Warning, match="Scope has changed") as raised:
        flow(asked).fetch_token(code="4/0A", client_secret=None, include_client_id=True)
    assert type(raised.value) is Warning
    assert raised.value.token["scope"] == ["b"]
