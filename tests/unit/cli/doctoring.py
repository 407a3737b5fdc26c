"""Runs the commands of the doctor as a person or a script would, with the streams they are given."""

import argparse
import io
from dataclasses import dataclass

import msgspec
from rich.console import Console

from sendwright.cli import doctor, explain

WIDTH = 80


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    data: str

    @property
    def json(self) -> dict[str, object]:
        return msgspec.json.decode(self.data, type=dict[str, object])


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    commands = parser.add_subparsers(dest="command")
    doctor.add_parser(commands)
    explain.add_parser(commands)
    return parser.parse_args(list(words))


async def run(*words: str, width: int = WIDTH, standard_input: str = "") -> Ran:
    arguments = parse(*words)
    out, data = io.StringIO(), io.StringIO()
    streams = Console(emoji=False, file=out, width=width), Console(emoji=False, file=data, width=width)
    if arguments.command == "explain":
        code = await explain.run(arguments, *streams, standard_input=io.StringIO(standard_input))
    else:
        code = await doctor.run(arguments, *streams)
    return Ran(code=code, out=out.getvalue(), data=data.getvalue())
