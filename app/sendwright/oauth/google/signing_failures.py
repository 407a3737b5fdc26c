"""Names what fails where a service account has no key: the identity of one's own, or the interface that signs."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from sendwright.oauth.conditions import STAGE
from sendwright.oauth.google.interface_error import LONGEST_TEXT, LONGEST_VALUE, InterfaceError, read_interface_error
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible

MISSING: Final = "google-signing-identity-missing"
UNUSABLE: Final = "google-signing-identity-unusable"
REFUSED: Final = "google-signing-identity-refused"
NOT_ALLOWED: Final = "google-signing-not-allowed"

_NONE: Mapping[str, str] = MappingProxyType({})
_TRANSIENT: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


def signing_failed(condition: str, *, http: int | None = None, values: Mapping[str, str] = _NONE) -> OAuthFailed:
    """Return the failure that we observed ourselves and call `condition`."""
    return OAuthFailed(Evidence(stage=STAGE, system=System.GOOGLE, condition=condition, http=http, values=dict(values)))


def identity_refused(
    answer: Mapping[str, object],
    *,
    http: int | None = None,
    retry_after_s: float | None = None,
    values: Mapping[str, str] = _NONE,
    redactor: Redactor | None = None,
) -> Evidence:
    """Return the evidence of a refusal of the identity of one's own.

    answer: of a token endpoint or of Google's token exchange (RFC 8693 section 2.2.2), or of an interface. Its `error`
    would be a service account's elsewhere, so the condition says whose it is.
    """
    error = read_interface_error(answer)
    return _evidence(
        REFUSED,
        error or InterfaceError(message=_word(answer.get("error_description"))),
        error=_word(answer.get("error"))[:LONGEST_VALUE] or None,
        http=http,
        retry_after_s=retry_after_s,
        values=values,
        redactor=redactor,
    )


def signing_refused(
    answer: Mapping[str, object],
    *,
    http: int | None = None,
    retry_after_s: float | None = None,
    values: Mapping[str, str] = _NONE,
    redactor: Redactor | None = None,
    about: Mapping[str, str] = _NONE,
) -> Evidence:
    """Return the evidence of a refusal of the interface that signs. about: values that are known beside the answer."""
    return _evidence(
        NOT_ALLOWED,
        read_interface_error(answer) or InterfaceError(),
        http=http,
        retry_after_s=retry_after_s,
        values={**values, **about},
        redactor=redactor,
    )


def _evidence(
    condition: str,
    said: InterfaceError,
    *,
    error: str | None = None,
    http: int | None,
    retry_after_s: float | None,
    values: Mapping[str, str],
    redactor: Redactor | None,
) -> Evidence:
    """Return the evidence; trouble that passes by itself has no name of ours, as that would make it look lasting."""
    cleaner = redactor or Redactor()
    passing = http is not None and (http in _TRANSIENT or http >= HTTPStatus.INTERNAL_SERVER_ERROR)
    facts = {"consumer": said.facts.get("consumer", "").removeprefix("projects/"), "api": said.facts.get("service", "")}
    return Evidence(
        stage=STAGE,
        system=System.GOOGLE,
        condition=None if passing else condition,
        error=cleaner.clean(error) if error else None,
        http=http,
        reason=next(iter((*said.reasons, said.status)), "") or None,
        text=cleaner.clean(said.message)[:LONGEST_TEXT],
        values={**{name: value for name, value in facts.items() if value}, **values},
        retry_after_s=retry_after_s,
    )


def _word(value: object) -> str:
    return visible(value[:LONGEST_TEXT]) if isinstance(value, str) else ""
