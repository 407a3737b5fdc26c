"""No text makes a regular expression of the program slow: proven by the structure of each."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from tests.linear_patterns import complaints

import sendwright

PACKAGE = Path(sendwright.__file__).parent
AT_ONE_PLACE = {"match", "fullmatch"}
USES = AT_ONE_PLACE | {"search", "sub", "subn", "split", "findall", "finditer"}


SHORT = {
    "sendwright.address.cautions._ADDRESS_IN_WORDS": "the name of a sender, typed into one line",
    "sendwright.handoff.connection_code._CERTIFICATE": "the organisation's own file of authorities",
    "sendwright.message.template._LINK": "begins anew only behind a scheme, and what stands before it has matched",
    "sendwright.senders.smtp.queue_id.SHAPES": "one reply, cut to 2,000 characters",
    "sendwright.recording": "one line of a dialogue or one body, cut to 64 KiB",
}
"""What the proof is not strict with, for what it is given is short; the reason says why."""


class Kept(NamedTuple):
    """A compiled expression of a module, and whether it is looked for anywhere in a text."""

    where: str
    pattern: re.Pattern[str]
    searched: bool


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages([str(PACKAGE)], "sendwright."):
        file = PACKAGE.parent / f"{found.name.replace('.', '/')}.py"
        if file.exists() and "re.compile(" in file.read_text(encoding="utf-8"):
            yield importlib.import_module(found.name)


def _patterns(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth < 4 and isinstance(value, Mapping):
        yield from (pattern for inner in value.values() for pattern in _patterns(inner, depth + 1))
    elif depth < 4 and isinstance(value, tuple | list | frozenset | set):
        yield from (pattern for inner in value for pattern in _patterns(inner, depth + 1))


def _uses(module: ModuleType) -> dict[str, set[str]]:
    """The methods that are called of each name in the module."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in USES:
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def _kept() -> Iterator[Kept]:
    for module in _modules():
        uses = _uses(module)
        for name, value in vars(module).items():
            for pattern in _patterns(value) if name.isupper() or name.startswith("_") else ():
                called = uses.get(name, {"search"})
                yield Kept(f"{module.__name__}.{name}", pattern, searched=not called <= AT_ONE_PLACE)


KEPT = [kept for kept in _kept() if not kept.where.startswith(tuple(SHORT))]


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.where)
def test_the_time_of_every_expression_is_linear_in_the_text(kept: Kept) -> None:
    assert list(complaints(kept.pattern, searched=kept.searched)) == []


def test_they_are_all_found() -> None:
    """One that is compiled inside a function would escape the proof; addresses, messages and recordings are short."""
    loose = []
    for file in PACKAGE.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                loose += [
                    f"{file.relative_to(PACKAGE)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re"
                    if node.attr in USES | {"compile"} and file.parent.name not in {"recording", "message", "address"}
                ]
    assert loose == []
    assert len(KEPT) > 50


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"(a+)+b", False),
        (r"(?:a*)*", False),
        (r"(?:[a-z]+ ?)+$", False),
        (r"a*a*b", False),
        (r"[a-z]*[0-9a-f]*x", False),
        (r"\s*\n?\s*x", False),
        (r"(?:a|ab?)*a{0,100}b", False),
        (r".*foo.*bar", False),
        (r"a*b", True),
        (r"\w+@", True),
        (r"\s+$", True),
        (r"(x{0,100}){0,100}y", False),
    ],
)
def test_the_proof_refuses_what_can_be_made_slow(pattern: str, searched: bool) -> None:
    assert list(complaints(re.compile(pattern), searched=searched))


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"a+b+c", False),
        (r"[a-z]+@[a-z]+", False),
        (r"^\s*x", True),
        (r'"[^"]*"', False),
        (r"<[^<>]*>", True),
        (r"[a-z]{1,63}@", True),
        (r"x[0-9]*", True),
        (r"(?:[a-z]{1,20} ){1,5}", True),
        (r"\d+$", False),
    ],
)
def test_the_proof_accepts_what_cannot(pattern: str, searched: bool) -> None:
    assert list(complaints(re.compile(pattern), searched=searched)) == []
