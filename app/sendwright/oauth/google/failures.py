"""Turns what Google's authorisation server answers into evidence."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sendwright.oauth.conditions import STAGE
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.interface_error import read_interface_error
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.words import words_in
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible

LONGEST_TEXT: Final = 2_000
LONGEST_VALUE: Final = 200
LONGEST_CODE: Final = 100

_NOTHING: Mapping[str, str] = MappingProxyType({})


def evidence_of(
    answer: Mapping[str, object],
    client: GoogleClient,
    *,
    stage: str = STAGE,
    http: int | None = None,
    retry_after_s: float | None = None,
    values: Mapping[str, str] = _NOTHING,
    redactor: Redactor | None = None,
) -> Evidence:
    """Return the evidence of a refusal.

    answer: the JSON of the token endpoint, or the parameters of a redirect: `error`, `error_description`,
    `error_subtype`, any of them missing or of any type; or the error of another interface, whose `error` is an
    object. Its words are bounded, made visible, and cleaned of what looks like a secret; redactor:
    knows what was sent. The subtype is the evidence's reason.
    Source: RFC 6749 sections 4.1.2.1 and 5.2
    """
    cleaner = redactor or Redactor()
    error, reason, said = answer.get("error"), answer.get("error_subtype"), answer.get("error_description")
    other = read_interface_error(answer)
    if other is not None:
        error, reason, said = None, next(iter(other.reasons), other.status), other.message
    return Evidence(
        stage=stage,
        system=System.GOOGLE,
        error=cleaner.clean(words_in(error, LONGEST_CODE)) or None,
        reason=cleaner.clean(words_in(reason, LONGEST_CODE)) or None,
        http=http,
        text=cleaner.clean(words_in(said, LONGEST_TEXT))[:LONGEST_TEXT],
        values={**about(client), **values},
        retry_after_s=retry_after_s,
    )


def about(client: GoogleClient) -> dict[str, str]:
    """Return what every failure tells of the application: its id, and whose it is."""
    known = {"client_id": visible(client.client_id[:LONGEST_VALUE])} if client.client_id else {}
    if client.own:
        known["registration"] = "own"
    return known


def failed(
    condition: str,
    client: GoogleClient,
    *,
    stage: str = STAGE,
    http: int | None = None,
    values: Mapping[str, str] = _NOTHING,
) -> OAuthFailed:
    """Return the failure that we observed ourselves and call `condition`."""
    return OAuthFailed(
        Evidence(stage=stage, system=System.GOOGLE, condition=condition, http=http, values={**about(client), **values})
    )
