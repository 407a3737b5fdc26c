"""Why a diagnosis file is not written, or not read."""

from enum import StrEnum

from sendwright.errors import SendwrightError


class Refusal(StrEnum):
    """Why a file is not read; its words are the text `diagnosis_file.refused.<code>`."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    NOT_A_DIAGNOSIS = "not-a-diagnosis"
    NEWER_VERSION = "newer-version"
    DAMAGED = "damaged"
    CHECKSUM = "checksum"
    ENCRYPTED = "encrypted"
    NAME = "name"
    NESTED = "nested"
    BOMB = "bomb"
    NOT_TEXT = "not-text"
    TOO_COMPLEX = "too-complex"
    CONTENT = "content"


class FileRefused(SendwrightError):
    """A file is no diagnosis file that can be read safely; `code` says why."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(str(code))
        self.code = code


class SecretFound(SendwrightError):
    """A secret stands in what was to be saved, so nothing was saved.

    entry: the part in which it stands, `archive` for the file as a whole. form: how it is written there:
    `plain`, `split` or `coded`. The secret itself is not part of the exception.
    """

    def __init__(self, *, entry: str, form: str) -> None:
        super().__init__(f"{entry}: {form}")
        self.entry = entry
        self.form = form
