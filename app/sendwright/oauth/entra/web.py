"""Asks the sign-in host of Microsoft over the program's own clients of the web, and refuses every other host."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import httpx

from sendwright.oauth import web
from sendwright.oauth.entra.failures import evidence_of, failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.web import Heard, Origin, Server, origin, require_origin

_NONE: Mapping[str, str] = MappingProxyType({})


def login_origins(registration: Registration) -> frozenset[Origin]:
    """Return where the registration's sign-in may take place; nowhere, where its address is no https one."""
    older = () if registration.login else registration.place.other_logins
    return frozenset(filter(None, map(origin, (registration.place.login, *older))))


def require_login(address: str, registration: Registration) -> None:
    """Raise OAuthFailed unless `address` lies at the registration's sign-in host, by https."""
    require_origin(address, server_of(registration))


def server_of(registration: Registration) -> Server:
    """Return the registration's sign-in host, as `oauth.web` asks it."""
    return Server(
        origins=login_origins(registration),
        evidence_of=partial(evidence_of, registration=registration),
        failed=partial(failed, registration=registration),
        identifiers=_identifiers,
    )


async def ask(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    registration: Registration,
    form: Mapping[str, str] = _NONE,
    headers: Mapping[str, str] = _NONE,
) -> Heard:
    """Return the answer of the sign-in host, as `oauth.web.ask` does."""
    return await web.ask(client, method, url, server=server_of(registration), form=form, headers=headers)


async def fetch(
    client: httpx.AsyncClient, method: str, url: str, *, registration: Registration
) -> tuple[httpx.Response, bytes]:
    """Return whatever the sign-in host answers, and its body, as `oauth.web.fetch` does."""
    return await web.fetch(client, method, url, server=server_of(registration))


def _identifiers(response: httpx.Response) -> Mapping[str, str]:
    return {
        "client_request_id": response.request.headers.get("client-request-id", ""),
        "request_id": response.headers.get("x-ms-request-id", ""),
    }
