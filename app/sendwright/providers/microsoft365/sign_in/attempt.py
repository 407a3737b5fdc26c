"""A sign-in or consent that has begun: what waits in memory for its answer."""

from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sendwright.oauth.attempts import Waiting
from sendwright.oauth.entra.device import DeviceCode
from sendwright.oauth.entra.sign_in import SignInRequest
from sendwright.oauth.loopback import Loopback, listen, page_words
from sendwright.world import World


@dataclass(frozen=True, kw_only=True)
class Listening:
    """The listener that a browser of the person's own comes back to. redirect_uri: with its port."""

    redirect_uri: str
    loopback: Loopback = field(repr=False)
    stack: AsyncExitStack = field(repr=False)

    async def answer(self) -> Mapping[str, str]:
        """Return what came back; waits as long as it takes."""
        return await self.loopback.answer()

    async def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            await self.stack.aclose()


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """The authorisation-code flow of a person. listening: None where the embedded browser watches."""

    request: SignInRequest
    listening: Listening | None = None

    @property
    def url(self) -> str:
        """The page to open."""
        return self.request.url

    @property
    def redirect_uri(self) -> str:
        """Where the answer comes."""
        return self.request.redirect_uri

    async def close(self) -> None:
        """Wait for no browser any more."""
        if self.listening is not None:
            await self.listening.close()


@dataclass(frozen=True, kw_only=True)
class AdminConsent:
    """An administrator's consent for the whole organisation."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    listening: Listening | None = None

    async def close(self) -> None:
        """Wait for no browser any more."""
        if self.listening is not None:
            await self.listening.close()


@dataclass(frozen=True, kw_only=True)
class OtherDevice:
    """A code that is typed on another device."""

    code: DeviceCode = field(repr=False)
    listening: None = None

    @property
    def url(self) -> str:
        """The page to open."""
        return self.code.address


AnyAttempt = SignIn | AdminConsent | OtherDevice


async def listening_at(registered: str, state: str, world: World) -> Listening:
    """Listen on a free port for what comes back with `state` to the redirect URI that is `registered`.

    Microsoft ignores the port of `http://localhost` and not the path, so the answer is awaited at exactly that path.
    Source: learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions. Raises OSError.
    """
    place = urlsplit(registered)
    stack = AsyncExitStack()
    words = page_words(product=world.deployment.platform.name)
    host = place.hostname or "localhost"
    loopback = await stack.enter_async_context(listen(state=state, path=place.path or "/", host=host, words=words))
    address = f"{loopback.redirect_uri.rstrip('/')}/" if place.path == "/" else loopback.redirect_uri
    return Listening(redirect_uri=address, loopback=loopback, stack=stack)


def found(name: str, world: World) -> AnyAttempt | None:
    """Return the attempt called `name`; None where it ended or belongs to an earlier run of the program."""
    attempt = world.attempts.find(name)
    return attempt if isinstance(attempt, AnyAttempt) else None


async def end(name: str, world: World) -> None:
    """Forget the attempt, and listen for its answer no longer."""
    attempt = world.attempts.end(name)
    if isinstance(attempt, Waiting):
        await attempt.close()
