"""The zip around the file: the plainest kind is read, every trick is refused by its name."""

import io
import zipfile

import pytest
from tests.unit.diagnosis_file.hand_zip import Part, hand_zip
from tests.unit.diagnosis_file.made import contents, diagnosis, packed, zipped

from sendwright.diagnosis_file import FileRefused, limits
from sendwright.diagnosis_file.archive import read_archive, write_archive

FINE = Part(name=b"manifest.json", content=b'{"a": 1}\n')
OTHER = Part(name=b"events.jsonl", content=b"{}\n" * 40)
ENTRIES = {"manifest.json": FINE.content, "events.jsonl": OTHER.content, "wall.jsonl": b""}
MEGABYTE = 1024 * 1024


def code_of(octets: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read_archive(octets)
    return refused.value.code


def test_what_was_written_is_read_in_the_same_order() -> None:
    found = read_archive(write_archive(ENTRIES))
    assert found == ENTRIES
    assert list(found) == list(ENTRIES)


def test_what_was_written_says_nothing_of_the_computer_or_the_hour() -> None:
    with zipfile.ZipFile(io.BytesIO(write_archive(ENTRIES))) as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr >> 16, info.extra, info.comment) == (3, 0o100600, b"", b"")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_of_another_program_is_read_stored_or_deflated(method: int) -> None:
    assert read_archive(zipped(ENTRIES, method=method)) == ENTRIES


def test_the_hand_written_zip_is_one_when_it_does_not_lie() -> None:
    octets = hand_zip([FINE, OTHER])
    assert read_archive(octets) == contents(octets) == {"manifest.json": FINE.content, "events.jsonl": OTHER.content}


def test_fields_that_other_programs_add_to_a_header_do_not_matter() -> None:
    times = b"UT\x05\x00\x03\x00\x00\x00\x00"
    assert read_archive(hand_zip([Part(name=b"a.json", content=b"{}\n", extra=times)])) == {"a.json": b"{}\n"}


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "not-a-diagnosis"),
        (b"PK", "not-a-diagnosis"),
        (b"\x89PNG\r\n", "not-a-diagnosis"),
        (b'{"schema": "sendwright.diagnosis/1"}', "not-a-diagnosis"),
        (b"MZ" + hand_zip([FINE]), "not-a-diagnosis"),
        (b"PK\x05\x06" + bytes(18), "not-a-diagnosis"),
        (b"PK\x03\x04", "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (hand_zip([FINE])[:-1], "damaged"),
        (hand_zip([FINE])[:-30], "damaged"),
        (hand_zip([FINE]) + b"\n", "damaged"),
        (hand_zip([FINE], comment=b"hello"), "damaged"),
        (hand_zip([FINE], count=2), "damaged"),
        (hand_zip([FINE, OTHER], count=1), "damaged"),
        (hand_zip([FINE], disk=1), "damaged"),
        (b"PK\x03\x04" + bytes(limits.FILE), "too-large"),
    ],
)
def test_what_is_no_whole_zip_is_refused(octets: bytes, code: str) -> None:
    assert code_of(octets) == code


@pytest.mark.parametrize("end", range(4, 150, 7))
def test_a_file_cut_off_anywhere_is_damaged(end: int) -> None:
    assert code_of(packed(diagnosis())[:-end]) == "damaged"


@pytest.mark.parametrize(
    "name",
    [
        b"../manifest.json",
        b"/etc/passwd.json",
        b"a/b.json",
        b"a\\b.json",
        b"c:a.json",
        b"A.json",
        b"a.exe",
        b"a.json\0.exe",
        b"a.json\n",
        b".json",
        b"-a.json",
        b"\xffa.json",
        b"con",
        b"",
        b"a" * 60 + b".json",
        b"folder/",
    ],
)
def test_a_name_that_is_more_than_a_name_is_refused(name: bytes) -> None:
    assert code_of(hand_zip([FINE, Part(name=name, content=b"x")])) == "name"


@pytest.mark.parametrize("name", [b"a.zip", b"A.ZIP", b"a.tar.gz", b"x.7z", b"../a.zip", b"a.sendwright-diagnosis"])
def test_an_archive_inside_is_refused_by_its_name(name: bytes) -> None:
    assert code_of(hand_zip([FINE, Part(name=name, content=b"x")])) == "nested"


@pytest.mark.parametrize(
    "content",
    [
        hand_zip([FINE]),
        b"\x1f\x8b\x08\0",
        b"BZh91AY",
        b"\xfd7zXZ\0",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a",
        b"\x28\xb5\x2f\xfd",
    ],
)
def test_an_archive_inside_is_refused_by_what_it_is(content: bytes) -> None:
    assert code_of(hand_zip([FINE, Part(name=b"events.jsonl", content=content, method=0)])) == "nested"


@pytest.mark.parametrize("mode", [0o120777, 0o040755, 0o020666, 0o010644])
def test_a_link_a_folder_or_a_device_is_refused(mode: int) -> None:
    assert code_of(hand_zip([Part(name=b"a.json", content=b"/etc/passwd", mode=mode)])) == "name"


def test_a_name_that_comes_twice_is_refused() -> None:
    assert code_of(hand_zip([FINE, FINE])) == "name"


@pytest.mark.parametrize("flags", [0x1, 0x40 | 0x1, 0x2000, 0x1 | 0x8])
def test_an_encrypted_part_is_refused(flags: int) -> None:
    assert code_of(hand_zip([Part(name=b"a.json", content=b"{}", flags=flags)])) == "encrypted"


@pytest.mark.parametrize(
    "part",
    [
        Part(name=b"a.json", content=b"{}", flags=0x8),  # sizes behind the content
        Part(name=b"a.json", content=b"{}", method=12),
        Part(name=b"a.json", content=b"{}", method=99),
        Part(name=b"a.json", content=b"{}", said_crc=1),
        Part(name=b"a.json", content=b"{}", said_size=1, method=0),
        Part(name=b"a.json", content=b"{}", said_size=3, method=0),
        Part(name=b"a.json", content=b"{}", said_size=3),
        Part(name=b"a.json", content=b"{}", said_packed=1),
        Part(name=b"a.json", content=b"{}", said_packed=0xFFFFFFFF),
        Part(name=b"a.json", content=b"{}", local_name=b"b.json"),
        Part(name=b"a.json", content=b"{}", local_name=b"a.jso"),
        Part(name=b"a.json", content=b"{}", offset=1),
        Part(name=b"a.json", content=b"{}", offset=0xFFFFFFFF),
        Part(name=b"a.json", content=b"{}", packed=b"\xff\xff\xff"),
        Part(name=b"a.json", content=b"{}", packed=b""),
        Part(name=b"a.json", content=b"", packed=b"\x03\x00junk"),
    ],
)
def test_a_header_that_lies_is_damage(part: Part) -> None:
    assert code_of(hand_zip([part])) == "damaged"


def test_parts_that_share_their_octets_are_refused() -> None:
    inner = Part(name=b"b.json", content=b"{}\n", method=0, offset=0)
    assert code_of(hand_zip([Part(name=b"a.json", content=b"{}\n", method=0), inner])) == "damaged"


def test_octets_hidden_between_parts_are_refused() -> None:
    assert code_of(hand_zip([FINE, Part(name=b"b.json", content=b"{}\n", before=b"hidden")])) == "damaged"


def test_octets_hidden_before_the_directory_are_refused() -> None:
    last = Part(name=b"b.json", content=b"{}\n", method=0)
    octets = hand_zip([FINE, last])
    at = octets.index(b"PK\x01\x02")
    assert code_of(octets[:at] + b"hidden" + octets[at:]) == "damaged"


@pytest.mark.parametrize(
    "parts",
    [
        [Part(name=b"a.jsonl", content=bytes(2 * MEGABYTE))],  # a thousand times smaller than what is in it
        [Part(name=b"a.jsonl", content=b"{}", said_size=1)],  # more in it than it says
        [Part(name=b"a.jsonl", content=b"{}", said_size=limits.ENTRY + 1)],
        [Part(name=b"a%d.jsonl" % number, content=b"{}", said_size=limits.ENTRY) for number in range(3)],
        [Part(name=b"a%d.jsonl" % number, content=b"") for number in range(limits.ENTRIES + 1)],
    ],
)
def test_what_would_grow_beyond_measure_is_a_bomb(parts: list[Part]) -> None:
    assert code_of(hand_zip(parts)) == "bomb"


def test_a_small_part_may_shrink_as_much_as_it_can() -> None:
    content = b"{}\n" * 100_000
    assert read_archive(hand_zip([Part(name=b"a.jsonl", content=content)])) == {"a.jsonl": content}


def test_the_most_parts_that_are_allowed_are_read() -> None:
    parts = [Part(name=b"a%d.jsonl" % number, content=b"") for number in range(limits.ENTRIES)]
    assert len(read_archive(hand_zip(parts))) == limits.ENTRIES
