"""Consent of an administrator for the whole organisation."""

from collections.abc import Mapping
from dataclasses import dataclass

from sendwright.oauth.entra.registration import Registration


@dataclass(frozen=True, kw_only=True)
class AdminConsent:
    """What the redirect says: a claim, never a proof, as anybody can open that address."""

    tenant: str
    permissions: tuple[str, ...]


def consent_address(
    registration: Registration, *, permissions: tuple[str, ...] | None, redirect_uri: str, state: str
) -> str:
    """Return the page on which an administrator consents; None asks for what the registration lists."""
    raise NotImplementedError


def read_consent(parameters: Mapping[str, str], *, state: str) -> AdminConsent:
    """Return what the redirect says. Raises OAuthFailed."""
    raise NotImplementedError
