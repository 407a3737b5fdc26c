"""Lets MSAL, which is synchronous, ask over the program's own clients of the web."""

from collections.abc import Callable
from typing import Final

import httpx

Web = Callable[[], httpx.AsyncClient]
"""Makes a client that verifies TLS, goes through the system's proxy and follows no redirect; closed by whoever asked."""

STAGE: Final = "sign-in"
REACH: Final = "reach"
"""The stages at which a sign-in fails: the answer is a refusal, or there is none."""
