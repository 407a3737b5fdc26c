"""The words of the command line: one parser, a part of it from each command."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sendwright import __version__
from sendwright.cli import connection_code, doctor, explain, notify, serve, setup, status
from sendwright.texts import LANGUAGES, text


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands, its help in the language in use."""
    made = argparse.ArgumentParser(prog="sendwright", description=text("cli.description"), allow_abbrev=False)
    made.add_argument("--version", action="version", version=f"sendwright {__version__}")
    made.add_argument("--deployment", type=Path, metavar="FILE", help=text("cli.deployment"))
    made.add_argument("--language", choices=LANGUAGES, help=text("cli.language"))
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    setup.add_arguments(commands.add_parser("setup", help=text("cli.setup.help"), allow_abbrev=False))
    for command in (doctor, explain, serve, connection_code, notify, status):
        command.add_parser(commands)
    practice = commands.add_parser("practice", help=text("cli.practice.help"), allow_abbrev=False)
    practice.add_argument("--scenario", metavar="NAME", default="", help=text("cli.practice.scenario"))
    return made


def language_of(words: Sequence[str]) -> str | None:
    """Return the language asked for; found before the parser is built, because its help speaks it."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--language", choices=LANGUAGES)
    try:
        found, _ = early.parse_known_args(list(words))
    except argparse.ArgumentError:
        return None
    return str(found.language) if found.language else None
