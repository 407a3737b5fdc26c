"""Writes a problem down for a support ticket: everything that helps, no secret, addresses shortened."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from sendwright import __version__
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Problem
from sendwright.texts import has, text

# Bounded on purpose: a text of nothing but letters costs no more than its length.
_LOCAL_PART = re.compile(r"([\w.+=~!#$%&'*/^`{|}-])[\w.+=~!#$%&'*/^`{|}-]{0,63}@(?=[\w\[])")


def ticket(problem: Problem, *, at: datetime | None = None) -> str:
    """Return the text of *copy for ticket*. at: when it happened, aware; left out where it is not known.

    Mail addresses keep their first letter and their domain, which is what support needs to follow them up.
    """
    return "\n".join(shorten_addresses(line) for line in _lines(problem, at)) + "\n"


def shorten_addresses(words: str) -> str:
    """Return `words` with the part before the @ of each mail address cut down to its first letter."""
    return _LOCAL_PART.sub(r"\1…@", words)


def _lines(problem: Problem, at: datetime | None) -> Iterator[str]:
    explanation = explain(problem)
    evidence, values = problem.evidence, problem.values
    yield text("ticket.problem", code=explanation.code, title=explanation.title)
    yield text("ticket.program", version=__version__)
    if at is not None:
        yield text("ticket.when", time=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    if values.get("host"):
        place = {name: values.get(name) or "?" for name in ("host", "port", "security")}
        yield text("ticket.server", **place)
    if evidence.stage:
        label = f"stages.{evidence.stage}.label"
        yield text("ticket.stage", id=evidence.stage, label=text(label) if has(label) else "?")
    yield text("ticket.owner", owner=text(f"owners.{problem.owner}.name"))
    yield text("ticket.retry", retry=text(f"retry.{problem.retry}"))
    yield text("ticket.confidence", confidence=text(f"verdicts.confidence.{problem.confidence}"))
    if evidence.perhaps_sent:
        yield text("ticket.perhaps-sent")
    yield text("ticket.source", system=explanation.source.system, code=explanation.source.code or "?")
    if explanation.source.text:
        yield text("ticket.words")
        yield from (f"  {line}" for line in explanation.source.text.splitlines())
