"""MSAL's applications, and a cache for them that keeps nothing."""

from collections.abc import Mapping

from msal import ConfidentialClientApplication, PublicClientApplication
from msal.token_cache import TokenCache
from typing_extensions import override

__all__ = ["ConfidentialClientApplication", "Forgetful", "PublicClientApplication"]


class Forgetful(TokenCache):
    """Keeps nothing: tokens belong to whoever asked, and to the keeper of the grant."""

    @override
    def add(self, event: Mapping[str, object], now: float | None = None) -> None:
        return None
