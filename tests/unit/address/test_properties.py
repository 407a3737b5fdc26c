"""Whatever is typed: an address that is safe in a header and in a command, or a refusal with a code."""

import re
from collections.abc import Callable
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from sendwright import texts
from sendwright.address import parse_address, parse_mailbox
from sendwright.errors import AddressInvalid

# what ends a header, a command or an address (RFC 5321 section 4.1.2, RFC 5322 section 3.2.3)
UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0<>()\[\]\\,;:\"\u2028\u2029\u202a-\u202e\u2066-\u2069]")

T = TypeVar("T")

letters = st.sampled_from("abcXYZ019.-_+'@ü日é\u0301\u200d\u202e<>\"\\ \r\n\t\x00,;:()[]%!#")
likely = st.text(letters, max_size=40)
typed = st.one_of(
    st.text(max_size=100),
    likely,
    st.builds("{}@{}".format, likely, likely),
    st.builds("{}@example.org".format, st.text(max_size=70)),
    st.builds("anna@{}.example".format, st.text(max_size=70)),
)


def read(reader: Callable[[str], T], text: str) -> tuple[T | None, str]:
    """Return what was read, or the code of the refusal."""
    try:
        return reader(text), ""
    except AddressInvalid as invalid:
        return None, invalid.code


@given(typed)
def test_an_address_is_safe_wherever_it_is_put(text: str) -> None:
    address, code = read(parse_address, text)
    if address is None:
        assert texts.has(f"address.{code}")
        return
    for form in (address.text, address.ascii_text):
        assert not UNSAFE.search(form.replace("\u200c", "").replace("\u200d", ""))
        assert form.count("@") == 1
        assert len(form.encode()) <= 254
    assert len(address.local.encode()) <= 64
    assert address.ascii_domain.isascii()
    assert address.needs_smtputf8 is not address.ascii_text.isascii()


@given(typed)
def test_reading_an_address_again_changes_nothing(text: str) -> None:
    address, _ = read(parse_address, text)
    if address is None:
        return
    assert parse_address(address.text) == address
    assert parse_address(address.ascii_text) == address
    assert parse_address(f"  {text}  ") == address


@given(typed)
def test_a_mailbox_is_safe_or_refused(text: str) -> None:
    mailbox, code = read(parse_mailbox, text)
    if mailbox is None:
        assert texts.has(f"address.{code}")
        return
    header = mailbox.header(smtputf8=True)
    assert all(line.startswith(" ") for line in header.split("\r\n")[1:])
    assert "\n" not in header.replace("\r\n", "")
    assert header.endswith(f"<{mailbox.address.text}>")
