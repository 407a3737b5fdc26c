"""Holds the Python files to their budget of lines and the tests to their share; prints the table."""

import statistics
import sys
from pathlib import Path

from tree import ROOT, files

MEDIAN = 120
NINE_OF_TEN = 300
NONE_OVER = 400
TESTS_PER_CODE = 1.5
NAMELESS = {"manager", "utils", "util", "helpers", "helper", "common", "base", "misc"}


def lines_of(root: Path) -> dict[Path, int]:
    """Return the number of lines of every Python file below `root`, by path relative to it."""
    return {path.relative_to(root): len(path.read_text(encoding="utf-8").splitlines()) for path in files(root, ".py")}


def share(sizes: list[int], limit: int) -> float:
    """Return which part of `sizes` is at most `limit`, from 0 to 1."""
    return sum(size <= limit for size in sizes) / len(sizes)


def too_big(sizes: dict[Path, int]) -> list[str]:
    """Return what is wrong with the sizes of the files, each as one line."""
    counted = [size for size in sizes.values() if size]
    if not counted:
        return []
    found = [f"{path}: {size} lines, at most {NONE_OVER}" for path, size in sizes.items() if size > NONE_OVER]
    if (median := statistics.median(counted)) > MEDIAN:
        found.append(f"the median file has {median:g} lines, at most {MEDIAN}")
    if share(counted, NINE_OF_TEN) < 0.9:  # noqa: PLR2004 - the constant's name says it: nine of ten
        found.append(f"{share(counted, NINE_OF_TEN):.0%} of the files have {NINE_OF_TEN} lines or fewer, at least 90 %")
    return found


def findings(root: Path) -> tuple[list[str], list[str]]:
    """Return the table of sizes and what breaks the budget, both as lines."""
    sizes = lines_of(root)
    table = [f"{'':8}{'files':>7}{'lines':>8}{'median':>8}{'<= 300':>8}{'largest':>9}"]
    held: dict[Path, int] = {}
    totals = {}
    for folder in ("app", "tools", "tests"):
        chosen = {path: size for path, size in sizes.items() if path.parts[0] == folder}
        counted = [size for size in chosen.values() if size] or [0]
        totals[folder] = sum(counted)
        table.append(
            f"{folder:8}{len(chosen):7}{totals[folder]:8}{statistics.median(counted):8g}"
            f"{share(counted, NINE_OF_TEN):8.0%}{max(counted):9}"
        )
        held |= chosen
    wrong = too_big(held)
    code = totals["app"] + totals["tools"]
    ratio = f"{totals['tests'] / (code or 1):.2f} lines of tests for each line of code"
    table.append(ratio)
    if totals["tests"] < TESTS_PER_CODE * code:
        wrong.append(f"{ratio}, at least {TESTS_PER_CODE}")
    wrong += [f"{path}: the name says nothing; name what the module is" for path in sizes if path.stem in NAMELESS]
    return table, wrong


def main() -> int:
    """Print the table and what breaks the budget."""
    table, wrong = findings(ROOT)
    print(*table, *wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
