"""Opens the backend that this computer is enrolled with, for commands that need no wizard."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sendwright.handoff.backend import Backend, HandoffFailed
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.world import World


@asynccontextmanager
async def known_backend(world: World, arguments: argparse.Namespace) -> AsyncIterator[Backend]:
    """Open the backend in use with its token from the keychain.

    Without a keychain the backend of this computer is still reached: whoever may read its folder may have a code.
    Raises HandoffFailed `backend-not-connected`, `backend-access-lost`.
    """
    del arguments
    known = world.known_backends.current()
    if known is None:
        raise _no_access("backend-not-connected")
    token = await world.vault.fetch(known.token)
    address = known.address
    if known.on_this_computer:
        address = await world.local_backend.start()
        if token is None:
            token = await _enrol_again(world)
    if token is None:
        raise _no_access("backend-access-lost", organisation=known.organisation)
    backend = world.backend(address, token)
    try:
        yield backend
    finally:
        await backend.close()


def _no_access(condition: str, **values: str) -> HandoffFailed:
    return HandoffFailed(Evidence(stage="backend", system=System.BACKEND, condition=condition, values=values))


async def _enrol_again(world: World) -> Secret:
    code = parse_connection_code((await world.local_backend.connection_code(passing=True)).reveal())
    backend = world.backend(code.address, None)
    try:
        return Secret((await backend.enrol(code.secret, device=world.person)).token)
    finally:
        await backend.close()
