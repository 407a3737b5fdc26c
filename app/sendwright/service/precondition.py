"""If-Match (RFC 9110 section 13.1.1): a write takes effect only on the state that its sender saw."""

import re

from sendwright.service.trouble import Trouble

_TAGS = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W/)?"[\x21\x23-\x7e]*"\s*)*')
_STRONG_TAG = re.compile(r'(?<!W/)"[\x21\x23-\x7e]*"')


class Precondition:
    """The value of an If-Match header."""

    __slots__ = ("_tags",)

    def __init__(self, header: str | None) -> None:
        """Raise Trouble `backend-precondition-missing`, or `backend-request-invalid` for nonsense."""
        if header is None:
            raise Trouble("backend-precondition-missing")
        self._tags: frozenset[str] | None = None
        if header.strip() != "*":
            if not _TAGS.fullmatch(header):
                raise Trouble("backend-request-invalid", detail="If-Match")
            self._tags = frozenset(_STRONG_TAG.findall(header))

    def require(self, tag: str, *, named: bool = False) -> None:
        """Raise Trouble `backend-changed-meanwhile` unless the state is still the one that was seen.

        named: any state (`*`) is not enough; then it is `backend-precondition-missing`.
        """
        if named and self._tags is None:
            raise Trouble("backend-precondition-missing")
        if self._tags is not None and tag not in self._tags:
            raise Trouble("backend-changed-meanwhile")


def etag_of(version: int | None, revision: int) -> str:
    """Return the entity tag of what is in force; two states never share one, even with the same version."""
    return f'"{version or 0}-{revision}"'
