"""Turns what the identity platform answers into evidence."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sendwright.oauth.conditions import STAGE
from sendwright.oauth.entra.registration import ANY_ORGANISATION, Registration
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.words import words_in
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible

LONGEST_TEXT: Final = 2_000
LONGEST_VALUE: Final = 200
LONGEST_CLAIMS: Final = 4_000

_NUMBER = re.compile(r"AADSTS([0-9]{4,8})(?![0-9])")
_NUMBER_IN_LINK = re.compile(r"[?&]code=([0-9]{4,8})(?![0-9])")
_DETAILS = re.compile(r"\s{0,4}(?:Trace ID|Correlation ID|Timestamp): .*", re.DOTALL)
_NAMED = ("trace_id", "correlation_id", "timestamp", "suberror", "error_subcode")
_IDENTIFIER = re.compile(r"\b(Trace|Correlation) ID: ?([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})")
_NOTHING: Mapping[str, str] = MappingProxyType({})


def evidence_of(
    answer: Mapping[str, object],
    registration: Registration,
    *,
    stage: str = STAGE,
    http: int | None = None,
    retry_after_s: float | None = None,
    values: Mapping[str, str] = _NOTHING,
    redactor: Redactor | None = None,
) -> Evidence:
    """Return the evidence of a refusal.

    answer: the JSON of a token endpoint, what MSAL made of it, or the parameters of a redirect: `error`,
    `error_description`, `error_codes`, `trace_id`, `correlation_id`, `suberror`, `error_subcode`, `claims`, any of them
    missing or of any type. Its words are bounded, made visible, and cleaned of what looks like a secret; redactor:
    knows what was sent. values["claims"]: what a further sign-in has to show, as Microsoft asks for it, unchanged;
    there is none where it asks for nothing.
    Source: learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
    """
    cleaner = redactor or Redactor()
    said = words_in(answer.get("error_description"), LONGEST_TEXT * 2)
    found = {name: cleaner.clean(words_in(answer.get(name), LONGEST_VALUE)) for name in _NAMED}
    for name, identifier in _IDENTIFIER.findall(said):
        found[f"{name.lower()}_id"] = found.get(f"{name.lower()}_id") or identifier
    found["claims"] = words_in(answer.get("claims"), LONGEST_CLAIMS)
    return Evidence(
        stage=stage,
        system=System.ENTRA,
        error=cleaner.clean(words_in(answer.get("error"), 100)) or None,
        number=_number(answer, said),
        http=http,
        text=cleaner.clean(visible(_DETAILS.sub("", said)))[:LONGEST_TEXT],
        values={
            **about(registration),
            **values,
            **{name: value for name, value in found.items() if value},
        },
        retry_after_s=retry_after_s,
    )


def about(registration: Registration) -> dict[str, str]:
    """Return what every failure tells of the application: whose it is, its id, and the organisation once known."""
    known = {"client_id": registration.client_id}
    if registration.tenant != ANY_ORGANISATION:
        known["tenant"] = registration.tenant[:LONGEST_VALUE]
    if registration.own:
        known["registration"] = "own"
    return known


def failed(
    condition: str,
    registration: Registration,
    *,
    stage: str = STAGE,
    http: int | None = None,
    values: Mapping[str, str] = _NOTHING,
) -> OAuthFailed:
    """Return the failure that we observed ourselves and call `condition`."""
    return OAuthFailed(
        Evidence(
            stage=stage,
            system=System.ENTRA,
            condition=condition,
            http=http,
            values={**about(registration), **values},
        )
    )


def _number(answer: Mapping[str, object], said: str) -> int | None:
    """Return the AADSTS number: of the list, of the words, else of the link to the page that explains it."""
    codes = answer.get("error_codes")
    first = codes[0] if isinstance(codes, list) and codes else None
    if isinstance(first, int) and not isinstance(first, bool) and first > 0:
        return first
    found = _NUMBER.search(said) or _NUMBER_IN_LINK.search(words_in(answer.get("error_uri"), LONGEST_TEXT))
    return int(found[1]) if found else None
