"""Puts our own remedies, links and commands in place of those in a file: what can be pressed never comes from it."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from sendwright.diagnosis_file import limits
from sendwright.diagnosis_file.plain_json import Budget
from sendwright.diagnosis_file.refusals import FileRefused, Refusal
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.problem import Problem

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_PROBLEM: Final = frozenset({"code", "owner", "retry", "confidence", "evidence"})
_PRESSED: Final = frozenset({"url", "learn_more", "verify_with"})


def own_problem(problem: Problem, budget: Budget) -> Problem:
    """Return `problem` with what this program's dictionary offers for its code; a code that it lacks gets nothing.

    budget: of problems; each one is looked up. Raises FileRefused for a code that is none.
    """
    budget.spend()
    if not _CODE.fullmatch(problem.code):
        raise FileRefused(Refusal.CONTENT)
    evidence = msgspec.structs.replace(problem.evidence, text=problem.evidence.text[: limits.WORDS])
    own = classify(evidence)
    if own.code == problem.code:
        found = own.remedies, own.learn_more, own.verify_with, own.fact, own.checked
    elif (definition := load().definitions.get(problem.code)) is not None:
        found = (
            definition.remedies,
            definition.learn_more,
            definition.verify_with,
            definition.source,
            definition.checked,
        )
    else:
        found = (), "", "", "", ""
    remedies, learn_more, verify_with, fact, checked = found
    return msgspec.structs.replace(
        problem,
        evidence=evidence,
        remedies=remedies,
        learn_more=learn_more,
        verify_with=verify_with,
        fact=fact,
        checked=checked,
    )


def harmless(value: object, budget: Budget) -> object:
    """Return plain builtins with nothing to press: no address, no remedy; a problem inside becomes our own.

    Raises FileRefused for what looks like a problem and is none.
    """
    if isinstance(value, Mapping):
        if value.keys() >= _PROBLEM:
            return msgspec.to_builtins(_own_of_mapping(value, budget))
        return {name: _harmless_member(name, inner, budget) for name, inner in value.items()}
    if isinstance(value, list):
        return [harmless(inner, budget) for inner in value]
    return value


def _harmless_member(name: object, value: object, budget: Budget) -> object:
    if name in _PRESSED:
        return ""
    return [] if name == "remedies" else harmless(value, budget)


def _own_of_mapping(value: Mapping[object, object], budget: Budget) -> Problem:
    try:
        return own_problem(msgspec.convert(value, Problem), budget)
    except msgspec.ValidationError as error:
        raise FileRefused(Refusal.CONTENT) from error
