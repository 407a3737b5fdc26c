"""Writes a diagnosis down as a file, unless a secret is found in it."""

from collections.abc import Iterable

import msgspec

from sendwright.diagnosis_file.archive import write_archive
from sendwright.diagnosis_file.canaries import Search
from sendwright.diagnosis_file.contents import DiagnosisFile, Entry
from sendwright.diagnosis_file.manifest import NAME, Manifest, listed
from sendwright.diagnosis_file.ordinary import without_ordinary
from sendwright.diagnosis_file.parts import DIAGNOSIS, parts
from sendwright.diagnosis_file.refusals import SecretFound
from sendwright.diagnosis_file.unpacking import unpack
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.recording.visible import visible
from sendwright.secret import Secret

ARCHIVE = "archive"


def pack(file: DiagnosisFile, *, secrets: Iterable[Secret], pseudonyms: Pseudonyms) -> bytes:
    """Return the octets of `file`, the same ones for the same contents.

    secrets: what must not stand in it, in any form; one that is an ordinary word is cut out of the facts (`ordinary`).
    pseudonyms: says what is hidden; the same ones for the preview.
    What it returns has been read back. Raises SecretFound, and FileRefused where the contents go beyond `limits`.
    """
    known = tuple(secrets)
    entries = _entries(without_ordinary(file, known), pseudonyms)
    search = Search(known)
    for name, content in entries.items():
        form = search.in_octets(content) or search.in_words(_foreign(name, content))
        if form is not None:
            raise SecretFound(entry=name, form=form)
    octets = write_archive(entries)
    form = search.in_octets(octets)
    if form is not None:
        raise SecretFound(entry=ARCHIVE, form=form)
    unpack(octets)
    return octets


def preview(file: DiagnosisFile, *, pseudonyms: Pseudonyms, secrets: Iterable[Secret] = ()) -> tuple[Entry, ...]:
    """Return everything that `pack` would write, part by part, for the person to read before it is saved."""
    return tuple(
        Entry(name=name, lines=tuple(visible(line) for line in content.decode().split("\n")[:-1]))
        for name, content in _entries(without_ordinary(file, secrets), pseudonyms).items()
    )


def _entries(file: DiagnosisFile, pseudonyms: Pseudonyms) -> dict[str, bytes]:
    """Return all parts, the manifest first."""
    found = parts(file, pseudonyms)
    manifest = Manifest(program=file.program, made_at=file.made_at, language=file.language, entries=listed(found))
    return {NAME: msgspec.json.encode(manifest) + b"\n", **found}


def _foreign(name: str, content: bytes) -> bytes:
    """Return the part of `content` that may hold words of others, and that no other entry has.

    The report is made of our own sentences: a password that is an ordinary word would be found in each of them.
    """
    if name == NAME:
        return b""
    return msgspec.json.encode(msgspec.json.decode(content)["subject"]) if name == DIAGNOSIS else content
