"""Turns what the identity platform answers into evidence."""

from collections.abc import Mapping

from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence


def evidence_of(answer: Mapping[str, object], registration: Registration, *, stage: str = "sign-in") -> Evidence:
    """Return the evidence of an error, of a token endpoint's JSON or a redirect's parameters."""
    raise NotImplementedError


def failed(condition: str, registration: Registration, *, stage: str = "sign-in") -> OAuthFailed:
    """Return the failure that we observed ourselves and call `condition`."""
    raise NotImplementedError
