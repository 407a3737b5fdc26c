"""Runs the benchmarks that are asked for and prints what they measured."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from tests.benchmarks.machine import facts
from tests.benchmarks.row import Row, UnmeasurableError
from tests.benchmarks.rows import ROWS, chosen
from tests.benchmarks.table import Measured, as_json, as_text

FINE, BROKEN = 0, 1
SYSTEM_PROGRAMS = ("/usr/sbin", "/sbin")  # Debian keeps Postfix where only root's path looks


def main(
    words: Sequence[str], rows: Sequence[Row] = ROWS, *, out: TextIO = sys.stdout, said: TextIO = sys.stderr
) -> int:
    """Measure; return 0 whatever the figures are, 1 where a benchmark itself broke."""
    parser = _parser(rows)
    arguments = parser.parse_args(words)
    if arguments.list:
        width = max(len(row.name) for row in rows)
        out.writelines(f"{row.name:{width}}  {row.says}\n" for row in rows)
        return FINE
    try:
        wanted = chosen(arguments.names, rows)
    except KeyError as unknown:
        parser.error(f"there is no {unknown}; --list says which there are")
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *SYSTEM_PROGRAMS])
    machine = facts()
    broken = False
    measured = []
    for row in wanted:
        said.write(f"measuring {row.name}\n")
        said.flush()
        try:
            measured.append(Measured(row=row.name, lines=row.lines(arguments.runs)))
        except UnmeasurableError as lacking:
            measured.append(Measured(row=row.name, trouble=str(lacking)))
        except Exception as fault:  # noqa: BLE001 - the other rows are worth having; this one says what happened
            measured.append(Measured(row=row.name, trouble=f"{type(fault).__name__}: {fault}"))
            broken = True
    out.write(as_json(machine, measured).decode() + "\n" if arguments.json else as_text(machine, measured))
    return BROKEN if broken else FINE


def _parser(rows: Sequence[Row]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests/benchmarks", description="Measures, and prints one table.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: " + ", ".join(row.name for row in rows))
    parser.add_argument("--runs", type=int, metavar="N", help="how often to repeat, instead of each one's own number")
    parser.add_argument("--json", action="store_true", help="print JSON with every single value")
    parser.add_argument("--list", action="store_true", help="say which there are")
    return parser
