"""Reads the addresses to which a browser was sent back with an error (RFC 6749 section 4.1.2.1)."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from sendwright.problems.evidence import Evidence
from sendwright.problems.pasted.admission import visible
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.issuer import issuers
from sendwright.problems.pasted.names import find_names
from sendwright.problems.pasted.values import values_of
from sendwright.problems.rule import UNKNOWN_STAGE

_LINK = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,80}:/{1,3}[^\s<>\"'`]{1,8000}")
_QUERY = re.compile(r"[?#&]?(?:[A-Za-z_]{1,40}=[^\s&]{0,2000}&){0,20}error(?:_description)?=")
_NUMBER = re.compile(r"AADSTS([0-9]{4,8})(?![0-9])")
_MOST_LINKS, _MOST_FIELDS, _LONGEST_VALUE = 50, 60, 3000


@dataclass(frozen=True, kw_only=True)
class Link:
    """An address with what stands after `?` and `#`. place: where it begins in the text."""

    host: str
    fields: Mapping[str, str]
    place: int


def links_in(text: str) -> Iterator[Link]:
    """Yield the addresses in `text` that carry fields; at most 50."""
    if "://" not in text and ":/" not in text:
        if (bare := text.strip()) and " " not in bare and "\n" not in bare and _QUERY.match(bare):
            yield Link(host="", fields=_fields(bare.lstrip("?#&")), place=0)
        return
    for found, _ in zip(_LINK.finditer(text), range(_MOST_LINKS), strict=False):
        address = found[0]
        before, _, rest = address.replace("#", "?", 1).partition("?") if "?" not in address else address.partition("?")
        if rest:
            host = before.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
            yield Link(host=host.casefold(), fields=_fields(rest.replace("#", "&")), place=found.start())


def is_link(text: str) -> bool:
    """Tell whether `text` is one address, or what follows the question mark of one, and nothing else."""
    bare = text.strip()
    if not bare or any(character.isspace() for character in bare[:9000]):
        return False
    return _LINK.fullmatch(bare) is not None or _QUERY.match(bare) is not None


def clues_of(link: Link) -> Iterator[Clue]:
    """Yield what the fields of `link` report."""
    fields = link.fields
    told = fields.get("error", "")
    said = fields.get("error_description", "")
    page = _decoded(fields.get("authError", ""))
    if page:
        yield from (_moved(clue, link.place) for clue in find_names(f"accounts.google.com {page}"))
    number = _NUMBER.search(said)
    if not (told or number):
        return
    systems = issuers(f"{link.host} {said} {fields.get('error_uri', '')} {fields.get('iss', '')}")
    evidence = Evidence(
        stage=UNKNOWN_STAGE, system=systems[0], error=told[:100] or None, number=int(number[1]) if number else None,
        reason=fields.get("error_subtype") or fields.get("error_subcode") or None, text=said,
        values={**values_of(said), **_values(fields)},
    )  # fmt: skip
    yield Clue(evidence=evidence, place=link.place, others=systems[1:])


def tells_of_success(link: Link) -> bool:
    """Tell whether the browser was sent back with what was asked for."""
    fields = link.fields
    if "error" in fields or "authError" in fields:
        return False
    return ("code" in fields and "state" in fields) or fields.get("admin_consent", "").casefold() == "true"


def _fields(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in query.split("&", _MOST_FIELDS)[:_MOST_FIELDS]:
        name, sign, value = field.partition("=")
        if sign:
            found.setdefault(unquote_plus(name)[:100], visible(unquote_plus(value[:_LONGEST_VALUE])).strip())
    return found


def _values(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: fields[name][:200] for name in ("client_id", "tenant") if fields.get(name)}


def _decoded(packed: str) -> str:
    """Return the words in Google's packed error; what surrounds them are numbers of their own."""
    try:
        octets = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return ""
    return visible(str(octets, "utf-8", "replace"))


def _moved(clue: Clue, place: int) -> Clue:
    return Clue(evidence=clue.evidence, place=place, others=clue.others, matched=clue.matched)
