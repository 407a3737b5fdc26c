"""A problem in words, in the exact JSON shape that `doctor --json` and the card show."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

import msgspec

from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.evidence import Evidence
from sendwright.problems.problem import Finality, Problem, Remedy, RemedyKind, Retry
from sendwright.texts import has, lines, placeholders, text

UNKNOWN = "…"
"""Stands where a value is not known."""

NEUTRAL = ("host", "username", "sender", "recipient", "service_account", "principal")
"""Values that neutral words can stand for (`unknown.<name>`)."""

LONGEST_QUOTATION = 300
"""Characters of the other side's words in a request that is passed on."""

USUAL_WAIT_S = "300"
"""Seconds to wait where nobody said how many."""

# What an address, a host or a domain is made of. A command must mean what it says whatever a server or a
# person put into a value, so anything else stays out of it.
_SAFE_IN_COMMAND = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.@_-+")


class RemedyText(msgspec.Struct, frozen=True):
    """A remedy whose parts are ready to show; proposal and path are empty where there is none."""

    kind: str
    label: str
    value: str
    proposal: str = ""
    path: str = ""


class Source(msgspec.Struct, frozen=True):
    """The other side's own code and words."""

    system: str
    code: str
    text: str


class Verification(msgspec.Struct, frozen=True):
    """How to see that the problem is mended: a sentence, and a command that shows it, empty where there is none."""

    text: str
    command: str = ""


class Fact(msgspec.Struct, frozen=True):
    """Where the explanation itself comes from, and when that was last looked at (ISO 8601)."""

    source: str
    checked: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The problem as a person reads it; field names are those of `sendwright.diagnosis/1`.

    finality, side: whether it may pass by itself, and on whose side the cause lies (`problem.Finality`,
    `problem.Side`). standing: both in one sentence. stage: where it happened, empty where that is not known.
    """

    code: str
    title: str
    what: str
    why: tuple[str, ...]
    owner: str
    retry: str
    confidence: str
    remedies: tuple[RemedyText, ...]
    source: Source
    learn_more: str
    finality: str
    side: str
    standing: str
    verify: Verification
    fact: Fact
    stage: str = ""


def explain(problem: Problem) -> Explanation:
    """Put `problem` into words of the language in use.

    Never raises: a value that is not known is shown as `…` or in neutral words (`the server`), a problem
    that this version does not know (a newer backend named it) in the words of `unrecognised`, a remedy
    without words not at all.
    """
    key = f"problems.{problem.code}"
    if not has(f"{key}.title"):
        key = f"problems.{UNRECOGNISED}"
    values = problem.values
    handed_on = {**values, "said": _quoted(problem.evidence)}
    return Explanation(
        code=problem.code,
        title=_words(f"{key}.title", values),
        what=_words(f"{key}.what", values),
        why=tuple(_begun(line) for line in lines(f"{key}.why", **_wanted(f"{key}.why", values))),
        owner=problem.owner,
        retry=problem.retry,
        confidence=problem.confidence,
        remedies=tuple(_remedies(problem.remedies, handed_on)),
        source=Source(str(problem.evidence.system), problem.evidence.code, _said(problem.evidence)),
        learn_more=problem.learn_more,
        finality=problem.finality,
        side=problem.side,
        standing=text(f"explanation.standing.{_standing(problem)}.{problem.side}"),
        verify=_verification(problem),
        fact=Fact(problem.fact, problem.checked),
        stage=problem.evidence.stage,
    )


def _standing(problem: Problem) -> str:
    """Return how it is called whether it passes: what was refused for good may pass when it is sent again."""
    passes = problem.retry in {Retry.NOW, Retry.LATER}
    return "again" if problem.finality is Finality.FINAL and passes else problem.finality


def _verification(problem: Problem) -> Verification:
    """Return the problem's own way to see that it is mended, else the usual one for its kind of standing."""
    key = f"problems.{problem.code}.verify"
    words = _words(key, problem.values) if has(key) else text(f"explanation.verify.{problem.finality}")
    command = _fill(problem.verify_with, {name: _for_command(value) for name, value in problem.values.items()})
    return Verification(words, command)


def _said(evidence: Evidence) -> str:
    """Return the other side's words without the enhanced code that they begin with: it stands in the code already."""
    if evidence.enhanced and evidence.text.startswith(evidence.enhanced):
        return evidence.text[len(evidence.enhanced) :].lstrip()
    return evidence.text


def _quoted(evidence: Evidence) -> str:
    """Return the other side's code and words on one line, short enough to be passed on; our own names are left out."""
    seen = evidence.code if evidence.code != evidence.condition else ""
    said = " ".join(f"{seen} {_said(evidence)}".split()).rstrip(".")
    return said if len(said) <= LONGEST_QUOTATION else said[: LONGEST_QUOTATION - 1].rstrip() + UNKNOWN


def _words(key: str, values: Mapping[str, str]) -> str:
    return _begun(text(key, **_wanted(key, values)))


def _wanted(key: str, values: Mapping[str, str]) -> dict[str, str]:
    return {name: values.get(name) or _neutral(name) for name in placeholders(key)}


def _neutral(name: str) -> str:
    """Return what stands for a value that is not known: `this server`, or `…` where no words fit."""
    return text(f"unknown.{name}") if name in NEUTRAL else UNKNOWN


def _begun(sentence: str) -> str:
    """Return `sentence` with a capital letter where neutral words, and no name, happen to begin it."""
    begun_with_name = not any(sentence.startswith(text(f"unknown.{name}")) for name in NEUTRAL)
    return sentence if begun_with_name else sentence[:1].upper() + sentence[1:]


def _remedies(remedies: Iterable[Remedy], values: Mapping[str, str]) -> Iterator[RemedyText]:
    """Yield the remedies that can be offered: one without words cannot, nor a link of which a part is not known."""
    for remedy in remedies:
        if has(remedy.label):
            told = _remedy(remedy, values)
            if not (remedy.value.startswith("https://") and UNKNOWN in told.value):
                yield told


def _remedy(remedy: Remedy, values: Mapping[str, str]) -> RemedyText:
    match remedy.kind:
        case RemedyKind.COPY if has(remedy.value):
            value = _words(remedy.value, values)
        case RemedyKind.COPY:
            value = _fill(remedy.value, {name: _for_command(value) for name, value in values.items()})
        case RemedyKind.OPEN:
            value = _fill(
                remedy.value,
                {name: quote(value, safe="", errors="replace") for name, value in values.items()},
            )
        case RemedyKind.WAIT:
            value = values.get("wait_s") or USUAL_WAIT_S
        case _:
            value = _fill(remedy.value, values)
    proposal = _fill(remedy.proposal, values)
    return RemedyText(
        kind=str(remedy.kind),
        label=_words(remedy.label, values),
        value=value,
        proposal="" if UNKNOWN in proposal else proposal,
        path=remedy.path,
    )


def _for_command(value: str) -> str:
    """Return `value` where it is a name or a number to every shell and program: `-e` would be an option of theirs."""
    return value if set(value) <= _SAFE_IN_COMMAND and not value.startswith(("-", "+", "@")) else UNKNOWN


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Replace `{name}` by its value, `{name|usual}` by `usual` where there is none; other braces stay as they are."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        name, _, usual = name.partition("|")
        if closed and name.isidentifier():
            filled += (values.get(name) or usual or UNKNOWN, rest)
        else:
            filled += ("{", part)
    return "".join(filled)
