"""What changed between two diagnoses."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file.contents import DiagnosisFile
from sendwright.problems.problem import Problem

_CLOCK: Final = "clock_deviation_s"
_CLOCK_S: Final = 60.0
"""Seconds by which a computer's clock may seem to differ from one day to the next; what is measured is that coarse."""

_DAYS: Final = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*,?", re.IGNORECASE
)
_RELEASE: Final = re.compile(r"v?\d+(?:\.\d+)+")


class Changed(StrEnum):
    """What a change is about; its words are the text `diagnosis_file.changes.<kind>`."""

    SUBJECT = "subject"
    STAGE = "stage"
    PROBLEM_APPEARED = "problem-appeared"
    PROBLEM_GONE = "problem-gone"
    PROBLEM_UNSEEN = "problem-unseen"
    PROBLEM_LASTS = "problem-lasts"
    CERTIFICATE = "certificate"
    ADDRESSES = "addresses"
    GREETING = "greeting"
    PROGRAM = "program"
    ENVIRONMENT = "environment"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference, or one problem that lasts.

    name: id of the stage, code of the problem, name of the fact; empty where the kind says it all. former, latter: the
    values, empty where there is none; of a stage its verdicts, of a problem the other side's codes. problem: the one
    that appeared, went, lasts, or was not reached again, as it was seen last.
    """

    kind: Changed
    name: str = ""
    former: str = ""
    latter: str = ""
    problem: Problem | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two diagnoses side by side; the earlier one is the former, whichever was named first."""

    former_at: datetime
    latter_at: datetime
    changes: tuple[Change, ...]


def compare(one: DiagnosisFile, other: DiagnosisFile) -> Comparison:
    """Return what changed from the earlier of two diagnoses to the later one; of the same moment `one` is the former.

    What was not seen in one of them, because something before it failed, is no change: such a stage is not told, and a
    problem that could not show is not said to be gone.
    """
    former, latter = (one, other) if one.made_at <= other.made_at else (other, one)
    changes = (
        *_facts(Changed.SUBJECT, _told(former.subject), _told(latter.subject)),
        *_problems(former, latter),
        *_stages(former.stages, latter.stages),
        *_seen(former.stages, latter.stages),
        *_value(Changed.PROGRAM, former.program, latter.program),
        *_environment(former.environment, latter.environment),
    )
    return Comparison(former_at=former.made_at, latter_at=latter.made_at, changes=changes)


def _problems(former: DiagnosisFile, latter: DiagnosisFile) -> Iterator[Change]:
    before, after = _problems_of(former), _problems_of(latter)
    for code, problem in after.items():
        kind = Changed.PROBLEM_LASTS if code in before else Changed.PROBLEM_APPEARED
        was = _said(before[code]) if code in before else ""
        yield Change(kind=kind, name=code, former=was, latter=_said(problem), problem=problem)
    for code, problem in before.items():
        if code not in after:
            kind = Changed.PROBLEM_UNSEEN if _is_hidden(problem, code, former, latter) else Changed.PROBLEM_GONE
            yield Change(kind=kind, name=code, former=_said(problem), problem=problem)


def _problems_of(file: DiagnosisFile) -> dict[str, Problem]:
    in_stages = (stage.problem for stage in file.stages if stage.problem is not None)
    return {problem.code: problem for problem in (*file.problems, *in_stages)}


def _said(problem: Problem) -> str:
    return problem.evidence.code


def _is_hidden(problem: Problem, code: str, former: DiagnosisFile, latter: DiagnosisFile) -> bool:
    """Tell whether the later diagnosis stopped before the stage at which `problem` was found."""
    found = (stage.id for stage in former.stages if stage.problem is not None and stage.problem.code == code)
    at = next(found, problem.evidence.stage)
    return _verdicts(latter.stages).get(at) is Verdict.NOT_REACHED and _stopped(latter.stages)


def _stages(former: tuple[StageResult, ...], latter: tuple[StageResult, ...]) -> Iterator[Change]:
    before, after = _verdicts(former), _verdicts(latter)
    stops = _stopped(former), _stopped(latter)
    for stage in {**before, **after} if before and after else ():
        verdicts = before.get(stage, Verdict.NOT_REACHED), after.get(stage, Verdict.NOT_REACHED)
        hidden = any(verdict is Verdict.NOT_REACHED and stop for verdict, stop in zip(verdicts, stops, strict=True))
        if verdicts[0] is not verdicts[1] and not hidden:
            yield Change(kind=Changed.STAGE, name=stage, former=verdicts[0].value, latter=verdicts[1].value)


def _verdicts(stages: tuple[StageResult, ...]) -> dict[str, Verdict]:
    return {stage.id: stage.verdict for stage in stages}


def _stopped(stages: tuple[StageResult, ...]) -> bool:
    return any(stage.verdict is Verdict.FAILED for stage in stages)


def _seen(former: tuple[StageResult, ...], latter: tuple[StageResult, ...]) -> Iterator[Change]:
    """Yield how what the other side shows of itself differs, where both diagnoses came as far as to see it."""
    before, after = _evidence(former), _evidence(latter)
    yield from _if_both(Changed.ADDRESSES, _addresses(before), _addresses(after))
    greetings = _text(before, "greeting"), _text(after, "greeting")
    if _lasting(greetings[0]) != _lasting(greetings[1]):
        yield from _if_both(Changed.GREETING, *greetings)
    certificates = _certificate(before), _certificate(after)
    if all(certificates) and certificates[0]["fingerprint"] != certificates[1]["fingerprint"]:
        for name in ("fingerprint", "subject", "issuer", "names", "not_before", "not_after"):
            values = certificates[0].get(name, ""), certificates[1].get(name, "")
            yield from _value(Changed.CERTIFICATE, *values, name=name)


def _evidence(stages: tuple[StageResult, ...]) -> dict[str, object]:
    """Return all that was seen, whatever stage saw it; what a failure saw stands in its problem."""
    found: dict[str, object] = {}
    for stage in stages:
        if stage.problem is not None:
            found.update(stage.problem.evidence.values)
        found.update(stage.evidence)
    return found


def _lasting(greeting: str) -> list[str]:
    """Return the words of a greeting that stay the same from one connection to the next: no time, no number of its own.

    The name of the server keeps the labels without a digit, since those behind one name are many.
    """
    name, *words = greeting.split() or [""]
    labels = [label for label in name.lower().split(".") if not any(map(str.isdigit, label))]
    kept = [
        word
        for word in words
        if _RELEASE.fullmatch(word) or not (any(map(str.isdigit, word)) or _DAYS.fullmatch(word) or not word.isalpha())
    ]
    return [*labels, *kept]


def _environment(former: Mapping[str, str], latter: Mapping[str, str]) -> Iterator[Change]:
    for change in _facts(Changed.ENVIRONMENT, former, latter):
        if not (change.name == _CLOCK and _is_near(change.former, change.latter)):
            yield change


def _is_near(former: str, latter: str) -> bool:
    try:
        return abs(float(former or 0) - float(latter or 0)) < _CLOCK_S
    except ValueError:
        return False


def _addresses(seen: Mapping[str, object]) -> str:
    found = seen.get("addresses")
    return ", ".join(sorted(map(str, found))) if isinstance(found, list | tuple) else ""


def _text(seen: Mapping[str, object], name: str) -> str:
    found = seen.get(name)
    return found if isinstance(found, str) else ""


def _certificate(seen: Mapping[str, object]) -> dict[str, str]:
    """Return the server's own certificate, or nothing where it was not seen."""
    chain = seen.get("chain")
    first = chain[0] if isinstance(chain, list | tuple) and chain else seen
    facts = first if isinstance(first, Mapping) else {}
    found = {
        str(name): ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        for name, value in facts.items()
    }
    return found if found.get("fingerprint") else {}


def _if_both(kind: Changed, former: str, latter: str) -> Iterator[Change]:
    if former and latter:
        yield from _value(kind, former, latter)


def _value(kind: Changed, former: str, latter: str, *, name: str = "") -> Iterator[Change]:
    if former != latter:
        yield Change(kind=kind, name=name, former=former, latter=latter)


def _facts(kind: Changed, former: Mapping[str, str], latter: Mapping[str, str]) -> Iterator[Change]:
    for name in {**former, **latter}:
        yield from _value(kind, former.get(name, ""), latter.get(name, ""), name=name)


def _told(subject: Mapping[str, str | int]) -> dict[str, str]:
    return {name: str(value) for name, value in subject.items()}
