"""The names that a message carries."""

import re

import pytest

from sendwright.errors import AddressInvalid
from sendwright.message import new_code, new_message_id
from sendwright.message.identity import CODE_ALPHABET


@pytest.mark.parametrize(
    ("domain", "end"),
    [
        ("contoso.com", "@contoso.com>"),
        ("Contoso.COM", "@contoso.com>"),
        ("bücher.example", "@xn--bcher-kva.example>"),
        ("localhost", "@localhost>"),
    ],
)
def test_a_message_id_is_random_under_the_senders_domain(domain: str, end: str) -> None:
    message_id = new_message_id(domain)
    assert re.fullmatch(r"<[0-9a-f]{32}@[a-z0-9.-]+>", message_id)
    assert message_id.endswith(end)


def test_no_two_message_ids_are_the_same() -> None:
    assert len({new_message_id("example.org") for _ in range(1000)}) == 1000


def test_the_randomness_can_be_handed_in() -> None:
    assert new_message_id("example.org", random=lambda octets: "ab" * octets) == f"<{'ab' * 16}@example.org>"
    assert new_code(choose=lambda letters: letters[0]) == "AAAAAA"


def test_a_domain_that_is_none_makes_no_message_id() -> None:
    with pytest.raises(AddressInvalid) as raised:
        new_message_id("exa mple.org>\r\nBcc: <x")
    assert raised.value.code == "spaces"


def test_a_code_has_no_characters_that_are_mistaken_for_others() -> None:
    assert not set(CODE_ALPHABET) & set("0O1I2Z5S8B")
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(re.fullmatch(f"[{CODE_ALPHABET}]{{6}}", code) for code in codes)
