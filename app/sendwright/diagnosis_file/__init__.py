"""The diagnosis file: what was found, to be kept, passed on, opened elsewhere and compared."""

from sendwright.diagnosis_file.comparing import Change, Changed, Comparison, compare
from sendwright.diagnosis_file.contents import ENDING, DiagnosisFile, Entry, Shown, first_problem
from sendwright.diagnosis_file.ordinary import holds_ordinary, without_secrets
from sendwright.diagnosis_file.packing import pack, preview
from sendwright.diagnosis_file.refusals import FileRefused, Refusal, SecretFound
from sendwright.diagnosis_file.saving import save
from sendwright.diagnosis_file.unpacking import read, unpack

__all__ = [
    "ENDING",
    "Change",
    "Changed",
    "Comparison",
    "DiagnosisFile",
    "Entry",
    "FileRefused",
    "Refusal",
    "SecretFound",
    "Shown",
    "compare",
    "first_problem",
    "holds_ordinary",
    "pack",
    "preview",
    "read",
    "save",
    "unpack",
    "without_secrets",
]
