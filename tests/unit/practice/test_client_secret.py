"""An application's secret in the header of HTTP Basic."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.practice.client_secret import basic


def header(content: bytes, kind: str = "Basic") -> str:
    return f"{kind} {base64.b64encode(content).decode('ascii')}"


@pytest.mark.parametrize(
    ("said", "client_id", "secret"),
    [
        (header(b"an-id:a-secret"), "an-id", "a-secret"),
        (header(b"an-id:a-secret", "bAsIc"), "an-id", "a-secret"),
        (header(b"an-id:with:colons"), "an-id", "with:colons"),
        (header(b"an%20id:50%25+off"), "an id", "50% off"),
        (header(b"an-id"), "an-id", ""),
    ],
)
def test_id_and_secret_are_read(said: str, client_id: str, secret: str) -> None:
    assert basic(said) == {"client_id": client_id, "client_secret": secret}


@pytest.mark.parametrize(
    "said",
    ["", "Basic", "Bearer ya29.a0", header(b"an-id:a-secret", "Bearer"), "Basic an-id:a-secret", header(b"\xff:x")],
)
def test_anything_else_is_nothing(said: str) -> None:
    assert basic(said) in ({}, {"client_id": "", "client_secret": ""})


@given(st.text(max_size=200))
def test_no_header_breaks_it(said: str) -> None:
    assert set(basic(f"Basic {said}")) in (set(), {"client_id", "client_secret"})
