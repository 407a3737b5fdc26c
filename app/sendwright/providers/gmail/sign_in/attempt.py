"""A sign-in that has begun: what waits in memory for its answer."""

from dataclasses import dataclass, field

from sendwright.oauth.google.sign_in import SignInRequest
from sendwright.providers.consent.listening import Listening
from sendwright.world import World


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """The authorisation-code flow of a person in her own browser."""

    request: SignInRequest = field(repr=False)
    listening: Listening = field(repr=False)

    @property
    def url(self) -> str:
        """The page to open."""
        return self.request.url

    async def close(self) -> None:
        """Wait for no browser any more."""
        await self.listening.close()


def found(name: str, world: World) -> SignIn | None:
    """Return the attempt called `name`; None where it ended or belongs to an earlier run of the program."""
    attempt = world.attempts.find(name)
    return attempt if isinstance(attempt, SignIn) else None
