"""Encryption at rest: what was altered, moved or written with another key does not open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.service.envelope import Envelope, EnvelopeBroken

KEY = bytes(range(32))
PLACE = ("profile", "3", "password")


@given(plain=st.binary(max_size=500), place=st.lists(st.text(max_size=20), max_size=4))
def test_what_was_encrypted_for_a_place_opens_there(plain: bytes, place: list[str]) -> None:
    envelope = Envelope(KEY, installation="here")
    sealed = envelope.encrypt(plain, place=place)
    assert envelope.decrypt(sealed, place=place) == plain
    assert len(plain) < 8 or plain not in sealed


def test_no_altered_byte_goes_unnoticed() -> None:
    envelope = Envelope(KEY)
    sealed = envelope.encrypt(b"a secret", place=PLACE)
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(EnvelopeBroken):
            envelope.decrypt(bytes(altered), place=PLACE)
    for length in range(len(sealed)):
        with pytest.raises(EnvelopeBroken):
            envelope.decrypt(sealed[:length], place=PLACE)
    with pytest.raises(EnvelopeBroken):
        envelope.decrypt(sealed + b"\0", place=PLACE)


@pytest.mark.parametrize(
    "place",
    [
        ("profile", "4", "password"),
        ("profile", "3", "token"),
        ("profile", "3"),
        ("profile", "3password"),
        ("profile3", "password"),
        ("profile", "3", "password", ""),
        (),
    ],
)
def test_a_value_opens_in_no_other_place(place: tuple[str, ...]) -> None:
    envelope = Envelope(KEY)
    sealed = envelope.encrypt(b"a secret", place=PLACE)
    with pytest.raises(EnvelopeBroken):
        envelope.decrypt(sealed, place=place)


def test_a_value_opens_with_no_other_key_and_in_no_other_installation() -> None:
    sealed = Envelope(KEY, installation="here").encrypt(b"a secret", place=PLACE)
    for other in (
        Envelope(bytes(32), installation="here"),
        Envelope(KEY, installation="there"),
        Envelope(KEY),
    ):
        with pytest.raises(EnvelopeBroken):
            other.decrypt(sealed, place=PLACE)


def test_every_value_has_its_own_data_key_and_nonces() -> None:
    envelope = Envelope(KEY)
    first, second = (envelope.encrypt(b"the same", place=PLACE) for _ in range(2))
    assert first[1:13] != second[1:13]
    assert first[13:61] != second[13:61]
    assert first[61:73] != second[61:73]


def test_the_id_of_a_key_says_nothing_about_it_and_is_always_the_same() -> None:
    assert Envelope(KEY).key_id == Envelope(KEY, installation="x").key_id
    assert Envelope(KEY).key_id != Envelope(bytes(32)).key_id
    assert Envelope(KEY).key_id not in KEY.hex()


def test_a_tag_depends_on_purpose_value_and_installation() -> None:
    envelope = Envelope(KEY, installation="here")
    tags = {
        envelope.tag("a", "bc"),
        envelope.tag("ab", "c"),
        envelope.tag("a", "c"),
        Envelope(KEY, installation="there").tag("a", "bc"),
    }
    assert len(tags) == 4
    assert envelope.tag("a", "bc") == Envelope(KEY, installation="here").tag("a", "bc")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Envelope(bytes(length))


def test_an_envelope_does_not_print_its_key() -> None:
    assert KEY.hex() not in repr(Envelope(KEY))
    assert repr(KEY) not in repr(Envelope(KEY))
