"""Says what the ways mean together: nothing is called blocked or altered without something that shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from sendwright.network.wall.altered import altered_ways
from sendwright.network.wall.blocked import blocked_ways
from sendwright.network.wall.findings import Finding, problem_of
from sendwright.network.wall.in_place import answered_by_others, without_plain_pages
from sendwright.network.wall.proxied import proxy_findings
from sendwright.network.wall.sight import Sight
from sendwright.network.wall.wall import Outcome
from sendwright.network.wall.way import DIRECT, Speech, Verdict, Way
from sendwright.problems.problem import Confidence, Problem

HARMFUL: Final = frozenset({"starttls-stripped", "captive-portal", "dns-hijacked", "clock-wrong"})
"""What is wrong whatever else works."""

JUDGES: Final[tuple[Callable[[Sight], Sequence[Finding]], ...]] = (
    answered_by_others,
    altered_ways,
    blocked_ways,
    proxy_findings,
)
"""What explains the rest comes first."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """ways: as they were seen, each with what is wrong on it. problems: each once, the one to act on first on top."""

    ways: tuple[Way, ...]
    problems: tuple[Problem, ...]
    outcome: Outcome


def judge(sight: Sight) -> Judged:
    """Judge what was seen."""
    sight = replace(sight, ways=without_plain_pages(sight.ways))
    findings = [finding for judging in JUDGES for finding in judging(sight)]
    ways = dict(enumerate(sight.ways))
    for finding in reversed(findings):  # what comes first has the last word on a way
        for place, way in enumerate(sight.ways):
            if way in finding.ways:
                ways[place] = _marked(ways[place], finding)
    problems: dict[str, Problem] = {}
    for finding in findings:
        problems.setdefault(finding.code, problem_of(finding))
    return Judged(
        ways=tuple(ways.values()),
        problems=tuple(problems.values()),
        outcome=_outcome(sight, findings),
    )


def _marked(way: Way, finding: Finding) -> Way:
    verdict = Verdict.ALTERED if finding.alters and way.connected else way.verdict
    return msgspec.structs.replace(way, problem=finding.code, verdict=verdict)


def _spoils(finding: Finding, way: Way) -> bool:
    """Tell whether mail cannot leave by `way` as it should: not by a greeting, nor by what is a guess and verified."""
    if finding.code == "tls-inspected":
        return not (way.secured and finding.confidence is Confidence.LIKELY)
    return finding.code != "banner-rewritten"


def _is_harmful(finding: Finding) -> bool:
    """Tell whether nothing may leave; that STARTTLS is likely gone spoils only the ways where it is."""
    guessed = finding.code == "starttls-stripped" and finding.confidence is Confidence.LIKELY
    return finding.code in HARMFUL and not guessed


def _outcome(sight: Sight, findings: Sequence[Finding]) -> Outcome:
    port, host = sight.question.port, sight.question.host
    asked = [
        way
        for way in sight.ways
        if way.host == host and way.route in DIRECT and (way.port == port if port else way.speech is not Speech.HTTPS)
    ]
    spoilt = [way for finding in findings if finding.alters for way in finding.ways if _spoils(finding, way)]
    usable = [way for way in asked if way.spoke and way not in spoilt]
    if not usable or any(map(_is_harmful, findings)):
        return Outcome.FAILED
    return Outcome.WARNING if findings else Outcome.PASSED
