"""Reads a diagnosis file, whoever made it: only data comes out of it, nothing runs, nothing is fetched."""

from pathlib import Path

from sendwright.diagnosis_file.contents import DiagnosisFile


def unpack(octets: bytes) -> DiagnosisFile:
    """Return what stands in a diagnosis file. Raises FileRefused, and nothing else, whatever `octets` are."""
    raise NotImplementedError


def read(path: Path) -> DiagnosisFile:
    """Return what stands in the file at `path`. Raises FileRefused, also where it cannot be read."""
    raise NotImplementedError
