"""Zip files written octet by octet, so that they can lie."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part, and what its two headers say of it; None says the truth. offset: where the directory says it is."""

    name: bytes
    content: bytes
    method: int = 8
    flags: int = 0
    said_size: int | None = None
    said_packed: int | None = None
    said_crc: int | None = None
    local_name: bytes | None = None
    offset: int | None = None
    mode: int = 0o100600
    extra: bytes = b""
    before: bytes = b""
    packed: bytes | None = None

    @property
    def data(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method == 0:
            return self.content
        deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return deflater.compress(self.content) + deflater.flush()

    @property
    def size(self) -> int:
        return len(self.content) if self.said_size is None else self.said_size

    @property
    def packed_size(self) -> int:
        return len(self.data) if self.said_packed is None else self.said_packed

    @property
    def crc(self) -> int:
        return zlib.crc32(self.content) if self.said_crc is None else self.said_crc


def hand_zip(parts: Sequence[Part], *, comment: bytes = b"", count: int | None = None, disk: int = 0) -> bytes:
    body, directory = b"", b""
    for part in parts:
        body += part.before
        at = len(body) if part.offset is None else part.offset
        name = part.name if part.local_name is None else part.local_name
        about = (part.flags, part.method, 0, 0x21, part.crc, part.packed_size, part.size)
        body += struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, *about, len(name), len(part.extra))
        body += name + part.extra + part.data
        directory += struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            0x0314,
            20,
            *about,
            len(part.name),
            0,
            0,
            0,
            0,
            part.mode << 16,
            at,
        )
        directory += part.name
    number = len(parts) if count is None else count
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", disk, 0, number, number, len(directory), len(body), len(comment))
    return body + directory + end + comment
