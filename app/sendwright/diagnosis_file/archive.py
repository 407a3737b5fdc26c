"""Writes and reads the zip around a diagnosis file: the plainest kind there is, and no other."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sendwright.diagnosis_file import limits
from sendwright.diagnosis_file.refusals import FileRefused, Refusal

_LOCAL, _CENTRAL, _END = (
    struct.Struct("<4sHHHHHIIIHH"),
    struct.Struct("<4sHHHHHHIIIHHHHHII"),
    struct.Struct("<4sHHHHIIH"),
)
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 0x2041
"""Flags of encrypted contents, strong encryption and hidden headers (APPNOTE.TXT 4.4.4)."""
_HARMLESS: Final = 0x0806
"""Flags that only say how hard the compressor tried, and that a name is UTF-8."""
_NAME: Final = re.compile(rb"[a-z][a-z0-9-]{0,40}\.jsonl?")
_ARCHIVE_NAME: Final = re.compile(rb".*\.(?:zip|gz|tgz|bz2|xz|zst|7z|rar|tar|jar|sendwright-diagnosis)", re.DOTALL)
_ARCHIVE_SIGNS: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)


class _Header(NamedTuple):
    """What the directory says of a part."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    offset: int


def write_archive(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip of `entries` in their order; the same entries give the same octets."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)  # dated 1980-01-01: when it was made stands inside
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def read_archive(octets: bytes) -> dict[str, bytes]:
    """Return the entries of a zip in their order.

    Only the plainest kind is read: parts lie one behind the other from the first byte to the directory, the directory
    reaches to the end, and both say the same of each part; so nothing can overlap or hide. Raises FileRefused.
    """
    if len(octets) > limits.FILE:
        raise FileRefused(Refusal.TOO_LARGE)
    if not octets.startswith(_LOCAL_SIGN):
        raise FileRefused(Refusal.NOT_A_DIAGNOSIS)
    found: dict[str, bytes] = {}
    place, left = 0, limits.ALL_ENTRIES
    headers, directory = _directory(octets)
    for header in headers:
        _require_name(header.name)
        name = header.name.decode("ascii")
        if name in found:
            raise FileRefused(Refusal.NAME)
        left -= header.unpacked
        if left < 0 or header.unpacked > limits.ENTRY or _is_bomb(header):
            raise FileRefused(Refusal.BOMB)
        start = _start_of_content(octets, header, place)
        place = start + header.packed
        if place > directory:
            raise FileRefused(Refusal.DAMAGED)
        found[name] = _content(octets[start:place], header)
    if place != directory:
        raise FileRefused(Refusal.DAMAGED)
    return found


def _directory(octets: bytes) -> tuple[list[_Header], int]:
    """Return what the directory says of each part, and where the directory begins."""
    end = len(octets) - _END.size
    if end < 0:
        raise FileRefused(Refusal.DAMAGED)
    sign, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(octets, end)
    if sign != _END_SIGN or (disk, first_disk, comment) != (0, 0, 0) or here != count or offset + size != end:
        raise FileRefused(Refusal.DAMAGED)
    if count > limits.ENTRIES:
        raise FileRefused(Refusal.BOMB)
    return list(_headers(octets[offset:end], count)), offset


def _headers(directory: bytes, count: int) -> Iterator[_Header]:
    place = 0
    for _ in range(count):
        if place + _CENTRAL.size > len(directory):
            raise FileRefused(Refusal.DAMAGED)
        values = _CENTRAL.unpack_from(directory, place)
        sign, _, _, flags, method, _, _, crc, packed, unpacked, length, extra, comment, disk, _, kind, offset = values
        place += _CENTRAL.size
        name = directory[place : place + length]
        place += length + extra + comment
        if sign != _CENTRAL_SIGN or disk != 0 or len(name) != length or place > len(directory):
            raise FileRefused(Refusal.DAMAGED)
        if flags & _ENCRYPTED:
            raise FileRefused(Refusal.ENCRYPTED)
        if flags & ~_HARMLESS or method not in (_STORED, _DEFLATED):
            raise FileRefused(Refusal.DAMAGED)
        if stat.S_IFMT(kind >> 16) not in (0, stat.S_IFREG):
            raise FileRefused(Refusal.NAME)  # a link, a folder, a device
        yield _Header(name, flags, method, crc, packed, unpacked, offset)
    if place != len(directory):
        raise FileRefused(Refusal.DAMAGED)


def _require_name(name: bytes) -> None:
    if _ARCHIVE_NAME.fullmatch(name.lower()):
        raise FileRefused(Refusal.NESTED)
    if not _NAME.fullmatch(name):
        raise FileRefused(Refusal.NAME)


def _is_bomb(header: _Header) -> bool:
    return header.unpacked > limits.FREE_OF_RATIO and header.unpacked > header.packed * limits.RATIO


def _start_of_content(octets: bytes, header: _Header, place: int) -> int:
    """Return where the part's content begins; its own header stands at `place` and repeats the directory's."""
    if header.offset != place or place + _LOCAL.size > len(octets):
        raise FileRefused(Refusal.DAMAGED)
    sign, _, flags, method, _, _, crc, packed, unpacked, length, extra = _LOCAL.unpack_from(octets, place)
    name = octets[place + _LOCAL.size : place + _LOCAL.size + length]
    said = _Header(name, flags, method, crc, packed, unpacked, place)
    if sign != _LOCAL_SIGN or said != header:
        raise FileRefused(Refusal.DAMAGED)
    return place + _LOCAL.size + int(length) + int(extra)


def _content(packed: bytes, header: _Header) -> bytes:
    content = packed if header.method == _STORED else _inflated(packed, header.unpacked)
    if len(content) != header.unpacked or zlib.crc32(content) != header.crc:
        raise FileRefused(Refusal.DAMAGED)
    if content.startswith(_ARCHIVE_SIGNS):
        raise FileRefused(Refusal.NESTED)
    return content


def _inflated(packed: bytes, size: int) -> bytes:
    """Unpack no more than one byte beyond what was promised."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, size + 1)
    except zlib.error as error:
        raise FileRefused(Refusal.DAMAGED) from error
    if len(content) > size:
        raise FileRefused(Refusal.BOMB)
    if not inflater.eof or inflater.unused_data:
        raise FileRefused(Refusal.DAMAGED)
    return content
