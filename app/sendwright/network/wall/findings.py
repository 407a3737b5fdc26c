"""What is wrong, with the ways that show it."""

from dataclasses import dataclass

import msgspec

from sendwright.network.wall.conversation import with_values
from sendwright.network.wall.way import Way
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.problems.problem import Confidence, Problem


@dataclass(frozen=True, kw_only=True)
class Finding:
    """evidence: its condition leads to the problem. confidence: None is what the dictionary says. ways: that show it.

    alters: whoever speaks on these ways is not, or not alone, the server.
    """

    evidence: Evidence
    ways: tuple[Way, ...] = ()
    confidence: Confidence | None = None
    alters: bool = False

    @property
    def code(self) -> str:
        """The code of the problem."""
        return classify(self.evidence).code


def problem_of(finding: Finding) -> Problem:
    """Return the problem with what its explanation needs."""
    way = finding.ways[0] if finding.ways else None
    evidence = finding.evidence if way is None else with_values(finding.evidence, way.values)
    problem = classify(evidence)
    if finding.confidence is None:
        return problem
    return msgspec.structs.replace(problem, confidence=finding.confidence)
