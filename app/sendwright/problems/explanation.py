"""A problem in words, in the exact JSON shape that `doctor --json` and the card show."""

import msgspec

from sendwright.problems.problem import Problem
from sendwright.texts import lines, text


class RemedyText(msgspec.Struct, frozen=True):
    """A remedy whose label and value are ready to show."""

    kind: str
    label: str
    value: str


class Source(msgspec.Struct, frozen=True):
    """The other side's own code and words."""

    system: str
    code: str
    text: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The problem as a person reads it; field names are those of `sendwright.diagnosis/1`."""

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


def explain(problem: Problem) -> Explanation:
    """Put `problem` into words of the language in use."""
    key = f"problems.{problem.code}"
    values = problem.values
    return Explanation(
        code=problem.code,
        title=text(f"{key}.title", **values),
        what=text(f"{key}.what", **values),
        why=lines(f"{key}.why", **values),
        owner=problem.owner,
        retry=problem.retry,
        confidence=problem.confidence,
        remedies=tuple(
            RemedyText(str(remedy.kind), text(remedy.label, **values), remedy.value) for remedy in problem.remedies
        ),
        source=Source(str(problem.evidence.system), problem.evidence.code, problem.evidence.text),
        learn_more=problem.learn_more,
    )
