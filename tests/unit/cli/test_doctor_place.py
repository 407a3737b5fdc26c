"""HOST[:PORT] is read in all the forms in which people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.cli.server_place import PlaceInvalid, parse_place
from sendwright.texts import has


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("mail.example.org", "mail.example.org", None),
        ("mail.example.org:465", "mail.example.org", 465),
        (" Mail.Example.org. ", "mail.example.org", None),
        ("192.0.2.1:587", "192.0.2.1", 587),
        ("192.0.2.1", "192.0.2.1", None),
        ("2001:db8::1", "2001:db8::1", None),
        ("[2001:db8::1]", "2001:db8::1", None),
        ("[2001:DB8::1]:587", "2001:db8::1", 587),
        ("::1", "::1", None),
        ("büro.example:25", "xn--bro-hoa.example", 25),
        ("[IPv6:2001:db8::1]:25", "2001:db8::1", 25),
        ("localhost:1", "localhost", 1),
        ("localhost:65535", "localhost", 65535),
    ],
)
def test_a_place_is_a_host_and_perhaps_a_port(typed: str, host: str, port: int | None) -> None:
    assert parse_place(typed) == (host, port)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", ":465", "mail.example.org:", "mail.example.org:0", "mail.example.org:65536", "mail.example.org:smtp",
        "mail.example.org:-1", "mail.example.org:٤٦٥", "[::1", "[::1]465", "[mail.example.org]:25", "[]:25", "a b",
        "mail..example.org", "a" * 64 + ".org", "1:2:3", "http://mail.example.org",
    ],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(PlaceInvalid):
        parse_place(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "host.missing"),
        (":465", "host.missing"),
        ("http://mail.example.org", "host.url"),
        ("anna@example.org", "host.address"),
        ("a b", "host.invalid"),
        ("[::1", "host.invalid"),
        ("2130706433", "host.invalid"),
        ("mail.example.org:65536", "port.invalid"),
        ("mail.example.org:", "port.invalid"),
    ],
)
def test_a_refusal_has_words_of_its_own(typed: str, code: str) -> None:
    with pytest.raises(PlaceInvalid) as caught:
        parse_place(typed)
    assert caught.value.code == code
    assert has(f"custom_smtp.{code}")


@given(st.text())
def test_no_text_gives_more_than_a_place_or_a_refusal_with_words(typed: str) -> None:
    try:
        host, port = parse_place(typed)
    except PlaceInvalid as invalid:
        code = invalid.code
    else:
        assert host
        assert port is None or 0 < port < 65536
        return
    assert has(f"custom_smtp.{code}")
