"""Asks Google over the program's own clients of the web, and refuses every other host."""

from collections.abc import Callable

import httpx

Web = Callable[[], httpx.AsyncClient]
"""Makes a client that verifies TLS, uses the system's proxy and follows no redirect; who asked for it closes it."""
