import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.providers.microsoft365.powershell.expected import Expected

ANNA = Expected(
    mailbox="info@contoso.com",
    account="anna@contoso.com",
    name="Anna Dupont",
    oid="0a0a0a0a-2222-3333-4444-555555555555",
)


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("anna@contoso.com", True),
        ("ANNA@CONTOSO.COM", True),
        (" anna@contoso.com ", True),
        ("Anna Dupont", True),
        ("anna", True),
        ("0A0A0A0A-2222-3333-4444-555555555555", True),
        ("CONTOSO\\anna@contoso.com", True),
        ("ben@contoso.com", False),
        ("anna@fabrikam.com", False),
        ("annabel", False),
        ("Anna", True),
        ("Anna Dupond", False),
        ("NT AUTHORITY\\SELF", False),
        ("", None),
        ("   ", None),
        ("S-1-5-21-1234-5678-9012-1105", None),
        ("99999999-2222-3333-4444-555555555555", None),
        ("anna@conto\u2026", None),
        ("anna@conto...", None),
    ],
)
def test_exchange_calls_an_account_by_several_names_and_some_tell_nothing(printed: str, same: bool | None) -> None:
    assert ANNA.is_account(printed) is same


def test_without_an_account_nobody_is_it() -> None:
    application = Expected(mailbox="info@contoso.com", client_id="1")
    for printed in ("", "anna", "S-1-5-21-1", "NT AUTHORITY\\SELF"):
        assert application.is_account(printed) is False


def test_an_account_without_a_name_is_not_everybody_without_one() -> None:
    nameless = Expected(mailbox="info@contoso.com", account="anna@contoso.com")
    assert nameless.is_account("") is None
    assert nameless.is_account("Anna Dupont") is False


@pytest.mark.parametrize(
    ("printed", "may_be"),
    [
        ("info@contoso.com", True),
        ("INFO@contoso.com", True),
        ("info", True),
        ("Contoso Information", True),
        ("contoso.onmicrosoft.com/Users/info", True),
        ("sales@contoso.com", False),
        ("info@fabrikam.com", False),
    ],
)
def test_only_another_address_is_certainly_another_mailbox(printed: str, may_be: bool) -> None:
    assert ANNA.is_mailbox(printed) is may_be


@given(st.text(max_size=200))
def test_any_name_is_survived(printed: str) -> None:
    assert ANNA.is_account(printed) in {True, False, None}
    assert ANNA.is_mailbox(printed) in {True, False}
