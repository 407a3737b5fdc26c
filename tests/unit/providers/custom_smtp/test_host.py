"""What is taken for the name of a mail server, and what is sent back with which reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.providers.custom_smtp.host import (
    HostInvalid,
    belongs_to,
    parse_host,
    to_unicode,
)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("smtp.example.org", "smtp.example.org"),
        ("  SMTP.Example.ORG. ", "smtp.example.org"),
        ("mailhost", "mailhost"),
        ("mail_out.example.org", "mail_out.example.org"),
        ("r3---sn.example.org", "r3---sn.example.org"),
        ("mail.bücher.example", "mail.xn--bcher-kva.example"),
        ("MAIL.BÜCHER.EXAMPLE", "mail.xn--bcher-kva.example"),
        ("mail.xn--bcher-kva.example", "mail.xn--bcher-kva.example"),
        ("メール。例え。jp", "xn--4dkua4c.xn--r8jz45g.jp"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[IPv6:2001:db8::1]", "2001:db8::1"),
    ],
)
def test_a_host_is_brought_to_the_form_of_the_wire(typed: str, host: str) -> None:
    assert parse_host(typed) == host


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("https://smtp.example.org", "url"),
        ("smtp.example.org/path", "url"),
        ("\\\\server", "url"),
        ("smtp://smtp.example.org:587", "url"),
        ("smtp.example.org:587", "with-port"),
        ("name@example.org", "address"),
        ("smtp example.org", "invalid"),
        ("smtp.example.org\r\nMAIL FROM:<x>", "invalid"),
        ("smtp..example.org", "invalid"),
        (".", "invalid"),
        ("256.1.1.1", "invalid"),
        ("10.0.0", "invalid"),
        ("smtp.example.org;rm", "invalid"),
        ("-", "invalid"),
        ("a" * 64 + ".example.org", "invalid"),
        ("a." * 130 + "org", "invalid"),
        ("x" * 100_000, "invalid"),
    ],
)
def test_what_is_no_host_gets_the_reason(typed: str, code: str) -> None:
    with pytest.raises(HostInvalid) as raised:
        parse_host(typed)
    assert raised.value.code == code


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_a_plain_name_or_is_refused(typed: str) -> None:
    try:
        host = parse_host(typed)
    except HostInvalid:
        return
    assert host.isascii()
    assert host == host.lower()
    assert not any(character.isspace() or character in "/@<>\"'" for character in host)
    assert parse_host(host) == host


def test_a_domain_has_a_readable_form() -> None:
    assert to_unicode("mail.xn--bcher-kva.example") == "mail.bücher.example"
    assert to_unicode("smtp.example.org") == "smtp.example.org"


@pytest.mark.parametrize("odd", ["mail_out.example.org", "192.0.2.7", "xn--\u0080.example"])
def test_what_has_no_readable_form_stays_as_it_is(odd: str) -> None:
    assert to_unicode(odd) == odd


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("example.org", True),
        ("smtp.example.org", True),
        ("a.b.example.org", True),
        ("notexample.org", False),
        ("example.org.evil.example", False),
        ("org", False),
    ],
)
def test_a_host_belongs_to_its_domain_only(host: str, *, inside: bool) -> None:
    assert belongs_to(host, "example.org") is inside
