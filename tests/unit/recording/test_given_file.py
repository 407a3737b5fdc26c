"""Files that a person gives: read as text with bounds, refused by a name, never run."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording import given_file
from sendwright.recording.given_file import FileRefused, read_given, read_words

MESSAGE = "From: Anna <anna@example.org>\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nBonjour à tous\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "message.eml"


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_words(path)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-with-mark"])
def test_the_words_of_a_message_are_lines_that_can_be_shown(file: Path, encoding: str) -> None:
    octets = b"\xff\xfe" + MESSAGE.encode("utf-16-le") if encoding.startswith("utf-16-le") else MESSAGE.encode(encoding)
    file.write_bytes(octets)
    words = read_words(file)
    assert words.text == MESSAGE.replace("\r\n", "\n")
    assert words.whole
    assert words.lines == 4


def test_octets_of_an_older_encoding_do_not_stop_it(file: Path) -> None:
    file.write_bytes(b"From: anna@example.org\n\nd\xe9j\xe0 vu, and a good many plain words after it\n")
    assert read_words(file).text.startswith("From: anna@example.org\n\nd")


@pytest.mark.parametrize(
    "octets",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        b"PK\x03\x04" + bytes(40),
        b"\x7fELF\x02\x01\x01",
        b"%PDF-1.7\n",
        bytes(range(256)) * 8,
    ],
    ids=["outlook", "archive", "program", "pdf", "octets"],
)
def test_what_is_no_text_is_refused(file: Path, octets: bytes) -> None:
    file.write_bytes(octets)
    assert refusal(file) == "no-text"
    assert read_given(file) == octets


def test_a_folder_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "folder"
    assert refusal(tmp_path / "nowhere") == "unreadable"
    assert refusal(Path("a\0b")) == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "unreadable"


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_more_than_it_reads_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, more: int, *, refused: bool
) -> None:
    monkeypatch.setattr(given_file, "LONGEST_FILE", 100)
    file.write_bytes(b"a" * (100 + more))
    if refused:
        assert refusal(file) == "too-large"
    else:
        assert len(read_given(file)) == 100


def test_of_a_long_file_the_first_whole_lines_are_taken(file: Path) -> None:
    file.write_text("one\ntwo\nthree\n" * 10)
    words = read_words(file, letters=10)
    assert words.text == "one\ntwo\n"
    assert not words.whole
    file.write_text("no end of a line " * 10)
    assert read_words(file, letters=10).text == "no end of "


@given(text=st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=60))
def test_whatever_is_taken_is_the_beginning(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("given") / "x.txt"
    file.write_text(f"words {text}", encoding="utf-8")
    words = read_words(file, letters=20)
    shown = f"words {text}"
    assert len(words.text) <= 20
    assert words.whole is (len(shown) <= 20)
    assert all(one in {other, " "} for one, other in zip(words.text, shown, strict=False))
