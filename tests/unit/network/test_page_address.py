"""Only pages that are safe to open are opened."""

import pytest

from sendwright.network.page_address import may_be_opened


@pytest.mark.parametrize(
    "address",
    [
        "https://accounts.google.com/o/oauth2/v2/auth?x=1",
        "https://localhost:8443/sign-in",
        "http://localhost:8080/o/oauth2/v2/auth",
        "http://127.0.0.1:8080/",
        "HTTPS://login.microsoftonline.com/",
    ],
)
def test_a_page_over_tls_and_one_of_this_computer_may_be_opened(address: str) -> None:
    assert may_be_opened(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://accounts.google.com/",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://localhost@example.org/",
        "http://anna@localhost/",
        "http://example.org/localhost",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ms-settings:network",
        "mailto:anna@example.org",
        "//localhost/",
        "https://",
        "https://[::1/",
        "",
    ],
)
def test_nothing_else_is_opened(address: str) -> None:
    assert not may_be_opened(address)
