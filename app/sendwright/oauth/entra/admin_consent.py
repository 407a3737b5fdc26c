"""Consent of an administrator for the whole organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from sendwright.oauth.callback import CallbackRefused, require_state
from sendwright.oauth.conditions import NOT_UNDERSTOOD, STATE_FORGED
from sendwright.oauth.entra.failures import evidence_of, failed
from sendwright.oauth.entra.metadata import is_guid, require_name
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.scopes import granted, scope_of
from sendwright.oauth.entra.web import require_login
from sendwright.oauth.grant import OAuthFailed
from sendwright.recording.visible import visible

NOT_CONFIRMED: Final = "consent-not-confirmed"
EVERYTHING: Final = ".default"
"""Asks for what the registration lists: the only way to ask for application permissions."""

_ANYBODY = Registration(client_id="")


@dataclass(frozen=True, kw_only=True)
class AdminConsent:
    """What the redirect says. tenant: an id, or empty. permissions: short names, or `.default`; empty where not told.

    It is a claim, never a proof: anybody can open the redirect address with any tenant. A token of the tenant proves
    it (client credentials), or the id_token of a sign-in there.
    """

    tenant: str
    permissions: tuple[str, ...]


def consent_address(
    registration: Registration, *, permissions: tuple[str, ...] | None, redirect_uri: str, state: str
) -> str:
    """Return the page on which an administrator consents for the organisation.

    permissions: delegated ones; None asks for all that the registration lists, application permissions among them.
    redirect_uri: must be registered. Raises OAuthFailed for a tenant that can be none.
    Source: learn.microsoft.com/entra/identity-platform/v2-admin-consent
    """
    require_name(registration)
    wanted = (EVERYTHING,) if permissions is None else permissions
    fields = {
        "client_id": registration.client_id,
        "scope": " ".join(scope_of(permission, registration) for permission in wanted),
        "redirect_uri": redirect_uri,
        "state": state,
    }
    address = f"{registration.authority}/v2.0/adminconsent?{urlencode(fields)}"
    require_login(address, registration)
    return address


def read_consent(parameters: Mapping[str, str], *, state: str, registration: Registration = _ANYBODY) -> AdminConsent:
    """Return what the redirect says (`oauth.callback.read_callback`).

    A refusal carries `admin_consent=True` too, so the error comes first. registration: for what a failure tells. Raises
    OAuthFailed: `state-forged`; what Microsoft says where the administrator refused, or may not consent (older pages
    call it `permission_denied`); `consent-not-confirmed` where it is neither.
    """
    try:
        require_state(parameters, state)
    except CallbackRefused:
        raise failed(STATE_FORGED, registration) from None
    if "error" in parameters:
        raise OAuthFailed(evidence_of(parameters, registration))
    if "admin_consent" not in parameters:
        raise failed(NOT_UNDERSTOOD, registration)
    if parameters["admin_consent"].strip().lower() != "true":
        raise failed(NOT_CONFIRMED, registration)
    tenant = parameters.get("tenant", "")
    return AdminConsent(
        tenant=tenant.lower() if is_guid(tenant) else "",
        permissions=tuple(visible(name) for name in granted(parameters.get("scope", ""))),
    )
