"""Carries out what was asked for: the one place where the program ends with an exit code."""

import argparse
import asyncio
import importlib.util
import os
import sys
from typing import TYPE_CHECKING

from sendwright.cli.faces import Faces
from sendwright.deployment import Deployment, load
from sendwright.errors import WrongUsage
from sendwright.texts import text

if TYPE_CHECKING:  # the window needs no terminal
    from sendwright.cli.terminal import Terminal


def carry_out(arguments: argparse.Namespace, faces: Faces) -> int:
    """Do what `arguments` ask for; return the exit code."""
    try:
        return _dispatch(arguments, load(arguments.deployment, os.environ), faces)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - the last net: every end has its words and its code
        from sendwright.cli.endings import end  # noqa: PLC0415 - a window that ends well needs no terminal
        from sendwright.cli.terminal import standard_terminal  # noqa: PLC0415 - as above

        return end(error, standard_terminal(json=True))  # standard output stays for what was asked for


def _dispatch(arguments: argparse.Namespace, deployment: Deployment, faces: Faces) -> int:
    match arguments.command:
        case None | "practice":
            return _open_window(arguments, deployment, faces)
        case "serve" | "connection-code":
            if not _installed("litestar", "dbos"):
                raise WrongUsage(text("cli.no-service"))
            face = faces.serve if arguments.command == "serve" else faces.connection_code
            return face(arguments, deployment)
        case "setup":
            return _set_up(arguments, deployment, faces)
        case _:
            from sendwright.cli.terminal import standard_terminal  # noqa: PLC0415 - only what is asked for is loaded

            terminal = standard_terminal(json=getattr(arguments, "json", False))
            return asyncio.run(_answer(arguments, deployment, terminal))


async def _answer(arguments: argparse.Namespace, deployment: Deployment, terminal: "Terminal") -> int:
    match arguments.command:
        case "notify" | "status" | "disconnect":
            from sendwright.cli.errands import with_backend  # noqa: PLC0415 - only what is asked for is loaded

            return await with_backend(arguments, deployment, terminal)
        case "doctor" if arguments.kind == "backend":
            from sendwright.cli.errands import examine_backend  # noqa: PLC0415 - as above

            return await examine_backend(arguments, deployment, terminal)
        case "doctor" if arguments.kind == "network":
            from sendwright.cli.errands import map_network  # noqa: PLC0415 - as above

            return await map_network(arguments, deployment, terminal)
        case "doctor" if arguments.kind == "microsoft":
            from sendwright.cli import doctor_microsoft  # noqa: PLC0415 - as above
            from sendwright.network.system import system_network  # noqa: PLC0415 - as above

            return await doctor_microsoft.run(arguments, deployment, system_network(), terminal.out, terminal.data)
        case "doctor" if arguments.kind == "gmail":
            from sendwright.cli import doctor_gmail  # noqa: PLC0415 - as above
            from sendwright.network.system import system_network  # noqa: PLC0415 - as above

            return await doctor_gmail.run(arguments, deployment, system_network(), terminal.out, terminal.data)
        case "doctor":
            from sendwright.cli import doctor  # noqa: PLC0415 - as above

            return await doctor.run(arguments, terminal.out, terminal.data)
        case "open":
            from sendwright.cli import open as opening  # noqa: PLC0415 - as above

            return opening.run(arguments, terminal.out, terminal.data)
        case _:
            from sendwright.cli import explain  # noqa: PLC0415 - as above

            return await explain.run(arguments, terminal.out, terminal.data)


def _open_window(arguments: argparse.Namespace, deployment: Deployment, faces: Faces) -> int:
    practice = getattr(arguments, "scenario", None)
    if practice is not None and not _installed("aiosmtpd", "trustme"):
        raise WrongUsage(text("cli.no-practice"))
    if not _installed("PySide6"):
        raise WrongUsage(text("cli.no-desktop"))
    if not _has_display():
        raise WrongUsage(text("cli.no-display"))
    return faces.window(deployment, practice=practice)


def _set_up(arguments: argparse.Namespace, deployment: Deployment, faces: Faces) -> int:
    from sendwright.cli.errands import set_up  # noqa: PLC0415 - only what is asked for is loaded
    from sendwright.cli.terminal import standard_terminal  # noqa: PLC0415 - as above

    terminal = standard_terminal(json=arguments.json)
    code, practise = asyncio.run(set_up(arguments, deployment, terminal))
    if practise:
        arguments.scenario = ""
        return _open_window(arguments, deployment, faces)
    return code


def _has_display() -> bool:
    """X11 and Wayland name their display in the environment; other systems always have one."""
    if not sys.platform.startswith("linux"):
        return True
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in named)


def _installed(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)
