"""What was seen on every way, before anybody judges what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import STAGE_CONNECT, observe
from sendwright.network.wall.conversation import STAGE_GREET, Heard, with_values
from sendwright.network.wall.http_head import Head
from sendwright.network.wall.portal import CAPTIVE, portal_in
from sendwright.network.wall.question import Question
from sendwright.network.wall.surroundings import Names
from sendwright.network.wall.way import Verdict, Way
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System

REWRITTEN: Final = frozenset({"starttls-stripped", "banner-rewritten", CAPTIVE})
"""Problems that are somebody's in between."""

_BEHIND_IT: Final = 500
_VERDICTS: Final[Mapping[str, Verdict]] = MappingProxyType(
    {
        NetworkCondition.CONNECTION_REFUSED: Verdict.REFUSED,
        NetworkCondition.CONNECTION_DROPPED: Verdict.REFUSED,
        NetworkCondition.CONNECTION_TIMED_OUT: Verdict.SILENT,
    }
)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """made_up: addresses of a name that nobody can have. page: what answered in clear. at: this computer's time."""

    question: Question
    ways: tuple[Way, ...]
    names: Names
    at: datetime
    made_up: tuple[str, ...] = ()
    page: Head | None = None


def attempted(blank: Way, heard: Heard, ended: Exception | None, *, took_ms: float) -> Way:
    """Return the way as it was found.

    ended: the Failure that kept a connection from standing, or the TimeoutError that cut the talk short.
    """
    verdict, evidence = Verdict.OPEN, heard.wrong
    if isinstance(ended, Failure):
        evidence = ended.evidence
        verdict = _verdict(evidence)
    elif ended is not None and not (heard.banner or heard.secured or heard.certificate.issuer):
        evidence = observe(TimeoutError(), stage=STAGE_GREET if heard.connected else STAGE_CONNECT)
        verdict = Verdict.SILENT
    if heard.head is not None:
        page = portal_in(heard.head, host=blank.host, values=blank.values, instead_of_tls=True)
        evidence = page or evidence
    if evidence is not None:
        evidence = with_values(evidence, _facts(blank, heard))
    code = None if evidence is None else classify(evidence).code
    return msgspec.structs.replace(
        blank,
        verdict=Verdict.ALTERED if code in REWRITTEN else verdict,
        took_ms=took_ms,
        address=heard.address,
        banner=heard.banner or (evidence.text if evidence is not None and evidence.http is not None else ""),
        starttls=heard.starttls,
        secured=heard.secured,
        issuer=heard.certificate.issuer,
        public=heard.public,
        problem=code,
        evidence=evidence,
        date="" if heard.date is None else heard.date.isoformat(),
    )


def _facts(way: Way, heard: Heard) -> dict[str, str]:
    seen = heard.certificate
    facts = {"issuer": seen.issuer, "not_before": seen.not_before, "not_after": seen.not_after}
    return {**way.values, **{name: value for name, value in facts.items() if value}}


def _verdict(evidence: Evidence) -> Verdict:
    if evidence.system is System.HTTP:
        return Verdict.REFUSED if (evidence.http or 0) < _BEHIND_IT else Verdict.UNREACHABLE
    return _VERDICTS.get(evidence.condition or "", Verdict.UNREACHABLE)
