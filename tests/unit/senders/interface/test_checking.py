"""Settings are judged before a secret goes anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.senders.interface.checking import is_address, is_base, is_name, require
from sendwright.senders.unusable import ProfileUnusable


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("", True),
        ("https://localhost:8443", True),
        ("https://accounts.example.com", True),
        ("https://[::1]:8443", True),
        ("http://localhost:8443", False),
        ("https://localhost:8443/", False),
        ("https://localhost/path", False),
        ("https://localhost?x", False),
        ("https://localhost#x", False),
        ("https://user@localhost", False),
        ("https://user:pw@localhost", False),
        ("https://localhost:many", False),
        ("https://[broken", False),
        ("https://", False),
        ("//localhost", False),
        ("localhost", False),
        ("ftp://localhost", False),
    ],
)
def test_a_token_goes_by_https_to_a_host_or_nowhere(text: str, fine: bool) -> None:
    assert is_base(text) is fine


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("a.b-c", True),
        ("1234-abc.apps.googleusercontent.com", True),
        ("x" * 255, True),
        ("x" * 256, False),
        ("", False),
        ("-a", False),
        (".a", False),
        ("a/b", False),
        ("a b", False),
        ("a\n", False),
        ("ä", False),
    ],
)
def test_a_name_brings_nothing_else_along(text: str, fine: bool) -> None:
    assert is_name(text) is fine


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("anna@example.org", True),
        ("Anna@Example.ORG", True),
        ("", False),
        ("anna", False),
        ("a@b@c", False),
        ("<anna@example.org>", False),
        ("anna@example.org\r\nBcc: eve@example.com", False),
        ("a@example.org, b@example.org", False),
    ],
)
def test_an_address_is_one_and_nothing_else(text: str, fine: bool) -> None:
    assert is_address(text) is fine


@given(st.text(max_size=40))
def test_no_text_makes_a_judgement_fail(text: str) -> None:
    assert isinstance(is_base(text), bool)
    assert isinstance(is_name(text), bool)
    assert isinstance(is_address(text), bool)


def test_the_first_setting_that_is_wrong_is_named_and_nothing_of_it_repeated() -> None:
    require("gmail", {"account": True, "login": True})
    with pytest.raises(ProfileUnusable, match=r"settings of sender 'gmail': `\$.login` cannot be used"):
        require("gmail", {"account": True, "login": False, "gmail": False})
