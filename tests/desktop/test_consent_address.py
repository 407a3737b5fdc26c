import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.desktop.consent.address import host_of, may_open, origin_of, where
from sendwright.oauth.callback import LONGEST_ADDRESS


@pytest.mark.parametrize(
    "address",
    ["https://login.microsoftonline.com/", "https://login.microsoftonline.us/a?b=c#d", "https://localhost:44321/x"],
)
def test_encrypted_addresses_may_be_opened(address: str) -> None:
    assert may_open(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://login.microsoftonline.com/",
        "file:///etc/passwd",
        "data:text/html,hello",
        "javascript:alert(1)",
        "about:blank",
        "blob:https://example.org/1",
        "view-source:https://example.org/",
        "chrome://gpu",
        "qrc:/x",
        "ms-appinstaller:?source=https://example.org",
        "mailto:a@example.org",
        "ftp://example.org/",
        "ws://example.org/",
        "https:///no-host",
        "https://",
        "https://login.microsoftonline.com@example.org/",
        "https://name:word@login.microsoftonline.com/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/" + "x" * LONGEST_ADDRESS,
    ],
)
def test_nothing_else_may_be_opened(address: str) -> None:
    assert not may_open(address)


@given(address=st.text())
def test_no_address_whatever_raises(address: str) -> None:
    assert may_open(address) in {True, False}
    assert isinstance(host_of(address), str)
    assert isinstance(where(address), str)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://login.microsoftonline.com/x", "login.microsoftonline.com"),
        ("https://LOGIN.microsoftonline.com.evil.example/x", "login.microsoftonline.com.evil.example"),
        ("https://login.microsoftonline.com:443/", "login.microsoftonline.com"),
        ("https://localhost:44321/", "localhost:44321"),
        ("https://192.0.2.1/", "192.0.2.1"),
        ("https://name@login.microsoftonline.com/", "login.microsoftonline.com"),
        ("https://lоgin.microsoftonline.com/", "xn--lgin-55d.microsoftonline.com"),  # noqa: RUF001 - the point of it
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("about:blank", ""),
        ("", ""),
    ],
)
def test_the_host_is_shown_in_full_as_it_goes_over_the_wire(address: str, host: str) -> None:
    assert host_of(address) == host


def test_where_it_is_is_told_without_what_came_along() -> None:
    assert where("https://login.microsoftonline.com/a/b?code=secret#token") == "login.microsoftonline.com/a/b"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://login.microsoftonline.com/a?b#c", "https://login.microsoftonline.com"),
        ("https://localhost:44321/", "https://localhost:44321"),
        ("http://login.microsoftonline.com/", ""),
        ("about:blank", ""),
    ],
)
def test_only_what_is_encrypted_has_an_origin(address: str, origin: str) -> None:
    assert origin_of(address) == origin
