"""Opens the backend that this computer is enrolled with, for commands that need no wizard."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sendwright.errors import SendwrightError
from sendwright.handoff.backend import Backend
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.secret import Secret
from sendwright.texts import text
from sendwright.world import World


class NotConnected(SendwrightError):
    """This computer has no access to a backend; the text says what to do."""


@asynccontextmanager
async def known_backend(world: World, arguments: argparse.Namespace) -> AsyncIterator[Backend]:
    """Open the backend in use with its token from the keychain.

    Without a keychain the backend of this computer is still reached: whoever may read its folder may have a code.
    Raises NotConnected.
    """
    del arguments
    known = world.known_backends.current()
    if known is None:
        raise NotConnected(text("cli.not-enrolled"))
    token = await world.vault.fetch(known.token)
    address = known.address
    if known.on_this_computer:
        address = await world.local_backend.start()
        if token is None:
            token = await _enrol_again(world)
    if token is None:
        raise NotConnected(text("cli.no-token", organisation=known.organisation))
    backend = world.backend(address, token)
    try:
        yield backend
    finally:
        await backend.close()


async def _enrol_again(world: World) -> Secret:
    code = parse_connection_code((await world.local_backend.connection_code()).reveal())
    backend = world.backend(code.address, None)
    try:
        return Secret((await backend.enrol(code.secret, device=world.person)).token)
    finally:
        await backend.close()
