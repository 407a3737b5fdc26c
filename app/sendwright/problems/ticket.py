"""Writes a problem down for whoever has to act: as much as a level asks for, no secret, addresses shortened."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from sendwright import __version__
from sendwright.problems.acting import acting
from sendwright.problems.explanation import Explanation, RemedyText, explain
from sendwright.problems.level import Level
from sendwright.problems.problem import Problem
from sendwright.texts import has, text

# Bounded on purpose: a text of nothing but letters costs no more than its length.
_LOCAL_PART = re.compile(r"([\w.+=~!#$%&'*/^`{|}-])[\w.+=~!#$%&'*/^`{|}-]{0,63}@(?=[\w\[])")

_IDENTIFIERS = ("request_id", "client_request_id", "correlation_id", "trace_id", "tenant")
"""Values by which the other side finds the same event in its own log."""


def ticket(problem: Problem, *, level: Level = Level.SUPPORT, at: datetime | None = None) -> str:
    """Return the text of *copy for ticket* in the language in use.

    at: when it happened, aware; left out where it is not known. Mail addresses keep their first letter and their
    domain, which is what support needs to follow them up.
    """
    return "\n".join(shorten_addresses(line) for line in _lines(problem, level, at)) + "\n"


def shorten_addresses(words: str) -> str:
    """Return `words` with the part before the @ of each mail address cut down to its first letter."""
    return _LOCAL_PART.sub(r"\1…@", words)


def identifiers(problem: Problem) -> tuple[tuple[str, str], ...]:
    """Return the key of the label and the value of everything that names this event in the other side's log."""
    known = {**problem.evidence.values, **problem.values}
    return tuple((f"ticket.identifiers.{name}", known[name]) for name in _IDENTIFIERS if known.get(name))


def step(stage: str) -> str:
    """Return a stage by its id and its name, `?` where it has none."""
    label = f"stages.{stage}.label"
    return text("ticket.step", id=stage, label=text(label) if has(label) else "?")


def _lines(problem: Problem, level: Level, at: datetime | None) -> Iterator[str]:
    explanation = explain(problem)
    yield text("ticket.problem", code=explanation.code, title=explanation.title)
    yield explanation.what
    yield explanation.standing
    yield text("ticket.owner", owner=acting(problem.owner, away=True).name)
    if problem.evidence.perhaps_sent:
        yield text("ticket.perhaps-sent")
    if level is Level.PLAIN:
        yield from _remedies(explanation.remedies[:1])
    else:
        yield from _for_it(explanation)
    if level is Level.SUPPORT:
        yield from _for_support(problem, explanation)
    if at is not None:
        yield text("ticket.when", time=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    yield text("ticket.program", version=__version__)


def _for_it(explanation: Explanation) -> Iterator[str]:
    if explanation.why:
        yield text("ticket.why")
        yield from (f"  - {reason}" for reason in explanation.why)
    yield from _remedies(explanation.remedies)
    yield text("ticket.verify", words=explanation.verify.text)
    if explanation.verify.command:
        yield f"  {explanation.verify.command}"
    if explanation.learn_more:
        yield text("ticket.learn-more", url=explanation.learn_more)


def _remedies(remedies: tuple[RemedyText, ...]) -> Iterator[str]:
    """Yield what to do: a command, a page or a new value below its name, and where in the menus it is found."""
    if remedies:
        yield text("ticket.remedies")
    for remedy in remedies:
        yield f"  - {remedy.label}"
        value = {"copy": remedy.value, "open": remedy.value, "change": remedy.proposal}.get(remedy.kind, "")
        yield from (f"    {line}" for line in value.splitlines())
        if remedy.path:
            yield f"    {remedy.path}"


def _for_support(problem: Problem, explanation: Explanation) -> Iterator[str]:
    values = problem.values
    if values.get("host"):
        place = {name: values.get(name) or "?" for name in ("host", "port", "security")}
        yield text("ticket.server", **place)
    if explanation.stage:
        yield text("ticket.stage", step=step(explanation.stage))
    yield text(f"retry.{problem.retry}")
    yield text(f"verdicts.confidence.{problem.confidence}")
    yield text("ticket.source", system=explanation.source.system, code=explanation.source.code or "?")
    for label, value in identifiers(problem):
        yield text("ticket.identifier", name=text(label), value=value)
    if explanation.source.text:
        yield text("ticket.words")
        yield from (f"  {line}" for line in explanation.source.text.splitlines())
    if explanation.fact.source:
        checked = explanation.fact.checked
        yield text("ticket.fact", source=explanation.fact.source)
        if checked:
            yield text("ticket.checked", date=checked)
