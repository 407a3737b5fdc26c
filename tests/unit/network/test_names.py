"""Host names and address literals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network.failures import ResolveFailed
from sendwright.network.names import MAXIMUM_LENGTH, a_labels, literal, server_name


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("[192.0.2.1]", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[IPv6:2001:db8::1]", "2001:db8::1"),
        ("[ipv6:::1]", "::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("mail.example.org", None),
        ("[mail.example.org]", None),
        ("192.0.2", None),
        ("[::1x", None),
        ("x::1]", None),
        ("192.0.2.256", None),
        ("", None),
    ],
)
def test_addresses_are_told_from_names(host: str, address: str | None) -> None:
    assert literal(host) == address


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("Mail.Example.ORG", "mail.example.org"),
        ("mail.example.org.", "mail.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("mail。bücher.example", "mail.xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("_submissions._tcp.example.org", "_submissions._tcp.example.org"),
        ("localhost", "localhost"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
    ],
)
def test_names_become_a_labels(name: str, encoded: str) -> None:
    assert a_labels(name) == encoded


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "a..b",
        ".example",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
        "ex ample.org",
        "example\x00.org",
        "example\n.org",
        "ex\u202eample.org",
        "bü\x00cher.example",
        "-\u0301.example",
    ],
)
def test_what_cannot_be_a_name_is_not_found(name: str) -> None:
    with pytest.raises(ResolveFailed) as caught:
        a_labels(name)
    assert caught.value.evidence.condition == "dns-name-not-found"
    assert len(caught.value.evidence.values["host"]) <= MAXIMUM_LENGTH


@given(st.text(max_size=80))
def test_a_name_is_encoded_once_and_for_all_or_refused(name: str) -> None:
    try:
        encoded = a_labels(name)
    except ResolveFailed:
        return
    assert encoded.isascii()
    assert a_labels(encoded) == encoded
    assert not any(character.isspace() for character in encoded)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Mail.Example.org", "mail.example.org"),
        ("[IPv6:::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("192.0.2.1", "192.0.2.1"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_certificate_is_checked_for_the_name_or_the_address(host: str, name: str) -> None:
    assert server_name(host) == name
