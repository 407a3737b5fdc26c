"""What deserves a second look though it is valid."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import resources, texts
from sendwright.address import Address, check_alias, parse_address, warning_values, warnings
from sendwright.address.domain import parse_domain
from sendwright.address.freemail import FREEMAIL_DOMAINS
from sendwright.errors import AddressInvalid


@pytest.mark.parametrize(
    ("address", "alias", "signed_in_as", "codes"),
    [
        ("notifications@contoso.com", "Contoso", "notifications@contoso.com", ()),
        ("Notifications@Contoso.com", "Contoso", "notifications@contoso.COM", ()),
        ("notifications@contoso.com", "Contoso", None, ()),
        ("notifications@contoso.com", "Contoso", "user1234", ()),
        ("notifications@contoso.com", "Contoso", "anna@contoso.com", ("other-than-signed-in",)),
        ("notifications@mail.contoso.com", "Contoso", "anna@contoso.com", ("other-than-signed-in",)),
        ("notifications@contoso.com", "Contoso", "anna@example.org", ("outside-signed-in-domain",)),
        ("notifications@xcontoso.com", "Contoso", "anna@contoso.com", ("outside-signed-in-domain",)),
        ("a@contоso.com", "Contoso", None, ("domain-look-alike",)),  # noqa: RUF001 - a Cyrillic o
        ("a@contoso.com", "Contоso", None, ("alias-look-alike",)),  # noqa: RUF001 - a Cyrillic o
        ("a@contoso.com", "Con\u00adtoso", None, ("alias-hidden-characters",)),
        ("a@contoso.com", "Anna (anna@example.org)", None, ("alias-holds-other-address",)),
        ("a@contoso.com", "b@contoso.com", None, ("alias-holds-other-address",)),
        ("a@contoso.com", "a@contoso.com", None, ()),
        ("a@contoso.com", "Contoso, A@Contoso.com.", None, ()),
        ("a@contoso.com", "us@them", None, ("alias-holds-other-address",)),
        ("a@contoso.com", "@contoso", None, ()),
        ("a@contoso.onmicrosoft.com", "Contoso", None, ("onmicrosoft",)),
        ("a@onmicrosoft.com.example.org", "Contoso", None, ()),
        ("contoso@gmail.com", "Contoso", "contoso@gmail.com", ("freemail",)),
        ("a@firma.local", "Firma", None, ("inner-domain",)),
        ("root@localhost", "Firma", None, ("inner-domain",)),
        ("jürgen@example.org", "Jürgen", None, ("needs-smtputf8",)),
        ("noreply@contoso.com", "Contoso", None, ("no-reply",)),
        ("no-reply@contoso.com", "Contoso", None, ("no-reply",)),
        ("contoso.DoNotReply2@contoso.com", "Contoso", None, ("no-reply",)),
        ("ne-pas-repondre@contoso.com", "Contoso", None, ("no-reply",)),
        ("niet-beantwoorden@contoso.com", "Contoso", None, ("no-reply",)),
        ("piano.reply@contoso.com", "Contoso", None, ()),
        ("reply@contoso.com", "Contoso", None, ()),
        (
            "noreply@contoso.onmicrosoft.com",
            "bob@example.org",
            "anna@contoso.com",
            ("alias-holds-other-address", "outside-signed-in-domain", "onmicrosoft", "no-reply"),
        ),
    ],
)
def test_a_sender_is_warned_about(address: str, alias: str, signed_in_as: str | None, codes: tuple[str, ...]) -> None:
    assert warnings(parse_address(address), alias, signed_in_as=signed_in_as) == codes


@pytest.mark.parametrize(
    ("default_domain", "codes"),
    [
        ("contoso.com", ()),
        ("mail.contoso.com", ()),
        ("example.org", ("outside-default-domain",)),
        (None, ()),
    ],
)
def test_another_domain_than_the_organisations_is_noticed(default_domain: str | None, codes: tuple[str, ...]) -> None:
    address = parse_address("a@contoso.com")
    assert warnings(address, "Contoso", signed_in_as=None, default_domain=default_domain) == codes


def test_every_warning_has_words_that_its_values_fill() -> None:
    address = parse_address("jürgen@bücher.example")
    values = warning_values(address, "Bücher", signed_in_as="anna@contoso.com", default_domain="contoso.com")
    table = tomllib.loads(resources.path("texts/en/address.toml").read_text(encoding="utf-8"))
    assert len(table["warnings"]) == 12
    for code in table["warnings"]:
        words = texts.text(f"address.warnings.{code}", **values)
        assert "{" not in words
        assert words.endswith((".", "?"))


def test_the_values_of_a_warning_name_both_sides() -> None:
    values = warning_values(parse_address("a@contoso.com"), "Contoso", signed_in_as="ANNA@Example.org")
    assert values["address"] == "a@contoso.com"
    assert values["domain"] == "contoso.com"
    assert values["account"] == "ANNA@example.org"
    words = texts.text("address.warnings.outside-signed-in-domain", **values)
    assert "a@contoso.com is not in the domain of ANNA@example.org" in words


def test_the_domains_of_private_mailboxes_are_domains() -> None:
    assert len(FREEMAIL_DOMAINS) > 60
    assert {parse_domain(domain) for domain in FREEMAIL_DOMAINS} == FREEMAIL_DOMAINS


@given(st.text(max_size=64), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_can_be_warned_about(typed: str, local: str, signed_in_as: str) -> None:
    try:
        alias = check_alias(typed)
    except AddressInvalid:
        return
    address = Address(local, "example.org")
    codes = warnings(address, alias, signed_in_as=f"{signed_in_as}@example.org")
    values = warning_values(address, alias, signed_in_as=signed_in_as)
    for code in codes:
        assert texts.text(f"address.warnings.{code}", **values)
