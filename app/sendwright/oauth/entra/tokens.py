"""Takes the tokens out of what a token endpoint answers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sendwright.oauth.entra.failures import NOT_UNDERSTOOD, evidence_of, failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

USUAL_LIFE: Final = timedelta(hours=1)
"""Of an access token whose answer says nothing (RFC 6749 5.1 only recommends it); Entra gives 60 to 90 minutes."""

LONGEST_LIFE: Final = timedelta(days=2)
"""More than the 28 hours of a client that can be told of revocations (continuous access evaluation)."""


def access_of(
    result: Mapping[str, object], registration: Registration, *, asked: str, now: datetime, recorder: Recorder
) -> AccessToken:
    """Return the access token of a successful answer (RFC 6749 section 5.1).

    asked: the scope, which was granted unless the answer names another. now: aware, when it was asked for. Raises
    OAuthFailed for an answer that is a refusal, or holds no bearer token.
    """
    if "error" in result:
        raise OAuthFailed(evidence_of(result, registration))
    secret = secret_of(result, "access_token", recorder=recorder)
    if secret is None or str(result.get("token_type", "")).lower() != "bearer":
        raise failed(NOT_UNDERSTOOD, registration)
    scope = result.get("scope")
    return AccessToken(
        secret=secret,
        expires_at=now + _life(result.get("expires_in")),
        scope=scope if isinstance(scope, str) and scope else asked,
    )


def secret_of(result: Mapping[str, object], name: str, *, recorder: Recorder) -> Secret | None:
    """Return a token of the answer, which the recorder has learned; None where there is none."""
    value = result.get(name)
    if not isinstance(value, str) or not value:
        return None
    secret = Secret(value)
    recorder.learn(secret)
    return secret


def _life(said: object) -> timedelta:
    """Return how long a token lives; some answers write the number as a string."""
    try:
        seconds = int(said) if isinstance(said, int | str) and not isinstance(said, bool) else None
    except ValueError:
        seconds = None
    if seconds is None:
        return USUAL_LIFE
    return min(timedelta(seconds=min(max(seconds, 0), 10**9)), LONGEST_LIFE)
