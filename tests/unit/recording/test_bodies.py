"""What is learned from a request, and how the body of an error is read."""

import gzip
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.bodies import LONGEST, readable, request_secrets

LONG = "cAnAry0123456789xyz"
URL = "https://example.org/"


def learned(request: httpx.Request) -> set[str]:
    return {secret.reveal() for secret in request_secrets(request)}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (httpx.Request("GET", URL, headers={"Authorization": f"Bearer {LONG}"}), LONG),
        (httpx.Request("GET", URL, headers={"Authorization": LONG}), LONG),
        (httpx.Request("GET", URL, headers={"Authorization": "Basic YW5uYTpodW50ZXIyMg=="}), "hunter22"),
        (httpx.Request("GET", URL, headers={"Cookie": f"lang=en; sid={LONG}"}), LONG),
        (httpx.Request("GET", URL, headers={"X-Api-Key": "5e1ca9a2-7c4e-4ca9-9a17-0c0ffee0ca9a"}), "5e1ca9a2-7c4e"),
        (httpx.Request("GET", f"{URL}?code={LONG}&lang=en"), LONG),
        (httpx.Request("GET", f"{URL}?sig=ab%2Bcd12"), "ab+cd12"),
        (httpx.Request("GET", "https://anna:hunter22@example.org/"), "hunter22"),
        (httpx.Request("POST", URL, data={"client_secret": "hunter22", "scope": "mail"}), "hunter22"),
        (httpx.Request("POST", URL, data={"smtp_password": "hunter22"}), "hunter22"),
        (httpx.Request("POST", URL, json={"a": [{"password": "hunter22"}], "b": 1}), "hunter22"),
        (httpx.Request("POST", URL, json={"code": LONG}), LONG),
    ],
)
def test_what_stands_in_the_place_of_a_secret_is_learned(request_: httpx.Request, expected: str) -> None:
    assert any(secret.startswith(expected) for secret in learned(request_))


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", URL, headers={"Cookie": "lang=en; theme=dark", "Accept": "text/html"}),
        httpx.Request("GET", f"{URL}?lang=en&page=12&state=open"),
        httpx.Request("POST", URL, json={"name": "Anna", "code": "IN", "password": "abc", "nothing": None}),
        httpx.Request("POST", URL, content=b"{" + b"[" * 50_000, headers={"content-type": "application/json"}),
        httpx.Request("POST", URL, content=b"\xff\xfe", headers={"content-type": "application/json"}),
        httpx.Request("POST", URL, data={"grant_type": "client_credentials", "scope": "mail.send offline_access"}),
        httpx.Request("GET", URL, headers={"Authorization": "Basic %%%"}),
    ],
)
def test_nothing_else_is_learned(request_: httpx.Request) -> None:
    assert learned(request_) == set()


def test_a_streamed_body_is_left_alone() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"password=hunter22"

    assert learned(httpx.Request("POST", URL, content=parts())) == set()


@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x/y"]))
def test_any_body_may_be_sent(body: bytes, kind: str) -> None:
    assert isinstance(learned(httpx.Request("POST", URL, content=body, headers={"content-type": kind})), set)


@pytest.mark.parametrize(
    ("body", "headers", "whole", "expected"),
    [
        (b"plain words", {}, True, "plain words"),
        (b"plain words that go on and o", {}, False, "plain words that go on and "),
        (b"onelongtokenwithoutanygap", {}, False, ""),
        (gzip.compress(b"packed", mtime=0), {"content-encoding": "gzip"}, True, "packed"),
        (zlib.compress(b"packed"), {"content-encoding": "deflate"}, True, "packed"),
        (zlib.compress(b"packed")[2:-4], {"content-encoding": "deflate"}, True, "packed"),
        (gzip.compress(b"two words" * 99, mtime=0)[:-9], {"content-encoding": "GZIP"}, False, None),
        (b"no gzip", {"content-encoding": "gzip"}, True, ""),
        (b"\x0b\x02\x80", {"content-encoding": "br"}, True, ""),
        ("ä".encode("utf-16"), {}, True, "ä"),
        (b"\xff\xff", {}, True, "\ufffd\ufffd"),
    ],
)
def test_a_body_becomes_text(body: bytes, headers: dict[str, str], whole: bool, expected: str | None) -> None:
    text = readable(body, httpx.Headers(headers), whole=whole)
    if expected is None:
        assert text.startswith("two wordstwo")
        assert text.endswith(" ")
    else:
        assert text == expected


def test_a_small_body_that_unpacks_to_a_huge_one_is_not_unpacked_whole() -> None:
    bomb = gzip.compress(b"a b " * 5_000_000)
    assert len(readable(bomb[:32_768], httpx.Headers({"content-encoding": "gzip"}), whole=False)) <= LONGEST
