"""Names what the token endpoint answers to a service account."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import evidence_of
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.recording.redactor import Redactor

REFUSED: Final = "google-service-account-refused"
UNUSABLE: Final = "google-service-account-unusable"

_NONE: Mapping[str, str] = MappingProxyType({})
_INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "google-connection-ended": REFUSED,
        "google-sign-in-not-completed": REFUSED,
        "google-sign-in-cancelled": REFUSED,
        "google-not-a-test-user": REFUSED,
        "google-client-unknown": UNUSABLE,
        "google-client-removed": UNUSABLE,
    }
)
"""What the same answer means where nobody signs in: the code alone would send somebody to a sign-in page."""


def refused(
    answer: Mapping[str, object],
    *,
    client: GoogleClient,
    about: Mapping[str, str],
    http: int | None = None,
    retry_after_s: float | None = None,
    values: Mapping[str, str] = _NONE,
    redactor: Redactor | None = None,
) -> Evidence:
    """Return the evidence of a refusal. client: the service account, as one. about: further values."""
    evidence = evidence_of(
        answer, client, http=http, retry_after_s=retry_after_s, values={**values, **about}, redactor=redactor
    )
    condition = _INSTEAD.get(classify(evidence).code)
    return evidence if condition is None else msgspec.structs.replace(evidence, condition=condition)
