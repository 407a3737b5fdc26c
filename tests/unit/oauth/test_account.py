"""Two sign-ins are of the same account where its stable key is the same, whatever it is called now."""

import pytest
from msgspec.structs import replace

from sendwright.oauth.account import Account

AT_MICROSOFT = Account(
    tenant="0b9e1f52-3c7d-4a86-b1de-5520c7f4a913",
    oid="aaaaaaaa-1111-4222-8333-444444444444",
    username="alice@contoso.com",
    name="Alice Ansbach",
)
AT_GOOGLE = Account(
    tenant="https://accounts.google.com",
    oid="110169484474386276334",
    username="alice@example.org",
    domain="example.org",
)


@pytest.mark.parametrize("account", [AT_MICROSOFT, AT_GOOGLE])
@pytest.mark.parametrize(
    "changed",
    [{}, {"username": "alice.new@example.org"}, {"name": "Alice Berg"}, {"domain": ""}, {"domain": "other.org"}],
)
def test_a_new_name_is_the_same_account(account: Account, changed: dict[str, str]) -> None:
    now = replace(account, **changed)
    assert account.same_as(now)
    assert now.same_as(account)


@pytest.mark.parametrize("account", [AT_MICROSOFT, AT_GOOGLE])
@pytest.mark.parametrize("changed", [{"oid": "110169484474386276335"}, {"tenant": "accounts.google.com"}, {"oid": ""}])
def test_another_key_is_another_account_even_under_the_same_name(account: Account, changed: dict[str, str]) -> None:
    other = replace(account, **changed)
    assert not account.same_as(other)
    assert not other.same_as(account)


def test_letter_case_does_not_make_another_account() -> None:
    assert AT_MICROSOFT.same_as(replace(AT_MICROSOFT, tenant=AT_MICROSOFT.tenant.upper(), oid=AT_MICROSOFT.oid.upper()))


def test_an_account_of_one_provider_is_none_of_another() -> None:
    assert not AT_MICROSOFT.same_as(replace(AT_MICROSOFT, tenant=AT_GOOGLE.tenant))


def test_a_personal_account_has_no_domain() -> None:
    assert Account(tenant=AT_GOOGLE.tenant, oid="1", username="clara@gmail.com").domain == ""
