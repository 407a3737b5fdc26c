"""Takes the access token out of what Microsoft's token endpoint answers."""

from collections.abc import Mapping
from datetime import datetime

from sendwright.oauth.answered import access_in
from sendwright.oauth.conditions import NOT_UNDERSTOOD
from sendwright.oauth.entra.failures import evidence_of, failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.recording.recorder import Recorder


def access_of(
    result: Mapping[str, object], registration: Registration, *, asked: str, now: datetime, recorder: Recorder
) -> AccessToken:
    """Return the access token of a successful answer, as `oauth.answered.access_in` does.

    Raises OAuthFailed for an answer that is a refusal, or holds no bearer token.
    """
    if "error" in result:
        raise OAuthFailed(evidence_of(result, registration))
    access = access_in(result, asked=asked, now=now, recorder=recorder)
    if access is None:
        raise failed(NOT_UNDERSTOOD, registration)
    return access
