"""Asks Google over the program's own clients of the web, and refuses every other host."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sendwright.oauth import web as oauth_web
from sendwright.oauth.apart import Asking, run_apart
from sendwright.oauth.conditions import NOT_UNDERSTOOD
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import evidence_of, failed
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.web import Server, Web, origin

__all__ = ["Web", "run_google", "server_of"]

T = TypeVar("T")


def server_of(client: GoogleClient, *, place: GooglePlace | None = None) -> Server:
    """Return Google as `oauth.web` asks it: its own hosts, and none besides; those that are not https are nowhere.

    place: where it answers; None: as the client says.
    """
    at = place or client.place
    addresses = (at.authorize, at.token, at.revoke, at.userinfo, at.keys, at.iam, at.gmail)
    return Server(
        origins=frozenset(filter(None, map(origin, addresses))),
        evidence_of=partial(evidence_of, client=client),
        failed=partial(failed, client=client),
    )


async def run_google(work: Callable[[Asking], T], *, server: Server, web: Web) -> T:
    """Return what `work` makes of Google's libraries, which are synchronous, as `oauth.apart.run_apart` does.

    work: runs in the libraries' thread, and loads them there; it asks by `library_request` and `transport`. Every
    answer that is an error is raised before they see it, so that they try nothing again and wait for nothing. Raises
    OAuthFailed; nonsense in an answer is `sign-in-answer-not-understood`, and its words are not kept.
    """

    def guarded(asking: Asking) -> T:
        from sendwright.oauth.google import transport  # noqa: PLC0415 - a tenth of a second, and only who signs in needs it

        try:
            return work(asking)
        except transport.NONSENSE:
            raise server.failed(NOT_UNDERSTOOD) from None

    async with web() as client:
        return await run_apart(
            guarded,
            partial(oauth_web.ask, client, server=server),
            nonsense=lambda: server.failed(NOT_UNDERSTOOD),
            name="google",
        )
