"""Turns a key into words: the only way words reach a person."""

import os
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from sendwright import resources
from sendwright.errors import ResourceMissing, TextMissing

LANGUAGES = ("en", "fr", "nl")
DEFAULT_LANGUAGE = "en"

_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """Return the language in use: the chosen one, else `$SENDWRIGHT_LANGUAGE`, else the system's, else English."""
    chosen = _chosen.get()
    if chosen:
        return chosen
    for variable in ("SENDWRIGHT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(variable, "")[:2].lower()
        if wanted in LANGUAGES:
            return wanted
    return DEFAULT_LANGUAGE


@contextmanager
def speaking(wanted: str | None) -> Iterator[None]:
    """Use the language `wanted` (ISO 639-1) inside the block; None leaves the choice to the environment."""
    token = _chosen.set(wanted)
    try:
        yield
    finally:
        _chosen.reset(token)


def text(key: str, **values: object) -> str:
    """Return the words of `key` with `values` filled in.

    A key is the name of a file or folder in `texts/<language>` and the path inside it: `start.screen.title`; the files
    of a folder are read as one. Where the words
    are a table with `one` and `other` (and perhaps `none`), the value `count` chooses. Raises TextMissing.
    """
    words = _find(key)
    if isinstance(words, dict) and "other" in words:
        words = words[_plural(values.get("count"), words)]
    if not isinstance(words, str):
        raise TextMissing(key)
    return _fill(key, words, values)


def lines(key: str, **values: object) -> tuple[str, ...]:
    """Return a list of texts, each with `values` filled in; a key without words is an empty list."""
    words = _find(key, missing=[])
    if not isinstance(words, list):
        raise TextMissing(key)
    return tuple(_fill(key, line, values) for line in words)


def here(moment: datetime) -> str:
    """Return a moment, aware, as a person at this computer reads it: local date and time, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def placeholders(key: str) -> frozenset[str]:
    """Return the names of the values that the words of `key` want, all lines and plural forms together."""
    words = _find(key, missing=[])
    forms = list(words.values()) if isinstance(words, dict) else words
    parts = forms if isinstance(forms, list) else [forms]
    return frozenset(name for part in parts for _, name, _, _ in Formatter().parse(str(part)) if name)


def has(key: str) -> bool:
    """Tell whether `key` has words in the language in use, or in English."""
    return _find(key, missing=None) is not None


def catalogue(of: str) -> Mapping[str, object]:
    """Return all words of the language `of`, flat: key to str, list of str, or table of plural forms."""
    found: dict[str, object] = {}
    for area in {_area(file) for file in _files(of)}:
        found.update(_load(of, area))
    return MappingProxyType(found)


_REFUSE = object()


def _find(key: str, *, missing: object = _REFUSE) -> object:
    area = key.partition(".")[0]
    for candidate in (language(), DEFAULT_LANGUAGE):
        found = _load(candidate, area).get(key)
        if found is not None:
            return found
    if missing is _REFUSE:
        raise TextMissing(key)
    return missing


def _fill(key: str, words: object, values: Mapping[str, object]) -> str:
    try:
        return str(words).format_map(values)
    except (KeyError, IndexError, ValueError) as error:
        raise TextMissing(f"{key}: {error}") from error


def _plural(count: object, forms: Collection[str]) -> str:
    """Choose by CLDR's rule for whole numbers: French counts nought as one, English and Dutch do not."""
    number = int(count) if isinstance(count, int) or (isinstance(count, str) and count.isdecimal()) else None
    if number == 0 and "none" in forms:
        return "none"
    singular = {0, 1} if language() == "fr" else {1}
    return "one" if number in singular and "one" in forms else "other"


def _files(of: str) -> list[Path]:
    try:
        folder = resources.path(f"texts/{of}")
    except ResourceMissing:
        return []
    return sorted((*folder.glob("*.toml"), *folder.glob("*/*.toml")))


def _area(file: Path) -> str:
    """Return the name of the file, or of its folder where it stands in one."""
    return file.stem if file.parent.name in LANGUAGES else file.parent.name


@cache
def _load(of: str, area: str) -> Mapping[str, object]:
    """Read one area: a command that says three sentences has no use for all the others."""
    found: dict[str, object] = {}
    for file in _files(of):
        if _area(file) == area:
            found.update(_flatten(area, tomllib.loads(file.read_text(encoding="utf-8"))))
    return MappingProxyType(found)


def _flatten(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict) and "other" not in value:
            yield from _flatten(key, value)
        else:
            yield key, value
