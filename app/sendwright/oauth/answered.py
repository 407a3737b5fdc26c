"""Takes the tokens out of what a token endpoint answers (RFC 6749 section 5.1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sendwright.oauth.grant import AccessToken
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

USUAL_LIFE: Final = timedelta(hours=1)
"""Of an access token whose answer says nothing (RFC 6749 5.1 only recommends it); Entra gives 60 to 90 minutes."""

LONGEST_LIFE: Final = timedelta(days=2)
"""More than the 28 hours of a client that can be told of revocations (Entra, continuous access evaluation)."""

_MOST_SECONDS = 10**9


def access_in(result: Mapping[str, object], *, asked: str, now: datetime, recorder: Recorder) -> AccessToken | None:
    """Return the access token of a successful answer; None where it holds no bearer token.

    asked: the scope, which was granted unless the answer names another. now: aware, when it was asked for.
    """
    secret = secret_of(result, "access_token", recorder=recorder)
    if secret is None or str(result.get("token_type", "")).lower() != "bearer":
        return None
    scope, life = result.get("scope"), seconds_in(result, "expires_in")
    return AccessToken(
        secret=secret,
        expires_at=now + (USUAL_LIFE if life is None else min(life, LONGEST_LIFE)),
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


def seconds_in(result: Mapping[str, object], name: str) -> timedelta | None:
    """Return a time in seconds, which some answers write as a string; None where there is none."""
    said = result.get(name)
    try:
        seconds = int(said) if isinstance(said, int | str) and not isinstance(said, bool) else None
    except ValueError:
        return None
    return None if seconds is None else timedelta(seconds=min(max(seconds, 0), _MOST_SECONDS))
