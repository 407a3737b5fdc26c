"""Where a browser must not go on: at the redirect URI, whatever is written behind it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.callback import LONGEST_ADDRESS, is_callback

NATIVE = "https://login.microsoftonline.com/common/oauth2/nativeclient"


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
    assert is_callback(address, redirect_uri=NATIVE)


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
        NATIVE + "?" + "x" * LONGEST_ADDRESS,
        "https://login.microsoftonline.com:x/common/oauth2/nativeclient",
    ],
)
def test_what_only_looks_like_it_is_not_it(address: str) -> None:
    assert not is_callback(address, redirect_uri=NATIVE)


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
    assert is_callback(address, redirect_uri=redirect_uri) is same


@given(query=st.text(string.printable), fragment=st.text(string.ascii_letters))
def test_no_query_and_no_fragment_hides_the_redirect_uri(query: str, fragment: str) -> None:
    assert is_callback(f"{NATIVE}?{query.replace('#', '')}#{fragment}", redirect_uri=NATIVE)


@given(address=st.text(), redirect_uri=st.sampled_from([NATIVE, "http://localhost:1", "", "://", "http://[::1"]))
def test_no_address_whatever_raises(address: str, redirect_uri: str) -> None:
    assert is_callback(address, redirect_uri=redirect_uri) in {True, False}
