"""Domain names as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.address import parse_domain, to_ascii
from sendwright.errors import AddressInvalid


@pytest.mark.parametrize(
    ("typed", "domain", "ascii_domain"),
    [
        ("example.org", "example.org", "example.org"),
        (" Example.ORG. ", "example.org", "example.org"),
        ("localhost", "localhost", "localhost"),
        ("a.b.c.d.test", "a.b.c.d.test", "a.b.c.d.test"),
        ("BÜCHER.example", "bücher.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "bücher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "bücher.example", "xn--bcher-kva.example"),
        ("faß.example", "faß.example", "xn--fa-hia.example"),
        ("ｅｘａｍｐｌｅ．org", "example.org", "example.org"),  # noqa: RUF001 - full-width letters are the point
        ("نامه‌ای.example", "نامه‌ای.example", "xn--mgba3gch31f060k.example"),
        ("אב.example", "אב.example", "xn--4dbc.example"),
        ("123.example", "123.example", "123.example"),
    ],
)
def test_a_domain_has_one_readable_and_one_wire_form(typed: str, domain: str, ascii_domain: str) -> None:
    assert parse_domain(typed) == domain
    assert to_ascii(domain) == ascii_domain
    assert parse_domain(ascii_domain) == domain


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "domain-missing"),
        ("  ", "domain-missing"),
        ("example", "domain-missing-dot"),
        ("localhost.", None),
        ("[192.0.2.1]", "domain-literal"),
        ("192.0.2.1", "domain-unusable"),
        ("https://example.org", "domain-unusable"),
        ("example.org/path", "domain-unusable"),
        ("@example.org", "domain-unusable"),
        (".", "domain-unusable"),
        ("..", "domain-unusable"),
        ("exa mple.org", "spaces"),
        ("exa\u3000mple.org", "spaces"),
        ("exa\x00mple.org", "unusable-characters"),
        ("exa\ud800mple.org", "unusable-characters"),
        ("☃.example", "domain-unusable"),
        ("1.אב.example", "domain-unusable"),
        ("ab--cd.example", "domain-unusable"),
        ("xn--a.example", "domain-unusable"),
        ("x" * 254, "too-long"),
        ("ü." * 126 + "x", "too-long"),
    ],
)
def test_a_domain_that_cannot_be_used_is_refused_by_name(typed: str, code: str | None) -> None:
    if code is None:
        assert parse_domain(typed) == "localhost"
        return
    with pytest.raises(AddressInvalid) as raised:
        parse_domain(typed)
    assert raised.value.code == code


@given(st.text(max_size=300))
def test_whatever_is_typed_is_a_safe_domain_or_refused(typed: str) -> None:
    try:
        domain = parse_domain(typed)
    except AddressInvalid:
        return
    wire = to_ascii(domain)
    assert set(wire) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(wire) <= 253
    assert all(0 < len(label) <= 63 for label in wire.split("."))
    assert parse_domain(wire) == parse_domain(domain) == domain
