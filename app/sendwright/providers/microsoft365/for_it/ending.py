"""When signing in to SMTP with a password ends, from data: Microsoft has moved the dates several times."""

import tomllib
from datetime import date
from functools import cache

import msgspec

from sendwright import resources

FILE = "microsoft/smtp_passwords.toml"


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens after a day. name: its words are `microsoft365.ending.<name>`, with the value `day`."""

    name: str
    after: date


class Ending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All changes in order. checked: when that was last looked at; source: where."""

    checked: str
    source: str
    change: tuple[Change, ...]


@cache
def ending() -> Ending:
    """Return the dates. Raises msgspec.ValidationError for a file that is not as it should be."""
    return msgspec.convert(tomllib.loads(resources.path(FILE).read_text(encoding="utf-8")), Ending)
