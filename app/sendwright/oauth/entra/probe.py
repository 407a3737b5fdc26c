"""Finds out, without signing in, whether an app registration can be used."""

from dataclasses import dataclass
from enum import StrEnum

from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import Web
from sendwright.problems.evidence import Evidence


class Question(StrEnum):
    """What is asked about a registration."""

    KNOWN = "known"
    REDIRECT = "redirect"
    PUBLIC = "public"


class Answer(StrEnum):
    """What was found out; UNKNOWN where Microsoft does not tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One answer. evidence: what Microsoft said, where it refused."""

    question: Question
    answer: Answer
    evidence: Evidence | None = None


async def probe(registration: Registration, *, redirect_uri: str, web: Web) -> tuple[Finding, ...]:
    """Return one finding for each question, in their order. Raises OAuthFailed where Microsoft is not reached."""
    raise NotImplementedError
