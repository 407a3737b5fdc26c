"""How the connect form is read: every wrong field at once, and no setting that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import texts
from sendwright.providers.custom_smtp.connection import (
    MAX_PASSWORD,
    Connection,
    is_unusual,
    read_connection,
    read_port,
    read_security,
)
from sendwright.senders.smtp.settings import Security

GOOD = {
    "host": " SMTP.Example.org. ",
    "port": " 465 ",
    "security": "tls",
    "username": " ada@example.org ",
    "password": " with space ",
    "ca_file": " /etc/ca.pem ",
    "keep_password": "true",
}


def test_what_is_right_becomes_settings() -> None:
    connection, wrong = read_connection(GOOD)
    assert wrong == {}
    assert connection == Connection(
        host="smtp.example.org",
        port=465,
        security=Security.TLS,
        username="ada@example.org",
        keep_password=True,
        ca_file="/etc/ca.pem",
    )


def test_a_password_is_no_part_of_the_settings() -> None:
    connection, _ = read_connection({**GOOD, "password": "canary-7f3a"})
    assert "canary-7f3a" not in repr(connection)


def test_without_a_user_name_nobody_signs_in() -> None:
    connection, wrong = read_connection({**GOOD, "username": "", "password": ""})
    assert wrong == {}
    assert connection is not None
    assert connection.username == ""


@pytest.mark.parametrize(
    ("field", "typed", "key"),
    [
        ("host", "", "custom_smtp.host.missing"),
        ("host", "https://smtp.example.org", "custom_smtp.host.url"),
        ("host", "smtp.example.org:465", "custom_smtp.host.with-port"),
        ("host", "ada@example.org", "custom_smtp.host.address"),
        ("host", "smtp example", "custom_smtp.host.invalid"),
        ("port", "", "custom_smtp.port.invalid"),
        ("port", "0", "custom_smtp.port.invalid"),
        ("port", "65536", "custom_smtp.port.invalid"),
        ("port", "-25", "custom_smtp.port.invalid"),
        ("port", "4_65", "custom_smtp.port.invalid"),
        ("port", "465.0", "custom_smtp.port.invalid"),
        ("port", "\u0664\u0666\u0665", "custom_smtp.port.invalid"),
        ("port", "9" * 5_000, "custom_smtp.port.invalid"),
        ("security", "", "custom_smtp.security.choose"),
        ("security", "none", "custom_smtp.security.choose"),
        ("security", "plain", "custom_smtp.security.choose"),
        ("username", "", "custom_smtp.username.missing"),
        ("username", "two\nlines", "custom_smtp.username.invalid"),
        ("username", "x" * 400, "custom_smtp.username.invalid"),
        ("password", "two\r\nlines", "custom_smtp.password.invalid"),
        ("password", "nul\0", "custom_smtp.password.invalid"),
        ("password", "x" * (MAX_PASSWORD + 1), "custom_smtp.password.invalid"),
    ],
)
def test_a_wrong_field_gets_its_reason_in_words(field: str, typed: str, key: str) -> None:
    connection, wrong = read_connection({**GOOD, field: typed})
    assert connection is None
    assert wrong == {field: key}
    assert texts.has(key)


def test_all_that_is_wrong_is_told_at_once() -> None:
    _, wrong = read_connection({})
    assert set(wrong) == {"host", "port", "security"}


@given(st.integers(min_value=1, max_value=65_535))
def test_every_port_is_read(port: int) -> None:
    assert read_port(str(port)) == port


@given(st.text())
def test_no_text_whatever_becomes_a_port_that_is_none(typed: str) -> None:
    port = read_port(typed)
    assert port is None or 1 <= port <= 65_535


@pytest.mark.parametrize("security", list(Security))
def test_a_way_of_protection_is_read_by_its_name(security: Security) -> None:
    assert read_security(security.value) is security


@pytest.mark.parametrize(
    ("port", "security", "unusual"),
    [
        (465, Security.STARTTLS, True),
        (465, Security.TLS, False),
        (587, Security.TLS, True),
        (587, Security.STARTTLS, False),
        (25, Security.TLS, False),
        (8025, Security.TLS, False),
    ],
)
def test_a_port_and_its_protection_may_not_fit(port: int, security: Security, *, unusual: bool) -> None:
    assert is_unusual(port, security) is unusual
    assert read_connection({**GOOD, "port": str(port), "security": security.value})[1] == {}
