"""Signs a person in: the authorisation-code flow with PKCE, in her own browser."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from sendwright.network.page_address import is_here
from sendwright.oauth.account import Account
from sendwright.oauth.answered import access_in, seconds_in, secret_of
from sendwright.oauth.apart import Asking
from sendwright.oauth.callback import CallbackRefused, require_state
from sendwright.oauth.conditions import NO_REFRESH_TOKEN, NOT_UNDERSTOOD, STATE_FORGED
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import evidence_of, failed
from sendwright.oauth.google.person import identify, read_keys
from sendwright.oauth.google.place import ISSUERS
from sendwright.oauth.google.scopes import USUAL, granted
from sendwright.oauth.google.web import Web, run_google, server_of
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.oauth.web import require_origin
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

if TYPE_CHECKING:  # loaded when somebody signs in: oauth.google.web
    from google_auth_oauthlib.flow import Flow

CODE_REFUSED: Final = "sign-in-code-refused"
"""What we call an `invalid_grant` for a code: for a refresh token the same error says that a connection has ended."""

PROMPT: Final = "select_account consent"
"""Whoever signs in chooses the account, and consents each time: without consent Google may give no refresh token."""

_OCTETS = 32


@dataclass(frozen=True, kw_only=True)
class SignInRequest:
    """A sign-in that has begun; it lives in memory only.

    url: the page to open, once. state: comes back with the answer. redirect_uri: where the answer comes to, as a query.
    scopes: as asked for. verifier, nonce: of PKCE (RFC 7636) and of the id_token.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    verifier: Secret = field(repr=False, compare=False)
    nonce: Secret = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who signed in, and what that yields.

    refresh_token: yours to keep, nobody else has it. scopes: as granted; there may be fewer than were asked for, and
    more, where earlier ones were included. ends_at: aware, when the connection will end whatever is done (a client in
    testing, access for a time); None where Google names no time.
    """

    account: Account
    access: AccessToken
    refresh_token: Secret
    scopes: tuple[str, ...]
    ends_at: datetime | None = None


async def begin(
    client: GoogleClient,
    *,
    scopes: tuple[str, ...],
    redirect_uri: str,
    web: Web,
    recorder: Recorder,
    login_hint: str = "",
    domain: str = "",
    state: str = "",
) -> SignInRequest:
    """Return the page to open for a person to sign in; nothing is asked of Google.

    scopes: by their long names. redirect_uri: `http://127.0.0.1:PORT`. login_hint: an address that is filled in.
    domain: of the Google Workspace whose accounts are offered; it proves nothing. state: unguessable, where something
    waits for it already (`oauth.loopback.listen`); empty: a new one. Raises OAuthFailed.
    Source: developers.google.com/identity/protocols/oauth2/native-app; RFC 7636; RFC 8252.
    """
    server = server_of(client)
    require_origin(client.place.authorize, server)
    nonce = Secret(secrets.token_urlsafe(_OCTETS))
    asked = {
        "state": state or secrets.token_urlsafe(_OCTETS),
        "nonce": nonce.reveal(),
        "prompt": PROMPT,
        "login_hint": login_hint,
        "hd": domain,
        "include_granted_scopes": "true" if set(scopes) > set(USUAL) else "",
    }

    def start(asking: Asking) -> tuple[str, str]:
        flow = _flow(client, asking, scopes=scopes, redirect_uri=redirect_uri, verifier=None)
        url, _ = flow.authorization_url(**{name: value for name, value in asked.items() if value})
        return url, str(flow.code_verifier)

    url, verifier = await run_google(start, server=server, web=web)
    remembered = {"state": asked["state"], "nonce": asked["nonce"], "verifier": verifier}
    for name in remembered:
        secret_of(remembered, name, recorder=recorder)
    return SignInRequest(
        url=_at_page(url, client),
        state=asked["state"],
        redirect_uri=redirect_uri,
        scopes=scopes,
        verifier=Secret(verifier),
        nonce=nonce,
    )


async def redeem(
    request: SignInRequest,
    parameters: Mapping[str, str],
    client: GoogleClient,
    *,
    web: Web,
    recorder: Recorder,
    now: datetime,
    expected: Account | None = None,
) -> SignedIn:
    """Exchange the answer for tokens and return whose they are.

    parameters: as `oauth.callback.read_callback` returns them. now: aware. expected: who signed in before, where this
    is a reconnection. Raises OAuthFailed: `state-forged` for an answer to another question, before anything else of it
    is believed; what Google says where it refused; `invalid_grant` with the condition CODE_REFUSED for a code that
    does not count; what `person.identify` says of who signed in; `no-refresh-token`. Fewer scopes than were asked
    for are no failure here.
    """
    _require_ours(request, parameters, client)
    code = secret_of(parameters, "code", recorder=recorder)
    if "error" in parameters:
        raise OAuthFailed(evidence_of(parameters, client))
    if code is None:
        raise failed(NOT_UNDERSTOOD, client)
    if client.secret is not None:
        recorder.learn(client.secret)
    async with web() as http:
        keys = await read_keys(http, client)  # before the code is used up
        result = await _exchanged(request, code, client, web=web)
        access = access_in(result, asked=" ".join(request.scopes), now=now, recorder=recorder)
        refresh = secret_of(result, "refresh_token", recorder=recorder)
        if access is None:
            raise failed(NOT_UNDERSTOOD, client)
        account = await identify(
            result,
            client,
            keys=keys,
            http=http,
            nonce=request.nonce.reveal(),
            now=now,
            recorder=recorder,
            expected=expected,
        )
    if refresh is None:
        raise failed(NO_REFRESH_TOKEN, client, values={"username": account.username})
    life = seconds_in(result, "refresh_token_expires_in")
    return SignedIn(
        account=account,
        access=access,
        refresh_token=refresh,
        scopes=granted(access.scope),
        ends_at=None if not life else now + life,
    )


async def _exchanged(request: SignInRequest, code: Secret, client: GoogleClient, *, web: Web) -> Mapping[str, object]:
    """Return what the token endpoint answers to the code (RFC 6749 section 4.1.3)."""

    def exchange(asking: Asking) -> dict[str, object]:
        flow = _flow(
            client,
            asking,
            scopes=request.scopes,
            redirect_uri=request.redirect_uri,
            verifier=request.verifier.reveal(),
        )
        secret = client.secret.reveal() if client.secret is not None else None
        try:
            found = flow.fetch_token(code=code.reveal(), client_secret=secret, include_client_id=True)
        except Warning as changed:  # oauthlib raises it, bare, where other scopes were granted than asked for
            inside = getattr(changed, "token", None)
            if not isinstance(inside, dict):
                raise
            found = inside
        scopes = found.get("scope")  # oauthlib makes a list of the words
        return {**found, "scope": " ".join(scopes) if isinstance(scopes, list) else scopes}

    try:
        return await run_google(exchange, server=server_of(client), web=web)
    except OAuthFailed as refused:
        seen = refused.evidence
        if seen.error != "invalid_grant" or seen.reason is not None:
            raise
        raise OAuthFailed(msgspec.structs.replace(seen, condition=CODE_REFUSED)) from None


def _at_page(url: str, client: GoogleClient) -> str:
    """Return the address with the page of a practice in the place of Google's; oauthlib knows none without TLS.

    Only where a practice stands in for the sign-in: nobody types a password of Google's on any other page.
    """
    return f"{client.page}?{url.partition('?')[2]}" if client.login and is_here(client.page) else url


def _flow(
    client: GoogleClient, asking: Asking, *, scopes: tuple[str, ...], redirect_uri: str, verifier: str | None
) -> "Flow":
    from sendwright.oauth.google import transport  # noqa: PLC0415 - it loads in the libraries' thread: oauth.google.web

    config = {
        "client_id": client.client_id,
        "client_secret": "",  # it has to be there; the true one is named at the exchange
        "auth_uri": client.place.authorize,
        "token_uri": client.place.token,
    }
    flow = transport.Flow.from_client_config(
        {"installed": config}, scopes=list(scopes), redirect_uri=redirect_uri, code_verifier=verifier
    )
    return transport.through(flow, asking)


def _require_ours(request: SignInRequest, parameters: Mapping[str, str], client: GoogleClient) -> None:
    """Raise OAuthFailed for an answer to another question, or of another server (RFC 6749 10.12, RFC 9207)."""
    try:
        require_state(parameters, request.state)
    except CallbackRefused:
        raise failed(STATE_FORGED, client) from None
    issuer = parameters.get("iss")
    if issuer is not None and issuer not in ISSUERS:
        raise failed(STATE_FORGED, client)
