"""Saves a diagnosis file."""

from collections.abc import Iterable
from pathlib import Path

from sendwright.diagnosis_file.contents import DiagnosisFile
from sendwright.diagnosis_file.packing import pack
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.secret import Secret
from sendwright.storage import write_atomically


def save(path: Path, file: DiagnosisFile, *, secrets: Iterable[Secret], pseudonyms: Pseudonyms) -> None:
    """Write `file` to `path`, readable by this person only, complete or not at all.

    The name is taken as it is, without an ending of ours. Raises SecretFound, and OSError where it cannot be written.
    """
    write_atomically(path, pack(file, secrets=secrets, pseudonyms=pseudonyms))
