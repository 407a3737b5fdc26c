"""What is pasted becomes text, or is refused by name."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted.admission import LONGEST, admit, visible
from sendwright.problems.pasted.understood import PasteRefused

WORDS = "550 5.1.1 Größe überschritten"


@pytest.mark.parametrize(
    "octets",
    [
        WORDS.encode(),
        codecs.BOM_UTF8 + WORDS.encode(),
        codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + WORDS.encode("utf-32-be"),
    ],
    ids=["utf-8", "utf-8-mark", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"],
)
def test_octets_are_read_by_their_mark(octets: bytes) -> None:
    assert admit(octets) == WORDS


def test_another_encoding_loses_letters_and_nothing_else() -> None:
    assert admit(WORDS.encode("latin-1")) == "550 5.1.1 Gr��e �berschritten"


def test_a_torn_pair_of_utf_16_is_read_as_far_as_it_goes() -> None:
    assert admit(codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le") + b"\x00") == f"{WORDS}�"


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1])
@pytest.mark.parametrize("letter", ["x", b"x"])
def test_the_limit_is_the_limit(length: int, letter: str | bytes) -> None:
    if length <= LONGEST:
        assert len(admit(letter * length)) == length
        return
    with pytest.raises(PasteRefused) as refused:
        admit(letter * length)
    assert refused.value.code == "too-long"


@pytest.mark.parametrize(
    ("begin", "code"),
    [
        (b"PK\x03\x04", "archive"),
        (b"PK\x05\x06", "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"BZh9", "archive"),
        (b"\xfd7zXZ\x00", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"Rar!\x1a\x07", "archive"),
        (b"\x28\xb5\x2f\xfd", "archive"),
        (b"%PDF-1.7", "not-text"),
        (b"\x89PNG\r\n", "not-text"),
        (b"\xff\xd8\xff\xe0", "not-text"),
        (b"\xd0\xcf\x11\xe0", "not-text"),
        (b"\x7fELF", "not-text"),
    ],
)
def test_files_of_other_programs_are_told_by_how_they_begin(begin: bytes, code: str) -> None:
    with pytest.raises(PasteRefused) as refused:
        admit(begin + b" and so on")
    assert refused.value.code == code


@pytest.mark.parametrize("begin", ["PK\x03\x04", "\x1f\x8b\x08"])
def test_an_archive_pasted_as_text_is_one_too(begin: str) -> None:
    with pytest.raises(PasteRefused) as refused:
        admit(begin)
    assert refused.value.code == "archive"


@pytest.mark.parametrize("octets", [b"\x00" * 100, bytes(range(256)) * 10, b"\xfe\xfd\xfc" * 100])
def test_what_is_mostly_no_text_is_refused(octets: bytes) -> None:
    with pytest.raises(PasteRefused) as refused:
        admit(octets)
    assert refused.value.code == "not-text"


def test_a_few_control_characters_in_a_text_become_blanks() -> None:
    assert admit("550\x00 5.1.1\x07 no") == "550  5.1.1  no"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;title\x07", " ]0;title "),
        ("left\u202eright", "left right"),
        ("zero\u200bwidth", "zero width"),
        ("no\u00a0break", "no break"),
        ("tab\there", "tab here"),
        ("\ud800", " "),
        ("日本 é ✓", "日本 é ✓"),
    ],
)
def test_what_could_steer_a_terminal_is_left_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_whatever_is_visible_can_be_written_and_steers_nothing(text: str) -> None:
    shown = visible(text)
    assert all(character == "\n" or character.isprintable() for character in shown)
    assert shown.encode().decode() == shown
    assert visible(shown) == shown


@given(st.binary(max_size=300))
def test_any_octets_are_text_or_are_refused(octets: bytes) -> None:
    try:
        text = admit(octets)
    except PasteRefused as refused:
        assert refused.code in {"archive", "not-text"}  # noqa: PT017 - either is right, and so is text
    else:
        assert "\x00" not in text
