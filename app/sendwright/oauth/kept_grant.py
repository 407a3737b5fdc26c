"""A grant as it lies in the vault: one JSON object."""

from datetime import datetime
from typing import Any

import msgspec

from sendwright.errors import VaultUnavailable
from sendwright.oauth.grant import AccessToken
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret


class KeptGrant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one sign-in yielded.

    refresh_token: None once another keeper has it. access: by `scope_key`. dead: how the server refused the grant.
    """

    refresh_token: Secret | None = None
    access: dict[str, AccessToken] = {}
    dead: Evidence | None = None

    def lasting(self, now: datetime) -> dict[str, AccessToken]:
        """Return the access tokens that may still be used."""
        return {scope: token for scope, token in self.access.items() if token.lasts(now)}

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All tokens."""
        own = () if self.refresh_token is None else (self.refresh_token,)
        return own + tuple(token.secret for token in self.access.values())


def scope_key(scope: str) -> str:
    """Return the scope without regard to order and repetition, which mean nothing (RFC 6749 section 3.3)."""
    return " ".join(sorted(set(scope.split())))


def pack(grant: KeptGrant) -> Secret:
    """Return the grant as JSON, which is a secret as a whole."""
    return Secret(msgspec.json.encode(grant, enc_hook=_reveal).decode())


def unpack(secret: Secret) -> KeptGrant:
    """Return the grant. Raises VaultUnavailable, `not-kept`, where somebody else wrote there."""
    try:
        found = msgspec.json.decode(secret.reveal(), type=KeptGrant, dec_hook=_hide)
    except ValueError:  # msgspec's errors, and half a surrogate pair
        found = None
    if found is None or any(token.expires_at.tzinfo is None for token in found.access.values()):
        raise VaultUnavailable("not-kept")  # outside of the handler: what failed may quote the secret
    return found


def _reveal(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(type(value).__name__)


def _hide(kind: type, value: Any) -> Secret:  # noqa: ANN401 - msgspec hands over what stands in the JSON
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise TypeError(kind.__name__)
