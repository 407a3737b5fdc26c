"""The words of `sendwright connection-code`: a one-time code that connects a wizard with this backend."""

import argparse
from pathlib import Path

from sendwright.texts import text

LONGEST_MINUTES = 7 * 24 * 60


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `connection-code`; its arguments are those of `service.options.CodeOptions`."""
    parser = commands.add_parser("connection-code", help=text("service.help.connection-code"), allow_abbrev=False)
    parser.add_argument("--data", type=Path, metavar="DIR", help=text("service.help.data"))
    parser.add_argument("--database", metavar="URL", help=text("service.help.database"))
    parser.add_argument("--url", metavar="URL", help=text("service.help.url"))
    parser.add_argument("--ca", type=Path, metavar="FILE", help=text("service.help.ca"))
    parser.add_argument("--passing", action="store_true", help=argparse.SUPPRESS)  # asked for by `cli.access` only
    parser.add_argument(
        "--valid-minutes",
        type=_minutes,
        default=60,
        metavar="N",
        help=text("service.help.valid-minutes"),
    )


def _minutes(typed: str) -> int:
    minutes = int(typed)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise ValueError(typed)  # argparse names the argument and quotes what was typed
    return minutes
