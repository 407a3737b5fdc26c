"""The words of the command line: one parser, a part of it from each command."""

import argparse
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from sendwright import __version__
from sendwright.cli.local_parser import LocalParser
from sendwright.texts import LANGUAGES, text

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "setup": "cli.setup.help",
        "doctor": "doctor.help",
        "explain": "explain.help",
        "open": "open.help",
        "serve": "service.help.serve",
        "connection-code": "service.help.connection-code",
        "notify": "notify.help",
        "status": "notify.status.help",
        "disconnect": "disconnect.help",
        "practice": "cli.practice.help",
    }
)
"""The commands in the order of the help, and the texts that say what each is for; each has a module of its name."""


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, its help in the language in use.

    command: the only one whose own words are needed; the others are just named, and not loaded. None: all are.
    """
    made = LocalParser(prog="sendwright", description=text("cli.description"))
    made.add_argument("--version", action="version", version=f"sendwright {__version__}", help=text("cli.version"))
    made.add_argument("--deployment", type=Path, metavar="FILE", help=text("cli.deployment"))
    made.add_argument("--language", choices=LANGUAGES, help=text("cli.language"))
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        if command in {None, name}:
            importlib.import_module(f"sendwright.cli.{name.replace('-', '_')}").add_parser(commands)
        else:
            commands.add_parser(name, help=text(purpose), allow_abbrev=False)
    return made


def language_of(words: Sequence[str]) -> str | None:
    """Return the language asked for; found before the parser is built, because its help speaks it."""
    found = _glance(words).language
    return str(found) if found else None


def command_of(words: Sequence[str]) -> str | None:
    """Return the command asked for, empty where none is; None where only the whole parser can tell."""
    found = str(_glance(words).command)
    return found if found in {"", *COMMANDS} else None


def _glance(words: Sequence[str]) -> argparse.Namespace:
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    early.add_argument("--language", choices=LANGUAGES)
    early.add_argument("--deployment")
    early.add_argument("command", nargs="?", default="")
    try:
        found, _ = early.parse_known_args(list(words))
    except argparse.ArgumentError:
        return argparse.Namespace(language=None, command="?")
    return found
