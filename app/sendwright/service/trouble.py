"""What a request can end with instead of an answer: a code and its HTTP status; how a full disk looks."""

import errno
import sqlite3
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy.exc import DBAPIError

from sendwright.errors import SendwrightError

STATUS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "backend-request-invalid": 400,
        "backend-not-signed-in": 401,
        "backend-not-found": 404,
        "backend-method-not-allowed": 405,
        "backend-code-unknown": 403,
        "backend-code-used": 409,
        "backend-code-expired": 410,
        "profile-not-tested": 409,
        "profile-never-in-force": 409,
        "profile-test-running": 409,
        "backend-changed-meanwhile": 412,
        "backend-request-too-large": 413,
        "credentials-unreadable": 422,
        "credentials-sealed-for-another-key": 422,
        "credentials-of-another-profile": 422,
        "credentials-wrong-names": 422,
        "credentials-given-twice": 422,
        "credentials-source-unknown": 422,
        "credentials-of-another-account": 422,
        "certificate-unknown": 422,
        "application-credential-absent": 409,
        "application-place-unknown": 422,
        "application-organisation-unknown": 403,
        "signing-identity-absent": 409,
        "service-account-unknown": 403,
        "signing-domain-unknown": 403,
        "sign-in-disconnected": 409,
        "profile-invalid": 422,
        "idempotency-key-reused": 422,
        "notification-empty": 422,
        "notification-recipient-invalid": 422,
        "notification-subject-invalid": 422,
        "notification-too-late": 422,
        "notification-not-dead": 409,
        "backend-precondition-missing": 428,
        "backend-too-many-attempts": 429,
        "backend-fault": 500,
        "backend-storage-damaged": 500,
        "backend-not-ready": 503,
        "backend-busy": 503,
        "storage-full": 507,
    }
)
"""The codes that the backend answers with (`handoff.wire.ProblemDocument`) and their HTTP status."""

_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_SQLITE_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRESQL_FULL = "53100"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


class Trouble(SendwrightError):
    """A request cannot be answered as asked. `code` is a key of STATUS; detail: free of what was sent.

    retry_after_s: seconds to wait, where waiting helps.
    """

    def __init__(self, code: str, *, detail: str = "", retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.detail = detail
        self.retry_after_s = retry_after_s


def storage_trouble(error: BaseException) -> Trouble | None:
    """Return what `error` says about the disk or the database, None where it says something else."""
    seen: BaseException | None = error
    while seen is not None:
        original = seen.orig if isinstance(seen, DBAPIError) else seen
        code = getattr(original, "sqlite_errorcode", None)
        if isinstance(code, int):
            primary = code & 0xFF  # the rest refines it (sqlite.org/rescode.html)
            if primary in _SQLITE_FULL:
                return Trouble("storage-full")
            if primary in _SQLITE_DAMAGED:
                return Trouble("backend-storage-damaged")
            if primary in _SQLITE_BUSY:
                return Trouble("backend-busy", retry_after_s=1)
        if getattr(original, "sqlstate", None) == _POSTGRESQL_FULL:
            return Trouble("storage-full")
        if isinstance(original, OSError) and original.errno in _FULL:
            return Trouble("storage-full")
        seen = seen.__cause__
    return None
