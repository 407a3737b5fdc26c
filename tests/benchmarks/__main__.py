"""Measures and prints one table: `python tests/benchmarks [NAME...] [--runs N] [--json] [--list]`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    sys.path[:1] = [str(root / "app"), str(root)]  # instead of this folder, whose names are `tests.benchmarks.…`
    from tests.benchmarks.runner import main

    sys.exit(main(sys.argv[1:]))
