"""Finds what is called by a name of its own: our codes, OAuth errors, AADSTS numbers, codes of interfaces, errnos."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.issuer import issuers
from sendwright.problems.pasted.values import retry_after_s, values_of
from sendwright.problems.rule import UNKNOWN_STAGE

_WORD = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z][A-Za-z0-9_-]{3,79}(?![A-Za-z0-9_@-])")
_AADSTS = re.compile(r"(?:AADSTS|aadsts) ?([0-9]{4,8})(?![0-9])")
_GOOGLE_PAGE = re.compile(r"\b(?:Error|Erreur|Fout) ([345][0-9]{2})\s?: ([a-z_]{4,60})")
_NAMED = re.compile(r"(?:reason|code|error|status)[\"']?[:=] ?[\"']?$")  # `'reason': 'forbidden'`
_STATUS = re.compile(r"\b(?:HttpError|HTTP/[0-9.]{1,3}|HTTP|status|code)[\"': =]{1,4}([345][0-9]{2})\b", re.IGNORECASE)
_MESSAGE = re.compile(r"[^\n]{0,200}\n((?:Error )?[Mm]essage: [^\n]{1,500})")  # on the line below its code
# By these .NET calls the status of any web server; Graph has codes of the same names.
_OF_HTTP = frozenset({
    "BadRequest", "Forbidden", "GatewayTimeout", "InternalServerError", "RequestEntityTooLarge", "ServiceUnavailable",
    "TooManyRequests", "Unauthorized",
})  # fmt: skip
_OF_GRAPH = re.compile(r"\b(?:[Ee]rror ?)?[Cc]ode\b[\"']?[:=] ?[\"']?(Error[A-Z][A-Za-z]{3,60})(?![A-Za-z0-9_])")
SHOWN_ON_PAGE: Final = "shown-on-page"
"""What we call an error that Google showed instead of sending the person back with it."""

_KEY = 14
_MOST = 100
_AROUND, _SAID = 300, 1000
_INTERFACES = (System.GRAPH, System.GMAIL, System.GOOGLE, System.ENTRA)


@dataclass(frozen=True)
class Vocabulary:
    """The names that the dictionary knows. reasons: with the systems that use them. numbers: those of Entra."""

    codes: frozenset[str]
    errors: frozenset[str]
    errnos: frozenset[str]
    reasons: Mapping[str, tuple[System, ...]]
    numbers: frozenset[int]


@cache
def vocabulary() -> Vocabulary:
    """Return the names of the dictionary that belongs to the program."""
    dictionary = load()
    reasons: defaultdict[str, list[System]] = defaultdict(list)
    for system in _INTERFACES:
        for rule in dictionary.rules.get(system, ()):
            for reason in rule.reasons:
                if system not in reasons[reason]:
                    reasons[reason].append(system)
    rules = [rule for found in dictionary.rules.values() for rule in found]
    return Vocabulary(
        codes=frozenset(dictionary.definitions) - {UNRECOGNISED},
        errors=frozenset(error for rule in rules for error in rule.errors),
        errnos=frozenset(errno for rule in rules for errno in rule.errnos),
        reasons={reason: tuple(systems) for reason, systems in reasons.items()},
        numbers=frozenset(number for rule in rules for number in rule.numbers),
    )


def find_names(text: str) -> Iterator[Clue]:
    """Yield what `text` calls by name, each name once, at the place where it stands first."""
    numbers = list(numbered(text))
    yield from numbers
    paged = list(_of_a_page(text))
    yield from paged
    yield from _of_graph(text)
    known, seen = vocabulary(), set[str]()
    alone = len(text.split(maxsplit=1)) == 1
    if not alone and "graph" not in text.casefold():
        seen |= _OF_HTTP
    for found in _WORD.finditer(text):
        word = found[0]
        if word in seen or not (
            word in known.reasons or word in known.errors or word in known.codes or word in known.errnos
        ):
            continue
        if not (alone or _distinctive(word) or _NAMED.search(text[max(0, found.start() - _KEY) : found.start()])):
            continue
        seen.add(word)
        if word in known.codes:
            yield Clue(evidence=Evidence(stage=UNKNOWN_STAGE, system=System.BACKEND, reason=word), place=found.start())
        elif word in known.errnos:
            yield _of_socket(text, found.start(), word)
        elif word in known.reasons:
            yield _of_interface(text, found.start(), word)
        elif word in known.errors and not numbers and not paged:
            yield of_oauth(text, found.start(), Evidence(stage=UNKNOWN_STAGE, system=System.OAUTH, error=word))


def _of_graph(text: str) -> Iterator[Clue]:
    """Yield codes in the form of Exchange's that no rule knows: they are at least Microsoft's."""
    if "ode" not in text or "Error" not in text:
        return
    for found, _ in zip(_OF_GRAPH.finditer(text), range(_MOST), strict=False):
        if found[1] not in vocabulary().reasons:
            seen = Evidence(stage=UNKNOWN_STAGE, system=System.GRAPH, reason=found[1], text=_line(text, found.start()))
            yield Clue(evidence=seen, place=found.start())


def of_oauth(text: str, place: int, seen: Evidence) -> Clue:
    """Return a clue of what an authorisation server said; which one is told by the words around, as far as they do."""
    around = text[max(0, place - _AROUND) : place + _SAID]
    systems = issuers(around, said=seen.text) if seen.number is None else (System.ENTRA, System.OAUTH)
    evidence = Evidence(
        stage=seen.stage, system=systems[0], error=seen.error, number=seen.number, http=seen.http, reason=seen.reason,
        text=seen.text or _rest(text, place), values={**values_of(around), **seen.values},
        retry_after_s=retry_after_s(_rest(text, place)),
    )  # fmt: skip
    return Clue(evidence=evidence, place=place, others=systems[1:])


def first_number(text: str) -> int | None:
    """Return the AADSTS number that stands first in `text`."""
    found = _AADSTS.search(text)
    return int(found[1]) if found else None


def numbered(text: str) -> Iterator[Clue]:
    """Yield the AADSTS numbers in `text`, each once."""
    if "AADSTS" not in text and "aadsts" not in text:
        return
    seen: set[str] = set()
    errors = vocabulary().errors
    for found in _AADSTS.finditer(text):
        if found[1] in seen:
            continue
        seen.add(found[1])
        before, after = text[max(0, found.start() - _AROUND) : found.start()], text[found.end() : found.end() + _SAID]
        error = next((word for word in sorted(errors) if word in before or word in after), None)
        said = _rest(text, found.end()).lstrip(": ")
        evidence = Evidence(
            stage=UNKNOWN_STAGE, system=System.ENTRA, error=error, number=int(found[1]), text=said,
            values=values_of(said),
        )  # fmt: skip
        yield Clue(evidence=evidence, place=found.start(), others=(System.OAUTH,) if error else ())
        if len(seen) >= _MOST:
            return


def _of_a_page(text: str) -> Iterator[Clue]:
    """Yield what Google's pages of refusal say: `Error 403: disallowed_useragent`."""
    for found, _ in zip(_GOOGLE_PAGE.finditer(text), range(_MOST), strict=False):
        said = " ".join(text[max(0, found.start() - _AROUND) : found.end() + _AROUND].split())
        for named in ({"error": found[2]}, {"reason": found[2]}):
            evidence = Evidence(
                stage=UNKNOWN_STAGE, system=System.GOOGLE, http=int(found[1]), text=said, error=named.get("error"),
                reason=named.get("reason"), condition=SHOWN_ON_PAGE if "error" in named else None,
            )  # fmt: skip
            yield Clue(evidence=evidence, place=found.start(), others=(System.OAUTH,))


def _of_interface(text: str, place: int, reason: str) -> Clue:
    systems = vocabulary().reasons[reason]
    said, below = _line(text, place), _MESSAGE.match(text, place)
    said = f"{said} {below[1]}" if below else said
    status = _STATUS.search(said)
    evidence = Evidence(
        stage=UNKNOWN_STAGE, system=systems[0], reason=reason, http=int(status[1]) if status else None, text=said,
        values=values_of(said),
        retry_after_s=retry_after_s(said),
    )  # fmt: skip
    return Clue(evidence=evidence, place=place, others=systems[1:])


def _of_socket(text: str, place: int, name: str) -> Clue:
    values = values_of(_rest(text, place))
    return Clue(evidence=Evidence(stage=UNKNOWN_STAGE, system=System.SOCKET, errno=name, values=values), place=place)


def _distinctive(word: str) -> bool:
    """Tell whether `word` cannot be one of a sentence: it is joined by signs, or has capitals inside."""
    return "_" in word or "-" in word or (not word[1:].islower() and not word[1:].isdigit())


def _rest(text: str, place: int) -> str:
    return text[place : place + _SAID].partition("\n")[0].strip()


def _line(text: str, place: int) -> str:
    """Return the line in which `place` lies, as far as it is near."""
    before = text[max(0, place - _AROUND) : place].rpartition("\n")[2]
    return (before + text[place : place + _SAID].partition("\n")[0]).strip()
