import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.desktop.consent.address import LONGEST, host_of, is_callback, may_open, origin_of, where

NATIVE = "https://login.microsoftonline.com/common/oauth2/nativeclient"


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
        "https://example.org/" + "x" * LONGEST,
    ],
)
def test_nothing_else_may_be_opened(address: str) -> None:
    assert not may_open(address)


@pytest.mark.parametrize(
    "address",
    [
        NATIVE,
        NATIVE + "?code=1&state=2",
        NATIVE + "#code=1",
        NATIVE + "?error=access_denied&error_description=no",
        "HTTPS://LOGIN.MICROSOFTONLINE.COM/common/oauth2/nativeclient?code=1",
        "https://login.microsoftonline.com:443/common/oauth2/nativeclient?code=1",
    ],
)
def test_the_redirect_uri_is_known_whatever_comes_with_it(address: str) -> None:
    assert is_callback(address, NATIVE)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://login.microsoftonline.com/",
        NATIVE + "/",
        NATIVE + "x",
        NATIVE.replace("nativeclient", "NativeClient"),
        NATIVE.replace("https:", "http:"),
        NATIVE.replace(".com/", ".com:444/"),
        NATIVE.replace(".com/", ".com.example.org/"),
        NATIVE.replace("login.", "login-"),
        NATIVE.replace("https://", "https://user@"),
        "https://example.org/?next=" + NATIVE,
        "https://example.org/#" + NATIVE,
        NATIVE.replace("/common", "/common/../common"),
        NATIVE.replace("/common", "//common"),
        NATIVE + ";x",
        NATIVE + "%2F",
        NATIVE + "?" + "x" * LONGEST,
        "https://login.microsoftonline.com:x/common/oauth2/nativeclient",
    ],
)
def test_what_only_looks_like_it_is_not_it(address: str) -> None:
    assert not is_callback(address, NATIVE)


@pytest.mark.parametrize(
    ("redirect_uri", "address", "same"),
    [
        ("http://localhost:50123", "http://localhost:50123/?code=1", True),
        ("http://localhost:50123/", "http://localhost:50123?code=1", True),
        ("http://localhost:50123", "http://localhost:50124/?code=1", False),
        ("http://localhost", "https://localhost/?code=1", False),
        ("msal6://auth", "msal6://auth?code=1", True),
        ("msal6://auth", "msal7://auth?code=1", False),
        ("", "", False),
        ("", "https://example.org/", False),
    ],
)
def test_a_redirect_uri_may_be_of_any_kind(redirect_uri: str, address: str, same: bool) -> None:
    assert is_callback(address, redirect_uri) is same


@given(query=st.text(string.printable), fragment=st.text(string.ascii_letters))
def test_no_query_and_no_fragment_hides_the_redirect_uri(query: str, fragment: str) -> None:
    assert is_callback(f"{NATIVE}?{query.replace('#', '')}#{fragment}", NATIVE)


@given(address=st.text())
def test_no_address_whatever_raises(address: str) -> None:
    assert may_open(address) in {True, False}
    assert is_callback(address, NATIVE) in {True, False}
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
