"""The command line: which words it understands, and the one place where the program ends with an exit code."""

import argparse
import asyncio
import importlib.util
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from rich.console import Console

from sendwright import __version__
from sendwright.cli import doctor, explain, notify, setup, status
from sendwright.cli.access import known_backend
from sendwright.cli.parsing import language_of, parser
from sendwright.cli.render import problem_card
from sendwright.cli.terminal import Terminal, standard_terminal
from sendwright.deployment import Deployment, load
from sendwright.errors import DeploymentInvalid, SendwrightError, VaultUnavailable
from sendwright.handoff.backend import Backend
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Failure
from sendwright.problems.explanation import explain as explain_problem
from sendwright.storage import folders
from sendwright.surroundings import real_world
from sendwright.texts import speaking, text
from sendwright.wizard.draft import Purpose
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.step import unavailable_vault
from sendwright.wizard.store import NoDrafts, StoredDrafts

FINE, PROBLEM, USAGE, FAULT, CANCELLED = range(5)
"""Exit codes: fine, a problem that is explained, wrong usage, a fault of ours, cancelled."""


BackendCommand = Callable[[argparse.Namespace, Backend, Console, Console], Awaitable[int]]


class Window(Protocol):
    """Opens the wizard's window."""

    def __call__(self, deployment: Deployment, *, practice: str | None) -> int:
        """Return the exit code; `practice` names the scenario, None is real."""
        ...


@dataclass(frozen=True, kw_only=True)
class Faces:
    """The other faces of the program, loaded only when they are asked for."""

    window: Window
    serve: Callable[[argparse.Namespace, Deployment], int]
    connection_code: Callable[[argparse.Namespace, Deployment], int]


def run(words: Sequence[str], *, faces: Faces) -> int:
    """Carry out a command line; return the exit code."""
    with speaking(language_of(words)):
        arguments = parser().parse_args(words)
        terminal = standard_terminal(json=getattr(arguments, "json", False))
        try:
            deployment = load(arguments.deployment, os.environ)
            return _dispatch(arguments, deployment, faces, terminal)
        except KeyboardInterrupt:
            return CANCELLED
        except DeploymentInvalid as invalid:
            terminal.complain(str(invalid))
            return USAGE
        except Failure as failure:
            terminal.out.print(problem_card(explain_problem(classify(failure.evidence))))
            return PROBLEM
        except VaultUnavailable as unavailable:
            terminal.out.print(problem_card(explain_problem(unavailable_vault(unavailable))))
            return PROBLEM
        except SendwrightError as error:
            terminal.complain(str(error))
            return PROBLEM
        except Exception:  # noqa: BLE001 - the last net: the person gets a sentence, the log the details
            terminal.complain(text("cli.fault", path=_write_log()))
            return FAULT


def _dispatch(arguments: argparse.Namespace, deployment: Deployment, faces: Faces, terminal: Terminal) -> int:
    match arguments.command:
        case None | "practice":
            return _open_window(arguments, deployment, faces, terminal)
        case "serve" | "connection-code":
            if not _installed("litestar", "dbos"):
                terminal.complain(text("cli.no-service"))
                return USAGE
            face = faces.serve if arguments.command == "serve" else faces.connection_code
            return face(arguments, deployment)
        case "setup":
            return _set_up(arguments, deployment, faces, terminal)
        case "notify" | "status":
            command = notify.run if arguments.command == "notify" else status.run
            return asyncio.run(_with_backend(command, arguments, deployment, terminal))
        case "doctor":
            return asyncio.run(doctor.run(arguments, terminal.out, terminal.data))
        case _:
            return asyncio.run(explain.run(arguments, terminal.out, terminal.data))


def _open_window(arguments: argparse.Namespace, deployment: Deployment, faces: Faces, terminal: Terminal) -> int:
    practice = getattr(arguments, "scenario", None)
    if practice is not None and not _installed("aiosmtpd", "trustme"):
        terminal.complain(text("cli.no-practice"))
        return USAGE
    if not _installed("PySide6"):
        terminal.complain(text("cli.no-desktop"))
        return USAGE
    if not _has_display():
        terminal.complain(text("cli.no-display"))
        return USAGE
    return faces.window(deployment, practice=practice)


def _set_up(arguments: argparse.Namespace, deployment: Deployment, faces: Faces, terminal: Terminal) -> int:
    async def walk() -> tuple[int, Purpose]:
        world = await real_world(deployment)
        store = NoDrafts() if arguments.answers else StoredDrafts(folders().configuration)
        wizard = await open_wizard(world, store)
        return await setup.run_setup(arguments, wizard, terminal), wizard.draft.purpose

    code, purpose = asyncio.run(walk())
    if purpose is Purpose.PRACTISE:
        arguments.scenario = ""
        return _open_window(arguments, deployment, faces, terminal)
    return code


def _has_display() -> bool:
    """X11 and Wayland name their display in the environment; other systems always have one."""
    if not sys.platform.startswith("linux"):
        return True
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in named)


def _installed(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)


async def _with_backend(
    command: BackendCommand, arguments: argparse.Namespace, deployment: Deployment, terminal: Terminal
) -> int:
    world = await real_world(deployment)
    async with known_backend(world, arguments) as backend:
        return await command(arguments, backend, terminal.out, terminal.data)


def _write_log() -> Path:
    """Write the traceback of the exception in hand to the log; return its path."""
    log = folders().log / "sendwright.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {__version__}\n{traceback.format_exc()}\n")
    log.chmod(0o600)
    return log
