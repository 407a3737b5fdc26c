"""Whatever goes wrong inside becomes a code, and the code says neither too little nor too much."""

import errno
import sqlite3

import pytest
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotAuthorizedException,
    NotFoundException,
    ServiceUnavailableException,
    TooManyRequestsException,
    ValidationException,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.problem_details import trouble_of
from sendwright.service.trouble import STATUS, Trouble, storage_trouble
from sendwright.texts import text


def sqlite_error(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("words that decide nothing")
    error.sqlite_errorcode = code
    return error


def wrapped(original: BaseException) -> OperationalError:
    return OperationalError("INSERT INTO profiles …", {"value": "canary"}, original)


class PostgresqlError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Trouble("profile-not-tested"), "profile-not-tested"),
        (ValidationException("wrong"), "backend-request-invalid"),
        (NotFoundException(), "backend-not-found"),
        (MethodNotAllowedException(), "backend-method-not-allowed"),
        (NotAuthorizedException(), "backend-not-signed-in"),
        (TooManyRequestsException(), "backend-too-many-attempts"),
        (ServiceUnavailableException(), "backend-not-ready"),
        (HTTPException(status_code=413), "backend-request-too-large"),
        (HTTPException(status_code=415), "backend-request-invalid"),
        (HTTPException(status_code=500), "backend-fault"),
        (InternalServerException("client disconnected prematurely"), "backend-request-invalid"),
        (RecursionError(), "backend-request-invalid"),
        (EnvelopeBroken("tag"), "backend-storage-damaged"),
        (ProfileUnusable("unknown kind"), "profile-invalid"),
        (wrapped(sqlite_error(sqlite3.SQLITE_FULL)), "storage-full"),
        (IntegrityError("INSERT", {}, sqlite_error(sqlite3.SQLITE_CONSTRAINT)), "backend-fault"),
        (KeyError("canary"), "backend-fault"),
        (AssertionError(), "backend-fault"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_exception_becomes_a_code(error: Exception, code: str) -> None:
    trouble = trouble_of(error)
    assert (trouble.code, trouble.status) == (code, STATUS[code])
    assert "canary" not in trouble.detail


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ("Expected `int`, got `str` - at `$.version`", "$.version"),
        ("Expected `str` - at `$.data.profile.settings[...]`", "$.profile.settings[...]"),
        ("Invalid enum value 'canary' - at `$.kind`", "$.kind"),
        ("Object contains unknown field `canary`", ""),
        ("JSON is malformed: invalid character (byte 7)", ""),
        ("Invalid value 'canary' - at `$.canary canary`", ""),
        ("", ""),
    ],
)
def test_the_place_is_told_and_never_what_stood_there(words: str, detail: str) -> None:
    error = ValidationException(words)
    assert trouble_of(error).detail == detail
    outer = ValidationException("outside")
    outer.__cause__ = ValueError(words)
    assert trouble_of(outer).detail == detail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), "storage-full"),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), "storage-full"),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), "storage-full"),
        (sqlite_error(sqlite3.SQLITE_READONLY), "storage-full"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), "storage-full"),
        (sqlite_error(sqlite3.SQLITE_BUSY), "backend-busy"),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), "backend-busy"),
        (sqlite_error(sqlite3.SQLITE_LOCKED), "backend-busy"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT, sqlite3.DatabaseError), "backend-storage-damaged"),
        (sqlite_error(sqlite3.SQLITE_NOTADB, sqlite3.DatabaseError), "backend-storage-damaged"),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT, sqlite3.IntegrityError), None),
        (sqlite3.OperationalError("no code at all"), None),
        (PostgresqlError("53100"), "storage-full"),
        (PostgresqlError("23505"), None),
        (OSError(errno.ENOSPC, "x"), "storage-full"),
        (OSError(errno.EDQUOT, "x"), "storage-full"),
        (OSError(errno.EFBIG, "x"), "storage-full"),
        (OSError(errno.EROFS, "x"), "storage-full"),
        (OSError(errno.ECONNRESET, "x"), None),
        (ValueError("database or disk is full"), None),
    ],
    ids=range(20),
)
@pytest.mark.parametrize("depth", ["bare", "wrapped", "caused"])
def test_a_full_disk_is_known_by_its_code_however_deep(error: Exception, code: str | None, depth: str) -> None:
    seen: BaseException = error
    if depth == "wrapped":
        seen = wrapped(error)
    elif depth == "caused":
        seen = RuntimeError("outside")
        seen.__cause__ = error
    found = storage_trouble(seen)
    assert (found.code if found else None) == code


def test_whoever_finds_it_busy_is_told_when_to_come_back() -> None:
    found = storage_trouble(sqlite_error(sqlite3.SQLITE_BUSY))
    assert found is not None
    assert found.retry_after_s == 1


def test_a_code_that_nobody_named_cannot_be_used() -> None:
    with pytest.raises(KeyError):
        Trouble("something-else")


@pytest.mark.parametrize("code", sorted(STATUS))
def test_the_words_of_a_code_are_a_short_sentence_without_blame(code: str) -> None:
    words = text(f"service.trouble.{code}")
    assert words.endswith(".")
    assert "!" not in words
    assert len(words) <= 120
    assert not {"invalid", "illegal", "forbidden", "error"} & set(words.lower().split())
