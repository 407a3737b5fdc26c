"""Compares the texts with the code: no key without words, no words without use, all languages alike."""

import ast
import re
import string
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tree import ROOT, files

KEY = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
# File names, host names, and a place in the deployment file.
NO_KEY = re.compile(r".*\.(toml|json|jsonl|py|html|svg|qss|txt|css|db|eml|example|com|org|net)|kinds\.id")
ANYTHING = "[^. ]+"
EXPLAINED = ("title", "what", "why")


class Use(NamedTuple):
    """A place that names texts. pattern: regular expression of keys. given: values passed, if known."""

    where: str
    pattern: str
    given: frozenset[str] | None = None


def flatten(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the texts of a parsed file as (key, words); a table with plural forms is one text."""
    for name, value in table.items():
        if isinstance(value, dict) and "other" not in value:
            yield from flatten(f"{prefix}.{name}", value)
        else:
            yield f"{prefix}.{name}", value


def catalogue(folder: Path) -> dict[str, object]:
    """Return the words of one language by key: str, list of str, or table of plural forms."""
    found: dict[str, object] = {}
    for file in sorted((*folder.glob("*.toml"), *folder.glob("*/*.toml"))):
        area = file.stem if file.parent == folder else file.parent.name
        found.update(flatten(area, tomllib.loads(file.read_text(encoding="utf-8"))))
    return found


def said_twice(folder: Path) -> Iterator[str]:
    """Yield keys that two files of one folder give words to."""
    for area in sorted(path for path in folder.glob("*/*") if path.is_dir()):
        seen: dict[str, str] = {}
        for file in sorted(area.glob("*.toml")):
            for key, _ in flatten(area.name, tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in seen:
                    yield f"{area.parent.name}: {key} stands in {seen[key]} and {file.name}"
                seen[key] = file.name


def sentences(words: object) -> list[str]:
    """Return the single strings of a text, whatever its kind."""
    if isinstance(words, dict):
        return [str(form) for form in words.values()]
    return [str(line) for line in words] if isinstance(words, list) else [str(words)]


def placeholders(words: object) -> frozenset[str]:
    """Return the names that a text wants to be filled in; raises ValueError for braces that do not match."""
    names = (name for line in sentences(words) for _, name, _, _ in string.Formatter().parse(line))
    return frozenset(re.split(r"[.\[]", name)[0] for name in names if name)


def is_key(words: str, areas: frozenset[str], *, asked: bool) -> bool:
    """Tell whether `words` are a key: of one of `areas`, or of any when they are `asked` for as a text."""
    alike = words.partition(".")[0] in areas and not NO_KEY.fullmatch(words)
    return (asked or alike) and bool(KEY.fullmatch(words))


def uses_in_code(path: Path, areas: frozenset[str]) -> Iterator[Use]:
    """Yield the keys of `areas` (names of text files) that stand in a Python file, whole or as f-strings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    given: dict[int, frozenset[str] | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in {"text", "lines"}:
            names = frozenset(word.arg for word in node.keywords if word.arg)
            given[id(node.args[0])] = None if any(word.arg is None for word in node.keywords) else names
    for node in ast.walk(tree):
        if id(node) in inside or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        spelled = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
        if is_key(spelled.replace("*", "x"), areas, asked=id(node) in given and not spelled.startswith("*")):
            pattern = ANYTHING.join(re.escape(piece) for piece in spelled.split("*"))
            # What a whole family of texts is given, not each of them needs to want; and the other way round.
            values = None if "*" in spelled else given.get(id(node))
            yield Use(f"{path.name}:{node.lineno}", pattern, values)


def uses_in_data(path: Path, areas: frozenset[str]) -> Iterator[Use]:
    """Yield the keys of `areas`, every label, and the texts that each problem must have, of a TOML file."""

    def walk(name: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, part in value.items():
                yield from walk(key, part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(name, part)
        elif isinstance(value, str):
            yield name, value

    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, value in walk("", data):
        if is_key(value, areas, asked=name == "label"):
            yield Use(path.name, re.escape(value))
    for problem in data.get("problem", ()):
        yield from (Use(path.name, re.escape(f"problems.{problem['code']}.{part}")) for part in EXPLAINED)


def compare_with_uses(words: Mapping[str, object], uses: list[Use]) -> Iterator[str]:
    """Yield keys without words, words without use, and calls that leave a placeholder unfilled.

    A use may name a table of texts, whose parts the code then asks for: everything below it counts as used.
    """
    used: set[str] = set()
    for use in sorted(set(uses), key=lambda use: (use.where, use.pattern)):
        exact = {key for key in words if re.fullmatch(use.pattern, key)}
        below = {key for key in words if re.match(use.pattern + r"\.", key)}
        used |= exact | below
        if not exact | below:
            yield f"{use.where}: no text {use.pattern.replace(ANYTHING, '*').replace(chr(92), '')}"
        for key in sorted(exact):
            if use.given is not None and (gap := placeholders(words[key]) - use.given):
                yield f"{use.where}: {key} wants {', '.join(sorted(gap))}"
    yield from (f"nothing uses the text {key}" for key in sorted(set(words) - used))


def compare_languages(of: str, words: Mapping[str, object], english: Mapping[str, object]) -> Iterator[str]:
    """Yield where the language `of` has other keys, kinds or placeholders than English."""
    yield from (f"{of}: {key} is missing" for key in sorted(set(english) - set(words)))
    yield from (f"{of}: {key} is not in English" for key in sorted(set(words) - set(english)))
    for key in sorted(set(words) & set(english)):
        if type(words[key]) is not type(english[key]):
            yield f"{of}: {key} is another kind of text than in English"
        elif placeholders(words[key]) != placeholders(english[key]):
            wanted = ", ".join(sorted(placeholders(english[key]))) or "none"
            yield f"{of}: {key} has other placeholders than English ({wanted})"


def findings(root: Path) -> Iterator[str]:
    """Yield everything that is wrong with the texts of the checkout `root`."""
    folder = root / "resources" / "texts"
    english = catalogue(folder / "en")
    areas = frozenset(key.split(".")[0] for key in english)
    uses = [use for file in files(root / "app", ".py") for use in uses_in_code(file, areas)]
    for file in files(root / "resources", ".toml"):
        if not file.is_relative_to(folder):
            uses += uses_in_data(file, areas)
    yield from compare_with_uses(english, uses)
    yield from said_twice(folder)
    for other in sorted(path for path in folder.iterdir() if path.name != "en"):
        if words := catalogue(other):
            yield from compare_languages(other.name, words, english)


def main() -> int:
    """Print what is wrong with the texts."""
    found = list(findings(ROOT))
    print(*found, sep="\n", end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
