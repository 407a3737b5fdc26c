"""What changed between two diagnoses."""

from datetime import datetime
from enum import StrEnum

import msgspec

from sendwright.diagnosis_file.contents import DiagnosisFile


class Changed(StrEnum):
    """What a change is about; its words are the text `diagnosis_file.changes.<kind>`."""

    SUBJECT = "subject"
    STAGE = "stage"
    PROBLEM_APPEARED = "problem-appeared"
    PROBLEM_GONE = "problem-gone"
    PROBLEM_LASTS = "problem-lasts"
    CERTIFICATE = "certificate"
    ADDRESSES = "addresses"
    GREETING = "greeting"
    PROGRAM = "program"
    ENVIRONMENT = "environment"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference, or one problem that lasts.

    name: id of the stage, code of the problem, name of the fact; empty where the kind says it all. former, latter: the
    values, empty where there is none.
    """

    kind: Changed
    name: str = ""
    former: str = ""
    latter: str = ""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two diagnoses side by side; the earlier one is the former, whichever was named first."""

    former_at: datetime
    latter_at: datetime
    changes: tuple[Change, ...]


def compare(former: DiagnosisFile, latter: DiagnosisFile) -> Comparison:
    """Return what changed from `former` to `latter`."""
    raise NotImplementedError
