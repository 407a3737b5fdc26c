"""Finds out, without signing in, whether Google knows an OAuth client and its secret."""

from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.web import Web
from sendwright.recording.recorder import Recorder


async def check_client(client: GoogleClient, *, web: Web, recorder: Recorder) -> None:
    """Raise OAuthFailed where Google does not know the id, or the secret is not its own."""
    raise NotImplementedError
