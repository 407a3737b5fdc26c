"""What a try signs in with, as the provider hands it to its steps."""

from collections.abc import Awaitable, Callable

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.secret import Secret
from sendwright.world import World

Credentials = Callable[[GmailAnswers, World], Awaitable[dict[str, Secret]]]
"""Returns credentials for the answers' way and route. Raises errors.VaultUnavailable and problems.evidence.Failure."""
