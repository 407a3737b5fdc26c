"""Runs MSAL, which is synchronous, in a thread of its own while the event loop does its asking."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from sendwright.oauth import web as oauth_web
from sendwright.oauth.apart import Asking, run_apart
from sendwright.oauth.conditions import NOT_UNDERSTOOD
from sendwright.oauth.entra.failures import failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import server_of
from sendwright.oauth.web import Heard, Web

if TYPE_CHECKING:  # it takes a tenth of a second to load, and most starts of the program sign nobody in
    import msal

T = TypeVar("T")

App = TypeVar("App", bound="msal.ClientApplication")

_NONE: Mapping[str, str] = MappingProxyType({})


class Answer:
    """An answer in the shape that MSAL takes."""

    def __init__(self, heard: Heard) -> None:
        self.status_code = heard.status
        self.headers = heard.headers
        self.text = heard.text

    def raise_for_status(self) -> None:
        """Do nothing: an answer that is an error was raised before."""


class MsalClient:
    """MSAL's `http_client`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def get(self, url: str, *, headers: Mapping[str, str] = _NONE, **_: object) -> Answer:
        """Ask by GET."""
        return Answer(self._asking("GET", url, headers=headers))

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> Answer:
        """Ask by POST with a form."""
        form = {name: _text(value) for name, value in (data or {}).items() if value is not None}
        return Answer(self._asking("POST", url, headers=headers or {}, form=form))

    def close(self) -> None:
        """Do nothing: whoever opened the client closes it."""


async def run_msal(
    work: "Callable[[msal.PublicClientApplication], T]",
    registration: Registration,
    *,
    web: Web,
    discovered: dict[str, object] | None = None,
) -> T:
    """Return what `work` makes of a public client application; see `run_with`.

    discovered: keeps the tenant's metadata from one call to the next; MSAL puts nothing else there, as every answer
    that is an error is raised before MSAL sees it.
    """

    def make(asking: MsalClient) -> "msal.PublicClientApplication":
        from sendwright.oauth.entra import forgetful  # noqa: PLC0415 - as above; and here it loads in MSAL's thread

        return forgetful.PublicClientApplication(
            registration.client_id,
            authority=registration.authority,
            token_cache=forgetful.Forgetful(),
            http_client=asking,
            http_cache=discovered,
            instance_discovery=False,
        )

    return await run_with(make, work, registration, web=web)


async def run_confidential(
    work: "Callable[[msal.ConfidentialClientApplication], T]",
    registration: Registration,
    *,
    credential: str | Mapping[str, str],
    web: Web,
) -> T:
    """Return what `work` makes of an application that proves itself by `credential`, as MSAL takes it; see above."""

    def make(asking: MsalClient) -> "msal.ConfidentialClientApplication":
        from sendwright.oauth.entra import forgetful  # noqa: PLC0415 - as above

        return forgetful.ConfidentialClientApplication(
            registration.client_id,
            client_credential=credential,
            authority=registration.authority,
            token_cache=forgetful.Forgetful(),
            http_client=asking,
            azure_region=False,  # MSAL_FORCE_REGION would name another host
            instance_discovery=False,
        )

    return await run_with(make, work, registration, web=web)


async def run_with(
    make: Callable[[MsalClient], App], work: Callable[[App], T], registration: Registration, *, web: Web
) -> T:
    """Return what `work` makes of a new application, as `oauth.apart.run_apart` does.

    A new application for each call keeps MSAL's throttling from answering a second try with the first one's error.
    Raises OAuthFailed; nonsense in an answer is `sign-in-answer-not-understood`.
    """
    server = server_of(registration)
    async with web() as client:
        return await run_apart(
            lambda asking: work(make(MsalClient(asking))),
            partial(oauth_web.ask, client, server=server),
            nonsense=lambda: failed(NOT_UNDERSTOOD, registration),
            name="msal",
        )


def _text(value: object) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else str(value)
