"""The names that may stand beside an address."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import texts
from sendwright.address import MAX_ALIAS, check_alias
from sendwright.errors import AddressInvalid

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("typed", "alias"),
    [
        ("Contoso", "Contoso"),
        ("  Contoso \n", "Contoso"),
        ('Müller, "Anna" <x@y>', 'Müller, "Anna" <x@y>'),
        ("Mu\u0308ller", "Müller"),
        ("=?utf-8?q?x?=", "=?utf-8?q?x?="),
        ("合同会社コントソ", "合同会社コントソ"),
        ("شركة كونتوسو", "شركة كونتوسو"),
        ("می‌خواهم", "می‌خواهم"),
        (f"Family {FAMILY}", f"Family {FAMILY}"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",) * 2,
        ("Prix\u00a0: 5", "Prix\u00a0: 5"),
        ("two  spaces", "two  spaces"),
        ("a" * 64, "a" * 64),
        ("e\u0301" * 64, "é" * 64),
        ("\U0001fae8", "\U0001fae8"),  # newer than the Unicode of Python 3.11
    ],
)
def test_a_name_stays_what_it_is(typed: str, alias: str) -> None:
    assert check_alias(typed) == alias


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "alias-empty"),
        ("   ", "alias-empty"),
        ("\u200b\u200d", "alias-empty"),
        ("\u0301", "alias-empty"),
        ("a" * 65, "alias-too-long"),
        ("a\nBcc: x@example.org", "alias-line-break"),
        ("a\r\nb", "alias-line-break"),
        ("a\u2028b", "alias-line-break"),
        ("a\x85b", "alias-line-break"),
        ("a\x00b", "alias-unusable-characters"),
        ("a\tb", "alias-unusable-characters"),
        ("a\x1bb", "alias-unusable-characters"),
        ("a\u202eb", "alias-unusable-characters"),
        ("a\u2067b", "alias-unusable-characters"),
        ("a\ud83db", "alias-unusable-characters"),
        ("a\ue000b", "alias-unusable-characters"),
        ("a\ufdd0b", "alias-unusable-characters"),
        ("a\ufffeb", "alias-unusable-characters"),
        ("a\U0010ffffb", "alias-unusable-characters"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_by_name(typed: str, code: str) -> None:
    with pytest.raises(AddressInvalid) as raised:
        check_alias(typed)
    assert raised.value.code == code
    assert texts.text(f"address.{code}")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_safe_name_or_refused(typed: str) -> None:
    try:
        alias = check_alias(typed)
    except AddressInvalid:
        return
    assert 0 < len(alias) <= MAX_ALIAS
    assert alias == alias.strip() == unicodedata.normalize("NFC", alias)
    assert not {unicodedata.category(one) for one in alias} & {"Cc", "Cs", "Zl", "Zp"}
    assert check_alias(alias) == alias
    alias.encode()
