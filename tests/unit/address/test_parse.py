"""What people type where an address is asked for."""

import pytest

from sendwright import texts
from sendwright.address import Address, address_inside, parse_address
from sendwright.errors import AddressInvalid

LOCAL_64 = "a" * 64


@pytest.mark.parametrize(
    ("typed", "local", "domain"),
    [
        ("notifications@contoso.com", "notifications", "contoso.com"),
        ("  notifications@contoso.com\n", "notifications", "contoso.com"),
        ("Anna.Admin@CONTOSO.com", "Anna.Admin", "contoso.com"),
        ("a+tag_x-y'z!#$%&*/=?^`{|}~@example.org", "a+tag_x-y'z!#$%&*/=?^`{|}~", "example.org"),
        ("1@2.example", "1", "2.example"),
        ("root@localhost", "root", "localhost"),
        ("anna@mail.test", "anna", "mail.test"),
        ("anna@firma.local", "anna", "firma.local"),
        ("anna@nowhere.invalid", "anna", "nowhere.invalid"),
        ("anna@example.org.", "anna", "example.org"),
        ("info@bücher.example", "info", "bücher.example"),
        ("info@xn--bcher-kva.example", "info", "bücher.example"),
        ("info@BÜCHER。example", "info", "bücher.example"),
        ("info@faß.example", "info", "faß.example"),
        ("jürgen@example.org", "jürgen", "example.org"),
        ("ju\u0308rgen@example.org", "jürgen", "example.org"),
        ("用户@例子.广告", "用户", "例子.广告"),
        ("δοκιμή@παράδειγμα.δοκιμή", "δοκιμή", "παράδειγμα.δοκιμή"),
        (f"{LOCAL_64}@example.org", LOCAL_64, "example.org"),
    ],
)
def test_an_address_is_read_as_it_is_meant(typed: str, local: str, domain: str) -> None:
    assert parse_address(typed) == Address(local, domain)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("anna", "no-at-sign"),
        ("anna.example.org", "no-at-sign"),
        ("anna@", "domain-missing"),
        ("@example.org", "local-missing"),
        ("anna@@example.org", "several-at-signs"),
        ("anna@mail@example.org", "several-at-signs"),
        ("anna@example.org, bob@example.org", "several-addresses"),
        ("anna@example.org; bob@example.org", "several-addresses"),
        ("anna@example.org bob@example.org", "several-addresses"),
        ("Anna Admin <anna@example.org>", "display-name-not-address"),
        ("<anna@example.org>", "display-name-not-address"),
        ('"Anna, Admin" <anna@example.org>', "display-name-not-address"),
        ('"anna admin"@example.org', "quoted-local-part"),
        ('"a@b"@example.org', "quoted-local-part"),
        ("anna admin@example.org", "spaces"),
        ("anna @example.org", "spaces"),
        ("anna@ example.org", "spaces"),
        ("anna@example.org\u00a0x", "spaces"),
        (".anna@example.org", "misplaced-dot"),
        ("anna.@example.org", "misplaced-dot"),
        ("an..na@example.org", "misplaced-dot"),
        ("anna@example", "domain-missing-dot"),
        ("anna@[192.0.2.1]", "domain-literal"),
        ("anna@[IPv6:2001:db8::1]", "domain-literal"),
        ("anna@192.0.2.1", "domain-unusable"),
        ("anna@-example.org", "domain-unusable"),
        ("anna@example-.org", "domain-unusable"),
        ("anna@exa_mple.org", "domain-unusable"),
        ("anna@example..org", "domain-unusable"),
        ("anna@.example.org", "domain-unusable"),
        ("anna@exam!ple.org", "domain-unusable"),
        ("anna@xn--zzzzz9999.example", "domain-unusable"),
        ("anna@1.אב.example", "domain-unusable"),
        ("an(na)@example.org", "unusable-characters"),
        ("anna:x@example.org", "unusable-characters"),
        ("an\\na@example.org", "unusable-characters"),
        ("anna@exam\r\nple.org", "unusable-characters"),
        ("anna\r\nRCPT TO:<x@example.org>@example.org", "unusable-characters"),
        ("anna\x00@example.org", "unusable-characters"),
        ("anna\x7f@example.org", "unusable-characters"),
        ("an\u200bna@example.org", "unusable-characters"),
        ("an\u202ena@example.org", "unusable-characters"),
        ("an\u2066na@example.org", "unusable-characters"),
        ("an\ufeffna@example.org", "unusable-characters"),
        ("an\u2028na@example.org", "unusable-characters"),
        ("an\ud800na@example.org", "unusable-characters"),
        ("an\ue000na@example.org", "unusable-characters"),
        ("\u0301anna@example.org", "unusable-characters"),
        ("an\u200dna@example.org", "unusable-characters"),
        (f"{LOCAL_64}a@example.org", "too-long"),
        (f"{'ü' * 33}@example.org", "too-long"),
        (f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 62}.org", "too-long"),
        (f"a@{'ü' * 250}.org", "too-long"),
        (f"a@{'b' * 64}.org", "domain-unusable"),
        ("x" * 100_000 + "@example.org", "too-long"),
    ],
)
def test_what_is_wrong_has_a_name_and_words(typed: str, code: str) -> None:
    with pytest.raises(AddressInvalid) as raised:
        parse_address(typed)
    assert raised.value.code == code
    assert texts.text(f"address.{code}").endswith((".", "?"))


def test_what_was_typed_is_not_part_of_the_exception() -> None:
    with pytest.raises(AddressInvalid) as raised:
        parse_address("private words@example.org")
    assert "private" not in f"{raised.value!r} {raised.value}"


def test_the_longest_address_fits_and_one_more_octet_does_not() -> None:
    domain = ".".join(("b" * 63, "c" * 63, "d" * 57, "org"))
    assert len(f"{LOCAL_64}@{domain}") == 254
    assert parse_address(f"{LOCAL_64}@{domain}").domain == domain
    with pytest.raises(AddressInvalid) as raised:
        parse_address(f"{LOCAL_64}@x{domain[:-8]}.org.example")
    assert raised.value.code == "too-long"


def test_an_address_counts_as_it_goes_over_the_wire() -> None:
    labels = ".".join(["ü" * 20] * 7)
    with pytest.raises(AddressInvalid) as raised:
        parse_address(f"{'a' * 60}@{labels}.example")  # 224 characters, 294 octets
    assert raised.value.code == "too-long"


@pytest.mark.parametrize(
    ("typed", "text", "ascii_text", "needs_smtputf8"),
    [
        ("a@example.org", "a@example.org", "a@example.org", False),
        ("a@BÜCHER.example", "a@bücher.example", "a@xn--bcher-kva.example", False),
        ("jürgen@bücher.example", "jürgen@bücher.example", "jürgen@xn--bcher-kva.example", True),
    ],
)
def test_an_address_has_a_form_for_people_and_one_for_the_wire(
    typed: str, text: str, ascii_text: str, needs_smtputf8: bool
) -> None:
    address = parse_address(typed)
    assert (address.text, address.ascii_text, address.needs_smtputf8) == (text, ascii_text, needs_smtputf8)
    assert address.ascii_domain.isascii()
    assert parse_address(address.text) == parse_address(address.ascii_text) == address


@pytest.mark.parametrize(
    ("typed", "inside"),
    [
        ("Anna Admin <anna@example.org>", "anna@example.org"),
        ('"Anna, Admin" <anna@bücher.example>', "anna@bücher.example"),
        ("<anna@example.org>", "anna@example.org"),
        ("Anna < anna@example.org > (work)", "anna@example.org"),
        ("Anna <anna>", None),
        ("anna@example.org", None),
        ("", None),
    ],
)
def test_the_address_inside_a_mailbox_can_be_offered(typed: str, inside: str | None) -> None:
    found = address_inside(typed)
    assert (found.text if found else None) == inside


def test_an_address_cannot_be_changed() -> None:
    address = parse_address("a@example.org")
    with pytest.raises(AttributeError):
        address.local = "b"  # type: ignore[misc]
    assert hash(address) == hash(Address("a", "example.org"))
