"""Decides what a pasted text is, reads it accordingly, and says what it means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import msgspec

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.enhanced import parse_pattern
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted import delivery_status, json_body, links, markup
from sendwright.problems.pasted.about import About, about_report, about_text
from sendwright.problems.pasted.admission import admit
from sendwright.problems.pasted.clue import Clue, Clues
from sendwright.problems.pasted.mime import Headers
from sendwright.problems.pasted.ranking import rank
from sendwright.problems.pasted.report import Report, failures, is_report, read_report
from sendwright.problems.pasted.search import search
from sendwright.problems.pasted.understood import Match, PasteKind, Understood
from sendwright.problems.pasted.values import retry_after_s
from sendwright.problems.problem import Problem
from sendwright.problems.rule import UNKNOWN_STAGE

_SHORT = 200
_NUMBERS = frozenset({"request-id", "client-request-id", "correlation-id", "trace-id"})
_SAID = 500
_RETRY_AFTER = re.compile(r"^[<* ]{0,4}retry-after: ?[0-9]{1,6}(?= *$)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class _Read:
    kind: PasteKind
    clues: tuple[Clue, ...]
    success: bool = False
    about: About = ()
    original: Headers = ()


def understand(pasted: str | bytes) -> Understood:
    """Return what `pasted` means: a code, a log, a report, JSON or the address of a browser, in any mixture.

    Octets are read as UTF-8 or by their byte order mark. Raises PasteRefused where they are no text or too many, and
    nothing else.
    """
    text = admit(pasted)
    read = _read(text)
    healthy = read.success and not read.clues
    matches = () if healthy else rank(read.clues, load()) or (_nothing_known(text),)
    matches = tuple(_identified(match, read.about) for match in matches)
    return Understood(kind=read.kind, matches=matches, healthy=healthy, about=read.about, original=read.original)


def _read(text: str) -> _Read:
    body = json_body.whole(text)
    if body is not None:
        return _json(body, text)
    if links.is_link(text):
        return _link(text)
    if is_report(text):
        return _report(read_report(text))
    plain = markup.words_of(text) if markup.is_markup(text) else text
    bare = plain.strip()
    clues, success = _in_words(plain)
    kind = PasteKind.CODE if len(bare) <= _SHORT and "\n" not in bare else PasteKind.LOG
    return _Read(kind=kind, clues=clues, success=success, about=about_text(plain))


def _json(body: json_body.Body, text: str) -> _Read:
    clues = tuple(json_body.clues_of(body))
    success = json_body.tells_of_success(body)
    if not success and not any(match.problem.code != UNRECOGNISED for match in rank(clues, load())):
        more, success = _in_words(json_body.words_in(body))
        clues, success = (*clues, *more), success and not clues
    return _Read(kind=PasteKind.JSON, clues=clues, success=success, about=about_text(text))


def _link(text: str) -> _Read:
    found = tuple(links.links_in(text))
    clues = tuple(clue for link in found for clue in links.clues_of(link))
    told = "\n".join(value for link in found for value in link.fields.values())
    success = any(links.tells_of_success(link) for link in found)
    return _Read(kind=PasteKind.URL, clues=clues, success=success, about=about_text(told))


def _report(report: Report) -> _Read:
    clues, success = _of_status(report)
    if not clues and not success:
        clues, success = _in_words(report.words)
    return _Read(
        kind=PasteKind.REPORT, clues=clues, success=success, about=about_report(report), original=report.original
    )


def _of_status(report: Report) -> tuple[tuple[Clue, ...], bool]:
    """Return what the fields of the report say; where they tell too little, the words beside them are read too."""
    status = report.status
    if status is None or not status.recipients:
        return (), False
    failed = failures(status)
    if not failed:
        return (), True
    clues = Clues()
    for place, recipient in enumerate(failed):
        clues.extend(delivery_status.clues_of(recipient, place))
    told = rank(clues.all(), load())
    if not told or _tells_too_little(told[0].problem):
        clues.extend(_placed(_in_words(report.words)[0], len(failed)))
    return clues.all(), False


def _tells_too_little(problem: Problem) -> bool:
    """Tell whether no more is known than a code without a cause of its own, such as `Status: 5.0.0`."""
    seen = problem.evidence
    bare = seen.enhanced is not None and seen.reply is None
    return problem.code == UNRECOGNISED or (bare and parse_pattern(seen.enhanced or "").vague)


def _in_words(text: str) -> tuple[tuple[Clue, ...], bool]:
    found = search(text)
    clues = Clues()
    clues.extend(clue for body in _bodies(text) for clue in json_body.clues_of(body))
    clues.extend(clue for link in links.links_in(text) for clue in links.clues_of(link))
    told = {clue.evidence.error for clue in clues.all() if clue.evidence.error}
    # A body says more of an error than the line in which the error is named.
    clues.extend(clue for clue in found.clues if clue.evidence.number or clue.evidence.error not in told)
    header = _RETRY_AFTER.search(text) if "etry-" in text else None
    wait_s = retry_after_s(header[0]) if header else None
    return tuple(_waiting(clue, wait_s) for clue in clues.all()), found.went_well > 0


def _waiting(clue: Clue, wait_s: float | None) -> Clue:
    """Return `clue` with the time that the header of an HTTP answer asks to wait (RFC 9110 section 10.2.3)."""
    seen = clue.evidence
    if wait_s is None or seen.retry_after_s is not None or seen.system in {System.SMTP, System.SOCKET, System.TLS}:
        return clue
    return replace(clue, evidence=msgspec.structs.replace(seen, retry_after_s=wait_s))


def _bodies(text: str) -> Iterator[json_body.Body]:
    yield from json_body.inside(text)
    if '{\\"' in text:  # JSON inside a string of JSON, as some logs have it
        yield from json_body.inside(text.replace('\\"', '"').replace("\\n", " "))


def _placed(clues: Iterable[Clue], after: int) -> Iterator[Clue]:
    for clue in clues:
        yield Clue(evidence=clue.evidence, place=after + clue.place, others=clue.others, matched=clue.matched)


def _identified(match: Match, about: About) -> Match:
    """Return `match` with the numbers under which the other side finds the event, as values of its problem."""
    numbers = {label.replace("-", "_"): value for label, value in about if label in _NUMBERS}
    if not numbers:
        return match
    problem = msgspec.structs.replace(match.problem, values={**numbers, **match.problem.values})
    return Match(problem=problem, matched=match.matched)


def _nothing_known(text: str) -> Match:
    nothing = Evidence(stage=UNKNOWN_STAGE, system=System.SMTP, text=text.strip()[:_SAID])
    return Match(problem=classify(nothing), matched="")
