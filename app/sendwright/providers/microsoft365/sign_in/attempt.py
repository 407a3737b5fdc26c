"""A sign-in or consent that has begun: what waits in memory for its answer."""

from dataclasses import dataclass, field

from sendwright.oauth.entra.device import DeviceCode
from sendwright.oauth.entra.sign_in import SignInRequest
from sendwright.providers.consent.listening import Listening
from sendwright.world import World


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


def found(name: str, world: World) -> AnyAttempt | None:
    """Return the attempt called `name`; None where it ended or belongs to an earlier run of the program."""
    attempt = world.attempts.find(name)
    return attempt if isinstance(attempt, AnyAttempt) else None
