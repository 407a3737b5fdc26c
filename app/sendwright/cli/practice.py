"""The words of `sendwright practice`: the wizard against simulated servers; the window itself is another face."""

import argparse

from sendwright.practice.scenarios import SCENARIOS
from sendwright.texts import text


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `practice`."""
    names = ", ".join(scenario.name for scenario in SCENARIOS)
    parser = commands.add_parser("practice", help=text("cli.practice.help"), allow_abbrev=False)
    parser.add_argument("--scenario", metavar="NAME", default="", help=text("cli.practice.scenario", names=names))
