"""Holds every file to the house rules that no linter knows: each a pattern and the reason against it."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tree import ROOT, files


class Rule(NamedTuple):
    """An unwanted pattern. where: pattern of the paths it is looked for in; but: of those that may."""

    pattern: str
    why: str
    where: str = r"."
    but: str = r"^$"


# The odd brackets keep this file free of the very words it looks for.
RULES = (
    Rule(r"py[p]i\.org|python[h]osted|npm[j]s\.(org|com)", "pip's own settings say where packages come from"),
    Rule(r"(?<![\w.~-])/wor[k]/|/roo[t]/", "a path of one machine"),
    Rule(
        r"(?i)\bissu[e] #?\d",
        "say what it is about: nobody can look the number up",
        but=r"^(resources/problems|tests/explanations)/",  # where an answer was seen: the repository stands before it
    ),
    Rule(r"^(<{7}|={7}|>{7})( |$)", "a merge is not finished"),
    Rule(r"[ \t]+$", "blanks at the end of the line"),
    Rule(r"\b(TO[D]O|FIX[M]E|X[X]X)\b", "do it, or let it be", where=r"\.(py|sh)$"),
    Rule(r"# noq[a](?!: [A-Z]+\d+(, [A-Z]+\d+)* - \S)", "say which rule and, after a dash, why", where=r"\.py$"),
    Rule(
        r"# type: ignor[e](?!\[[a-z, -]+\] +[#-] \S)",
        "say which error and why",
        where=r"^(app|tools)/.*\.py$",  # mypy does not look into the tests
    ),
    Rule(r"# pragma: no[ ]cover", "test it or remove it", where=r"\.py$"),
    Rule(r"(?<![.\w])print\(", "only the terminal's renderer prints", where=r"^app/.*\.py$", but=r"/cli/render"),
    Rule(
        r"CERT_NON[E]|verify=Fals[e]|check_hostname = Fals[e]|_create_unverifie[d]",
        "TLS is always verified",
        where=r"^app/.*\.py$",
        but=r"/network/certificates\.py$",  # looks at what others refuse, and sends nothing
    ),
    Rule(r"pickl[e]\b", "whoever writes the data would run code", where=r"^app/.*\.py$"),
    Rule(r"!\s*(\"|$)", "no exclamation marks", where=r"^resources/texts/"),
)


def broken(line: str, path: str, rules: tuple[Rule, ...] = RULES) -> Iterator[str]:
    """Yield why `line` of the file `path` (relative, with slashes) is unwanted, rule by rule."""
    for rule in rules:
        if re.search(rule.pattern, line) and re.search(rule.where, path) and not re.search(rule.but, path):
            yield rule.why


def findings(root: Path) -> Iterator[str]:
    """Yield `path:line: why` for everything unwanted below `root`; files that are no text are passed over.

    A file that is cut off on purpose has `truncated` in its name.
    """
    for path in files(root):
        name = path.relative_to(root).as_posix()
        try:
            content = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if content and not content.endswith("\n") and "truncated" not in path.stem:
            yield f"{name}: the last line has no end"
        for number, line in enumerate(content.splitlines(), start=1):
            yield from (f"{name}:{number}: {why}" for why in broken(line, name))


def main() -> int:
    """Print what breaks the rules."""
    found = list(findings(ROOT))
    print(*found, sep="\n", end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
