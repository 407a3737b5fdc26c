"""The commands that need the person's whole world: keychain, network, backends."""

import argparse
from urllib.parse import urlsplit

from sendwright.cli import disconnect, doctor_backend, doctor_network, notify, setup, status
from sendwright.cli.access import known_backend
from sendwright.cli.endings import PROBLEM, USAGE, explanation_of
from sendwright.cli.server_place import ServerPlace
from sendwright.cli.terminal import Terminal
from sendwright.deployment import Deployment
from sendwright.errors import VaultUnavailable
from sendwright.network.system import system_network
from sendwright.problems.evidence import Failure
from sendwright.storage import folders
from sendwright.surroundings import real_world
from sendwright.texts import text
from sendwright.wizard.draft import Purpose
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts, StoredDrafts


async def set_up(arguments: argparse.Namespace, deployment: Deployment, terminal: Terminal) -> tuple[int, bool]:
    """Walk the wizard in the terminal; return the exit code and whether the person chose to practise."""
    world = await real_world(deployment)
    store = NoDrafts() if arguments.answers else StoredDrafts(folders().configuration)
    wizard = await open_wizard(world, store)
    code = await setup.run_setup(arguments, wizard, terminal)
    return code, wizard.draft.purpose is Purpose.PRACTISE


async def examine_backend(arguments: argparse.Namespace, deployment: Deployment, terminal: Terminal) -> int:
    """Carry out `doctor backend` with the backend that this computer is enrolled with; return the exit code."""
    try:
        world = await real_world(deployment)
        async with known_backend(world, arguments) as backend:
            return await doctor_backend.run(arguments, backend, world.network, terminal.out, terminal.data)
    except (Failure, VaultUnavailable) as error:
        if not arguments.json:
            raise
        doctor_backend.report_problem(explanation_of(error), terminal.data)
        return PROBLEM


async def map_network(arguments: argparse.Namespace, deployment: Deployment, terminal: Terminal) -> int:
    """Carry out `doctor network`; without a host it is the mail server of the sender in force. Return the exit code."""
    place = arguments.place or await _server_in_force(arguments, deployment)
    if place is None:
        terminal.out.print(text("wall.no-host"), markup=False, style="red")
        return USAGE
    web_host = urlsplit(deployment.platform.help_url).hostname or ""
    wanted = doctor_network.Wanted(place=place, web_host=web_host)
    return await doctor_network.run(arguments, wanted, system_network(), terminal.out, terminal.data)


async def _server_in_force(arguments: argparse.Namespace, deployment: Deployment) -> ServerPlace | None:
    """Return the mail server of the sender in force, None where there is none or nobody can be asked."""
    try:
        world = await real_world(deployment)
        async with known_backend(world, arguments) as backend:
            state = (await backend.organisation()).in_force
    except (Failure, VaultUnavailable):
        return None
    settings = {} if state is None else state.profile.settings
    host, port = settings.get("host"), settings.get("port")
    return ServerPlace(host=str(host), port=port if isinstance(port, int) else None) if host else None


async def with_backend(arguments: argparse.Namespace, deployment: Deployment, terminal: Terminal) -> int:
    """Carry out a command with the backend that this computer is enrolled with; return the exit code."""
    try:
        world = await real_world(deployment)
        async with known_backend(world, arguments) as backend:
            if arguments.command == "disconnect":
                return await disconnect.run(arguments, backend, terminal)
            run = notify.run if arguments.command == "notify" else status.run
            return await run(arguments, backend, terminal.out, terminal.data)
    except (Failure, VaultUnavailable) as error:
        if not arguments.json:
            raise
        reports = {"notify": notify.report_problem, "status": status.report_problem}
        report_problem = reports.get(arguments.command, disconnect.report_problem)
        report_problem(explanation_of(error), terminal.data)
        return PROBLEM
