"""Carries out what was asked for: the one place where the program ends with an exit code."""

import argparse
import asyncio
import importlib.util
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from sendwright import __version__
from sendwright.cli.faces import Faces
from sendwright.cli.render import problem_card
from sendwright.cli.terminal import Terminal, standard_terminal
from sendwright.deployment import Deployment, load
from sendwright.errors import DeploymentInvalid, SendwrightError, VaultUnavailable
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.explanation import explain as in_words
from sendwright.storage import folders
from sendwright.texts import text

FINE, PROBLEM, USAGE, FAULT, CANCELLED = range(5)
"""Exit codes: fine, a problem that is explained, wrong usage, a fault of ours, cancelled."""


def carry_out(arguments: argparse.Namespace, faces: Faces) -> int:
    """Do what `arguments` ask for; return the exit code."""
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
        terminal.out.print(problem_card(in_words(classify(failure.evidence))))
        return PROBLEM
    except VaultUnavailable as unavailable:
        evidence = Evidence(stage="keychain", system=System.KEYCHAIN, condition=unavailable.condition)
        terminal.out.print(problem_card(in_words(classify(evidence))))
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
            from sendwright.cli.errands import with_backend  # noqa: PLC0415 - only what is asked for is loaded

            return asyncio.run(with_backend(arguments, deployment, terminal))
        case "doctor":
            from sendwright.cli import doctor  # noqa: PLC0415 - only what is asked for is loaded

            return asyncio.run(doctor.run(arguments, terminal.out, terminal.data))
        case _:
            from sendwright.cli import explain  # noqa: PLC0415 - only what is asked for is loaded

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
    from sendwright.cli.errands import set_up  # noqa: PLC0415 - only what is asked for is loaded

    code, practise = asyncio.run(set_up(arguments, deployment, terminal))
    if practise:
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


def _write_log() -> Path:
    """Write the traceback of the exception in hand to the log; return its path."""
    log = folders().log / "sendwright.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {__version__}\n{traceback.format_exc()}\n")
    log.chmod(0o600)
    return log
