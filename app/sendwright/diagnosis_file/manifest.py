"""The first part of a diagnosis file: what the others are, and by what one knows that they are whole."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

import msgspec

from sendwright.diagnosis_file.refusals import FileRefused, Refusal

NAME: Final = "manifest.json"
VERSION: Final = 1
SCHEMA: Final = f"sendwright.diagnosis-file/{VERSION}"
_SCHEMA: Final = re.compile(r"sendwright\.diagnosis-file/([1-9][0-9]{0,5})")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A part as the manifest lists it. size: bytes. sha256: of the unpacked content, in hex."""

    name: str
    size: int
    sha256: str
    lines: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """schema: name and version of the format. program: version of what made the file. made_at: RFC 3339 in UTC."""

    schema: str = SCHEMA
    program: str
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    language: str
    entries: tuple[Listed, ...]


class _Version(msgspec.Struct):
    schema: str


def listed(entries: Mapping[str, bytes]) -> tuple[Listed, ...]:
    """Return the list of `entries`."""
    return tuple(
        Listed(name=name, size=len(content), sha256=sha256(content).hexdigest(), lines=content.count(b"\n"))
        for name, content in entries.items()
    )


def read_manifest(entries: Mapping[str, bytes]) -> Manifest:
    """Return the manifest, which comes first, once all `entries` are what it says. Raises FileRefused."""
    if next(iter(entries), "") != NAME:
        raise FileRefused(Refusal.NOT_A_DIAGNOSIS)
    _require_version(entries[NAME])
    try:
        manifest = msgspec.json.decode(entries[NAME], type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FileRefused(Refusal.CONTENT) from error
    if _sorted(manifest.entries) != _sorted(listed({name: entries[name] for name in entries if name != NAME})):
        raise FileRefused(Refusal.CHECKSUM)
    return manifest


def _sorted(entries: Iterable[Listed]) -> list[Listed]:
    return sorted(entries, key=lambda entry: entry.name)


def _require_version(content: bytes) -> None:
    try:
        schema = msgspec.json.decode(content, type=_Version).schema
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FileRefused(Refusal.NOT_A_DIAGNOSIS) from error
    found = _SCHEMA.fullmatch(schema)
    if found is None:
        raise FileRefused(Refusal.NOT_A_DIAGNOSIS)
    if int(found[1]) > VERSION:
        raise FileRefused(Refusal.NEWER_VERSION)
