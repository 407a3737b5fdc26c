"""Signs a person in: the authorisation-code flow with PKCE."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import httpx

from sendwright.oauth.account import Account
from sendwright.oauth.answered import secret_of
from sendwright.oauth.callback import CallbackRefused, require_state
from sendwright.oauth.conditions import NO_REFRESH_TOKEN, NOT_UNDERSTOOD, STATE_FORGED
from sendwright.oauth.entra.failures import evidence_of, failed
from sendwright.oauth.entra.identity import NOT_OURS, Issuing, identify, read_issuing
from sendwright.oauth.entra.msal_app import run_msal
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.entra.scopes import by_resource, granted
from sendwright.oauth.entra.tokens import access_of
from sendwright.oauth.entra.web import login_origins, require_login
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.oauth.web import Web, origin
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

if TYPE_CHECKING:  # loaded when somebody signs in: oauth.entra.msal_app
    import msal

_NOT_GRANTED = frozenset({"invalid_grant", "interaction_required", "consent_required", "access_denied"})
_REMEMBERED = ("code_verifier", "nonce", "state")


@dataclass(frozen=True, kw_only=True)
class SignInRequest:
    """A sign-in that has begun; it lives in memory only.

    url: the page to open, once. state: comes back with the answer. redirect_uri: where the answer comes to, as a query.
    permissions: as asked for, such as `Mail.Send`. flow: what MSAL remembers, among it the PKCE verifier.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    permissions: tuple[str, ...]
    flow: dict[str, object] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who signed in, and what that yields.

    access: for the service of the first permission. refresh_token: yours to keep, nobody else has it. permissions: as
    granted, by their short names, such as `Mail.Send`; there may be fewer than were asked for.
    """

    account: Account
    access: AccessToken
    refresh_token: Secret
    permissions: tuple[str, ...]


async def begin(
    registration: Registration,
    *,
    permissions: tuple[str, ...],
    redirect_uri: str,
    web: Web,
    recorder: Recorder,
    login_hint: str = "",
    prompt: str = "select_account",
    state: str = "",
) -> SignInRequest:
    """Return the page to open for a person to sign in.

    permissions: short names, or scopes. redirect_uri: must be registered. login_hint: an address that is filled in.
    prompt: `select_account`, `login` or `consent`; empty lets the browser's session decide. state: unguessable, where
    something waits for it already (`oauth.loopback.listen`); empty: a new one. Raises OAuthFailed.
    Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow; RFC 7636.
    """
    scopes = [scope for one in by_resource(permissions, registration) for scope in one]

    def start(app: "msal.PublicClientApplication") -> dict[str, object]:
        return app.initiate_auth_code_flow(
            scopes,
            redirect_uri=redirect_uri,
            state=state or None,
            prompt=prompt or None,
            login_hint=login_hint or None,
            response_mode="form_post",
        )

    flow = await run_msal(start, registration, web=web)
    for name in _REMEMBERED:
        secret_of(flow, name, recorder=recorder)
    # MSAL warns of every other mode; a loopback and an embedded view read the address.
    url = str(httpx.URL(str(flow["auth_uri"])).copy_set_param("response_mode", "query"))
    require_login(url, registration)
    return SignInRequest(
        url=url, state=str(flow["state"]), redirect_uri=redirect_uri, permissions=permissions, flow=flow
    )


async def redeem(
    request: SignInRequest,
    parameters: Mapping[str, str],
    registration: Registration,
    *,
    web: Web,
    recorder: Recorder,
    now: datetime,
    expected: Account | None = None,
) -> SignedIn:
    """Exchange the answer of the sign-in page for tokens.

    parameters: what came to the redirect address (`oauth.callback.read_callback`). registration: as in `begin`. now:
    aware. expected: who has to be the one who signed in, where this is a reconnection. Raises OAuthFailed:
    `state-forged` for an answer to another question, before anything else of it is believed; what Microsoft says where
    it refused; what `identity.identify` says of who signed in; `no-refresh-token`.
    """
    _require_ours(request, parameters, registration)
    code = secret_of(parameters, "code", recorder=recorder)
    if "error" in parameters:
        raise OAuthFailed(evidence_of(parameters, registration))
    if code is None:
        raise failed(NOT_UNDERSTOOD, registration)
    scopes = next(iter(by_resource(request.permissions, registration)), ())

    def exchange(app: "msal.PublicClientApplication") -> dict[str, object]:
        answer = {"code": code.reveal(), "state": request.state}
        try:
            return app.acquire_token_by_auth_code_flow(dict(request.flow), answer, scopes=list(scopes))
        except RuntimeError:  # MSAL compares the nonce too, and its words hold both
            raise failed(NOT_OURS, registration, values={"check": "nonce"}) from None

    async with web() as client:
        issuing = await read_issuing(client, registration)  # before the code is used up
        result = await run_msal(exchange, registration, web=web)
        nonce = hashlib.sha256(str(request.flow["nonce"]).encode("ascii")).hexdigest()  # as MSAL sent it
        return await yielded(
            result,
            registration,
            issuing,
            permissions=request.permissions,
            client=client,
            web=web,
            recorder=recorder,
            now=now,
            nonce=nonce,
            expected=expected,
        )


async def yielded(
    result: Mapping[str, object],
    registration: Registration,
    issuing: Issuing,
    *,
    permissions: tuple[str, ...],
    client: httpx.AsyncClient,
    web: Web,
    recorder: Recorder,
    now: datetime,
    nonce: str | None,
    expected: Account | None,
) -> SignedIn:
    """Return what a successful answer of the token endpoint yields, once it is known whose it is; see `redeem`.

    A token is for one service. Where permissions of several were asked for, the refresh token is exchanged for one of
    each further service, which shows whether they were granted.
    """
    first, *further = by_resource(permissions, registration) or ((),)
    access = access_of(result, registration, asked=" ".join(first), now=now, recorder=recorder)
    refresh = secret_of(result, "refresh_token", recorder=recorder)
    account = await identify(
        result, registration, issuing, client=client, nonce=nonce, now=now, recorder=recorder, expected=expected
    )
    if refresh is None:
        raise failed(NO_REFRESH_TOKEN, registration, values={"username": account.username})
    found = granted(access.scope)
    renew = renewing(registration, web=web, recorder=recorder, clock=lambda: now)
    for scopes in further:
        try:
            renewed = await renew(refresh, " ".join(scopes))
        except OAuthFailed as refused:
            if refused.evidence.error not in _NOT_GRANTED:
                raise
            continue
        refresh = renewed.refresh_token or refresh
        found = (*found, *granted(renewed.access.scope))
    return SignedIn(account=account, access=access, refresh_token=refresh, permissions=tuple(dict.fromkeys(found)))


def _require_ours(request: SignInRequest, parameters: Mapping[str, str], registration: Registration) -> None:
    """Raise OAuthFailed for an answer to another question, or of another server (RFC 6749 10.12, RFC 9207)."""
    try:
        require_state(parameters, request.state)
    except CallbackRefused:
        raise failed(STATE_FORGED, registration) from None
    issuer = parameters.get("iss")
    if issuer is not None and origin(issuer) not in login_origins(registration):
        raise failed(STATE_FORGED, registration)
