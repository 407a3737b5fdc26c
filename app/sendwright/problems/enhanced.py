"""Matches enhanced status codes (RFC 3463) against patterns such as `5.7.8`, `x.7.26` and `4.7.500-699`."""

from functools import lru_cache
from typing import NamedTuple

MAX_PART = 999

_ANY = (0, MAX_PART)
_FAILURE = (4, 5)

# They say which part of mail is concerned and no more, so a server's words may tell better what it meant.
_VAGUE_SUBJECTS_WITH_DETAIL = {(7, 1)}


class InvalidPattern(ValueError):
    """The text is no pattern of enhanced status codes."""


class EnhancedPattern(NamedTuple):
    """Lowest and highest number allowed for class, subject and detail."""

    severity: tuple[int, int]
    subject: tuple[int, int]
    detail: tuple[int, int]

    def matches(self, code: str | None) -> bool:
        """Tell whether `code` is an enhanced status code inside the pattern."""
        parts = split(code)
        return parts is not None and all(low <= part <= high for part, (low, high) in zip(parts, self, strict=True))

    @property
    def vague(self) -> bool:
        """Whether the pattern stands for a code that names no cause of its own, such as 5.7.1 or 5.5.0."""
        subject, detail = self.subject[0], self.detail[0]
        return detail == 0 or (subject, detail) in _VAGUE_SUBJECTS_WITH_DETAIL

    @property
    def telling(self) -> bool:
        """Whether the pattern stands for codes that name a cause: neither vague nor open."""
        return not self.vague and _ANY not in {self.subject, self.detail}


@lru_cache(maxsize=64)  # one code is held against the patterns of all rules
def split(code: str | None) -> tuple[int, int, int] | None:
    """Return class, subject and detail of `code`, or None where it is no enhanced status code."""
    parts = (code or "").split(".")
    if len(parts) != len(EnhancedPattern._fields) or not all(_is_number(part) for part in parts):
        return None
    severity, subject, detail = (int(part) for part in parts)
    return severity, subject, detail


def parse_pattern(pattern: str) -> EnhancedPattern:
    """Return the pattern that `pattern` describes. Raises InvalidPattern.

    `x` stands for 4 or 5, `*` for any number, `a-b` for a range.
    """
    parts = pattern.split(".")
    if len(parts) != len(EnhancedPattern._fields):
        raise InvalidPattern(pattern)
    severity, subject, detail = (_range(part, pattern) for part in parts)
    return EnhancedPattern(severity, subject, detail)


def _range(part: str, pattern: str) -> tuple[int, int]:
    if part == "x":
        return _FAILURE
    if part == "*":
        return _ANY
    low, dash, high = part.partition("-")
    if not _is_number(low) or (dash and not _is_number(high)):
        raise InvalidPattern(pattern)
    return int(low), int(high) if dash else int(low)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= len(str(MAX_PART))
